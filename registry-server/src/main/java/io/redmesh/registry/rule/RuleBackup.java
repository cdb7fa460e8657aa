package io.redmesh.registry.rule;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

import io.redmesh.core.instance.InvalidValueException;
import io.redmesh.core.traffic.Compatibility;
import io.redmesh.registry.json.Json;
import io.redmesh.registry.rest.Request;
import io.redmesh.registry.store.StoredRule;
import org.jspecify.annotations.Nullable;

/**
 * The line of a traffic rule in a backup: an object whose only field is {@code rule}. An
 * import gives each rule a new generation.
 */
public final class RuleBackup {

	private static final Pattern START = Pattern.compile("\\s*\\{\\s*\"rule\"\\s*:");

	private static final int MAX_START = 64;

	private RuleBackup() {
	}

	/**
	 * Writes a rule.
	 * @param rule the rule
	 * @return its line, without the end
	 */
	public static byte[] write(StoredRule rule) {
		return Json.write((json) -> {
			json.writeStartObject();
			json.writeObjectPropertyStart("rule");
			json.writeStringProperty("kind", rule.key().kind().toString());
			json.writeStringProperty("name", rule.key().name());
			json.writeNumberProperty("generation", rule.generation());
			json.writeStringProperty("time", rule.time().toString());
			json.writeStringProperty("author", rule.author());
			json.writeStringProperty("compatibility", rule.compatibility().name());
			json.writeName("document");
			json.writeRawValue(rule.document());
			json.writeEndObject();
			json.writeEndObject();
		});
	}

	/**
	 * Returns whether a line of a backup is a rule.
	 * @param line the line
	 * @return false if it is an instance or an override
	 */
	public static boolean isRule(byte[] line) {
		return START.matcher(new String(line, 0, Math.min(line.length, MAX_START), StandardCharsets.US_ASCII))
			.lookingAt();
	}

	/**
	 * Reads a rule and checks its document.
	 * @param line the line
	 * @return the rule
	 */
	public static StoredRule read(byte[] line) {
		ParsedRoot root = JsonTreeParser.parse(new String(line, StandardCharsets.UTF_8)).get(0);
		Map<?, ?> rule = object(((Map<?, ?>) root.value()).get("rule"), "rule");
		Compatibility compatibility = compatibility(rule.get("compatibility"));
		RuleInput input = RuleInput.read(
				List.of(new RuleDocument(tree(rule.get("document")), root.lines().within("rule", "document"))),
				compatibility);
		input.requireValid();
		RuleInput.Sent sent = input.rules().values().iterator().next();
		String author = (rule.get("author") instanceof String text && Request.isAuthor(text)) ? text : "";
		return new StoredRule(sent.rule().key(), 0, Instant.EPOCH, author, compatibility, sent.json());
	}

	@SuppressWarnings("unchecked") // the parser makes maps with names for keys only
	private static Map<String, @Nullable Object> tree(@Nullable Object value) {
		return (Map<String, @Nullable Object>) object(value, "rule.document");
	}

	private static Map<?, ?> object(@Nullable Object value, String field) {
		if (value instanceof Map<?, ?> map) {
			return map;
		}
		throw new InvalidValueException(field, String.valueOf(value), "an object");
	}

	private static Compatibility compatibility(@Nullable Object word) {
		for (Compatibility one : Compatibility.values()) {
			if (one.name().equals(word)) {
				return one;
			}
		}
		throw new InvalidValueException("rule.compatibility", String.valueOf(word),
				"one of " + List.of(Compatibility.values()));
	}

}
