package io.redmesh.registry.store.redis;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

import io.redmesh.core.traffic.Compatibility;
import io.redmesh.core.traffic.RuleKey;
import io.redmesh.registry.store.RuleEdit;
import io.redmesh.registry.store.RuleVersion;
import io.redmesh.registry.store.RuleWrite;
import io.redmesh.registry.store.StoredRule;
import io.redmesh.registry.store.StoredRules;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * The form of a traffic rule in Redis, as {@code rule.lua} reads and writes it. The
 * document is copied as it is and never decoded.
 */
final class RuleCodec {

	private static final JsonMapper mapper = new JsonMapper();

	private static final String DOCUMENT = ",\"document\":";

	private static final String NONE = "null";

	// Of each rule in a call of the script.
	private static final int ARGUMENTS = 5;

	private RuleCodec() {
	}

	/** A version without its document, which follows as the last field. */
	private record Head(long generation, long time, String author, Compatibility compatibility) {

	}

	static String[] write(RuleWrite write) {
		List<String> arguments = arguments("write", write.known(), (write.expected() != null) ? write.expected() : "");
		for (RuleEdit edit : write.edits()) {
			arguments.add(edit.key().toString());
			arguments.add((edit.expected() != null) ? edit.expected().toString() : "");
			arguments.add("");
			arguments.add(quoted(write.author()));
			arguments.add(content(edit.compatibility(), edit.document()));
		}
		return arguments.toArray(String[]::new);
	}

	/**
	 * Encodes what a server remembers.
	 * @param remembered the rules and deletions
	 * @param size the maximum number of them in one call
	 * @return the script's arguments for each call
	 */
	static List<String[]> restore(StoredRules remembered, int size) {
		List<String[]> calls = new ArrayList<>();
		List<String> arguments = arguments("restore", remembered, "");
		int empty = arguments.size();
		for (Map.Entry<RuleKey, RuleVersion> one : versions(remembered).entrySet()) {
			add(arguments, one.getKey(), one.getValue());
			if (arguments.size() == empty + size * ARGUMENTS) {
				calls.add(arguments.toArray(String[]::new));
				arguments = arguments("restore", remembered, "");
			}
		}
		if (arguments.size() > empty) {
			calls.add(arguments.toArray(String[]::new));
		}
		return calls;
	}

	private static Map<RuleKey, RuleVersion> versions(StoredRules remembered) {
		Map<RuleKey, RuleVersion> versions = new TreeMap<>();
		remembered.rules().forEach((key, rule) -> versions.put(key, RuleVersion.of(rule)));
		remembered.deleted().forEach((key, generation) -> versions.put(key, RuleVersion.deletion(generation)));
		return versions;
	}

	static String[] addMissing(StoredRules known, List<StoredRule> rules) {
		List<String> arguments = arguments("add", known.origin(), known.revisionWith(rules), "");
		rules.forEach((rule) -> add(arguments, rule.key(), RuleVersion.of(rule)));
		return arguments.toArray(String[]::new);
	}

	private static List<String> arguments(String mode, StoredRules known, Object expected) {
		return arguments(mode, known.origin(), known.revision(), expected);
	}

	private static List<String> arguments(String mode, String origin, long highest, Object expected) {
		List<String> arguments = new ArrayList<>();
		arguments.add(mode);
		arguments.add(origin);
		arguments.add(Long.toString(highest));
		arguments.add(expected.toString());
		return arguments;
	}

	private static void add(List<String> arguments, RuleKey key, RuleVersion version) {
		arguments.add(key.toString());
		arguments.add(Long.toString(version.generation()));
		arguments.add(Long.toString(version.time().toEpochMilli()));
		arguments.add(quoted(version.author()));
		arguments.add(content(version.compatibility(), version.document()));
	}

	private static String quoted(String author) {
		return mapper.writeValueAsString(author);
	}

	private static String content(Compatibility compatibility, @Nullable String document) {
		return "\"compatibility\":\"" + compatibility + "\"" + DOCUMENT + Objects.requireNonNullElse(document, NONE);
	}

	/**
	 * Decodes a version.
	 * @param text the text that the script has written
	 * @return the version
	 */
	static RuleVersion version(String text) {
		// Quotes within the author are escaped, so the first match is the field.
		int end = text.indexOf(DOCUMENT);
		Head head = mapper.readValue(text.substring(0, end) + "}", Head.class);
		String document = text.substring(end + DOCUMENT.length(), text.length() - 1);
		return new RuleVersion(head.generation(), Instant.ofEpochMilli(head.time()), head.author(),
				head.compatibility(), document.equals(NONE) ? null : document);
	}

	/**
	 * Decodes a value of the hash of rules.
	 * @param key its field
	 * @param text its value
	 * @return the rule
	 */
	static StoredRule rule(String key, String text) {
		return Objects.requireNonNull(version(text).toRule(key(key)), key);
	}

	/**
	 * Decodes a field of the hash of rules.
	 * @param text the field
	 * @return the key
	 * @throws IllegalArgumentException if this server does not know the kind
	 */
	static RuleKey key(String text) {
		RuleKey key = RuleKey.parse(text);
		if (key == null) {
			throw new IllegalArgumentException("unknown kind of rule");
		}
		return key;
	}

}
