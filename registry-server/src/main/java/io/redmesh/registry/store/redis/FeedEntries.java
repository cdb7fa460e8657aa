package io.redmesh.registry.store.redis;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

import io.lettuce.core.StreamMessage;
import io.redmesh.core.registry.Cursor;
import io.redmesh.core.traffic.RuleKey;
import io.redmesh.registry.store.FeedEvent;
import io.redmesh.registry.store.FeedEvent.Departure;
import io.redmesh.registry.store.StoredInstance;
import io.redmesh.registry.store.StoredRule;
import io.redmesh.registry.store.StoredRules;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;

/**
 * A parser of what Redis holds of a namespace: entries of its feed, its instances, and
 * its rules.
 */
final class FeedEntries {

	private static final Logger logger = LoggerFactory.getLogger(FeedEntries.class);

	private final RedisNamespace namespace;

	FeedEntries(RedisNamespace namespace) {
		this.namespace = namespace;
	}

	/**
	 * The changes in consecutive entries.
	 *
	 * @param changes the changes
	 * @param last the position of the last one, or null if the entries do not continue
	 * what was read before
	 */
	record Changes(List<FeedEvent> changes, @Nullable Cursor last) {

	}

	/**
	 * Parses entries of the feed.
	 * @param entries the entries
	 * @param from the position that they continue
	 * @return the changes
	 */
	Changes changes(List<StreamMessage<String, String>> entries, Cursor from) {
		List<FeedEvent> changes = new ArrayList<>(entries.size());
		Cursor last = from;
		for (StreamMessage<String, String> entry : entries) {
			if (!continues(entry, last)) {
				return new Changes(changes, null);
			}
			for (String text : entry.getBody().values()) {
				Cursor next = last.at(last.revision() + 1);
				readable(next, () -> change(next, text)).ifPresent(changes::add);
				last = next;
			}
		}
		return new Changes(changes, last);
	}

	/**
	 * Returns whether an entry continues a position. An entry holds the changes of one
	 * script, by revision, and its id is the last of them.
	 */
	private static boolean continues(StreamMessage<String, String> entry, Cursor last) {
		Cursor end = last.at(last.revision() + entry.getBody().size());
		return entry.getId().equals(end.epoch() + "-" + end.revision());
	}

	/**
	 * Parses a change: a key and, on the next lines, the reason of the instance's
	 * removal, or the instance as it is now and its override. The key of a rule begins
	 * with a slash. The rule as it is now follows, or the generation of its deletion, and
	 * the origin of the rules.
	 */
	private static FeedEvent change(Cursor cursor, String text) {
		String[] lines = text.split("\n", -1);
		String key = lines[0];
		if (key.startsWith("/")) {
			return rule(cursor, key.substring(1), lines[1], lines[2]);
		}
		boolean here = lines[1].startsWith("{");
		return new FeedEvent.Changed(cursor, InstanceCodec.serviceOf(key), InstanceCodec.idOf(key),
				here ? InstanceCodec.read(key, lines[1], (lines.length > 2) ? lines[2] : null, cursor) : null,
				here ? null : Departure.valueOf(lines[1]));
	}

	private static FeedEvent.RuleChanged rule(Cursor cursor, String key, String text, String origin) {
		if (text.startsWith("{")) {
			StoredRule rule = RuleCodec.rule(key, text);
			return new FeedEvent.RuleChanged(cursor, origin, rule.key(), rule.generation(), rule);
		}
		return new FeedEvent.RuleChanged(cursor, origin, RuleCodec.key(key), Long.parseLong(text), null);
	}

	/**
	 * Parses the rules of a snapshot.
	 * @param rules the hash of rules
	 * @param deleted the generation of each deletion
	 * @param origin the origin of the rules
	 * @return the rules, without those that cannot be parsed
	 */
	StoredRules rules(Map<String, String> rules, Map<String, String> deleted, String origin) {
		List<StoredRule> read = new ArrayList<>(rules.size());
		rules.forEach((key, text) -> readable(key, () -> RuleCodec.rule(key, text)).ifPresent(read::add));
		Map<RuleKey, Long> gone = new HashMap<>();
		deleted.forEach((key, generation) -> readable(key, () -> RuleCodec.key(key))
			.ifPresent((parsed) -> gone.put(parsed, Long.parseLong(generation))));
		return StoredRules.of(origin, read, gone);
	}

	/**
	 * Parses a value of the hash of instances.
	 * @param key its field
	 * @param value its value
	 * @param override the override in force, or null
	 * @param head the position in history
	 * @return the instance, unless it cannot be parsed
	 */
	Optional<StoredInstance> instance(String key, String value, @Nullable String override, Cursor head) {
		return readable(key, () -> InstanceCodec.read(key, value, override, head));
	}

	/**
	 * Parses a value, or leaves it out. A value that this server cannot read, perhaps
	 * because a newer server wrote it, must not keep all other values from it for ever.
	 */
	private <T> Optional<T> readable(Object what, Supplier<T> read) {
		try {
			return Optional.of(read.get());
		}
		catch (RuntimeException ex) {
			String reason = (ex instanceof JacksonException json) ? json.getOriginalMessage() : ex.toString();
			this.namespace.noteReadable(false);
			logger.warn("{} in namespace {} is left out, it cannot be read: {}", what, this.namespace.name(), reason);
			return Optional.empty();
		}
	}

}
