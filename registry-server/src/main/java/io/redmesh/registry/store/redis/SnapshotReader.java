package io.redmesh.registry.store.redis;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.lettuce.core.Limit;
import io.lettuce.core.MapScanCursor;
import io.lettuce.core.Range;
import io.lettuce.core.Range.Boundary;
import io.lettuce.core.ScanArgs;
import io.lettuce.core.ScanCursor;
import io.redmesh.core.registry.Cursor;
import io.redmesh.core.registry.Lease;
import io.redmesh.registry.store.FeedEvent;
import io.redmesh.registry.store.StoredInstance;
import io.redmesh.registry.store.StoredRules;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * A reader of a whole namespace, as of one position in its history. A small namespace is
 * one response of one script. A large one would block Redis, and all its clients, for
 * seconds. So it is read in pages, and then what the feed has received since the first of
 * them. A change in the meantime is in the feed, and the feed has its later version.
 */
final class SnapshotReader {

	private static final int PAGE = 1000;

	private static final int READERS = Runtime.getRuntime().availableProcessors();

	// Each entry may hold a hundred changes.
	private static final int FEED_PAGE = 50;

	private final RedisSession session;

	private final RedisNamespace namespace;

	private final String replid;

	private final FeedEntries entries;

	private final Map<String, StoredInstance> instances = new ConcurrentHashMap<>();

	private volatile StoredRules rules = StoredRules.NONE;

	SnapshotReader(RedisSession session, RedisNamespace namespace, String replid) {
		this.session = session;
		this.namespace = namespace;
		this.replid = replid;
		this.entries = new FeedEntries(namespace);
	}

	/**
	 * Reads the namespace.
	 * @param silence the time since Redis was last heard of
	 * @return the whole namespace; empty if history broke off meanwhile, so that it must
	 * be read again
	 */
	Mono<FeedEvent.Reset> read(Duration silence) {
		this.namespace.noteReadable(true);
		return run(LuaScript.SNAPSHOT, Integer.toString(PAGE)).flatMap((answer) -> {
			Cursor head = this.namespace.cursorOf(answer);
			Duration age = Duration.ofMillis(Long.parseLong((String) answer.get(3)));
			this.rules = this.entries.rules(mapOf((List<?>) answer.get(4)), mapOf((List<?>) answer.get(5)),
					(String) answer.get(6));
			Mono<Cursor> read;
			if (answer.size() > 7) {
				add(mapOf((List<?>) answer.get(7)), mapOf((List<?>) answer.get(8)), head);
				read = Mono.just(head);
			}
			else {
				read = pages(head).then(Mono.defer(() -> catchUp(head)));
			}
			return read.map((last) -> new FeedEvent.Reset(last, List.copyOf(this.instances.values()), this.rules,
					left(Lease.DEFAULT_TTL.minus(age)), silence));
		});
	}

	private static Duration left(Duration duration) {
		return duration.isNegative() ? Duration.ZERO : duration;
	}

	private Mono<Void> pages(Cursor head) {
		return Mono.fromCompletionStage(() -> this.session.commands().hgetall(this.namespace.overrideKey()))
			.flatMapMany((overrides) -> page(ScanCursor.INITIAL)
				.expand((page) -> page.isFinished() ? Mono.empty() : page(page))
				// Parsing a page takes longer than fetching it.
				.flatMap((page) -> Mono.fromRunnable(() -> add(page.getMap(), overrides, head))
					.subscribeOn(Schedulers.parallel()), READERS))
			.then();
	}

	private Mono<MapScanCursor<String, String>> page(ScanCursor from) {
		return Mono.fromCompletionStage(
				() -> this.session.commands().hscan(this.namespace.instanceKey(), from, ScanArgs.Builder.limit(PAGE)));
	}

	private void add(Map<String, String> values, Map<String, String> overrides, Cursor head) {
		values.forEach((key, value) -> this.entries.instance(key, value, overrides.get(key), head)
			.ifPresent((instance) -> this.instances.put(key, instance)));
	}

	/** Applies the feed, at least up to the present head. No page is newer than that. */
	private Mono<Cursor> catchUp(Cursor from) {
		return run(LuaScript.HEAD).flatMap((answer) -> {
			Cursor head = this.namespace.cursorOf(answer);
			return head.sameEpoch(from) ? catchUp(from, head) : Mono.empty();
		});
	}

	private Mono<Cursor> catchUp(Cursor from, Cursor head) {
		if (!from.isBefore(head)) {
			return Mono.just(from);
		}
		Range<String> missing = Range.from(Boundary.excluding(from.epoch() + "-" + from.revision()),
				Boundary.unbounded());
		return Mono
			.fromCompletionStage(
					() -> this.session.commands().xrange(this.namespace.feedKey(), missing, Limit.from(FEED_PAGE)))
			.flatMap((entries) -> {
				FeedEntries.Changes read = this.entries.changes(entries, from);
				read.changes().forEach(this::apply);
				Cursor last = read.last();
				return (entries.isEmpty() || last == null) ? Mono.empty() : catchUp(last, head);
			});
	}

	private void apply(FeedEvent event) {
		if (event instanceof FeedEvent.RuleChanged change) {
			this.rules = change.appliedTo(this.rules);
		}
		else if (event instanceof FeedEvent.Changed change) {
			apply(change);
		}
	}

	private void apply(FeedEvent.Changed change) {
		String key = InstanceCodec.keyOf(change.service(), change.id());
		StoredInstance instance = change.instance();
		if (instance != null) {
			this.instances.put(key, instance);
		}
		else {
			this.instances.remove(key);
		}
	}

	private Mono<List<Object>> run(LuaScript script, String... arguments) {
		return Mono
			.fromCompletionStage(() -> script.run(this.session.commands(), this.replid, this.namespace, arguments))
			.publishOn(Schedulers.parallel());
	}

	private static Map<String, String> mapOf(List<?> keysAndValues) {
		Map<String, String> map = new HashMap<>(keysAndValues.size());
		for (int i = 0; i < keysAndValues.size(); i += 2) {
			map.put((String) keysAndValues.get(i), (String) keysAndValues.get(i + 1));
		}
		return map;
	}

}
