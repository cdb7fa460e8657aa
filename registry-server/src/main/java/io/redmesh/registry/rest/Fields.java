package io.redmesh.registry.rest;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

import io.redmesh.core.instance.Instance;
import io.redmesh.core.instance.InvalidValueException;
import io.redmesh.core.instance.Spelling;
import io.redmesh.registry.json.Json;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * The fields of a JSON object in a request, read strictly. Unknown fields, and values
 * that are not permitted, are refused by name. A field that is null counts as missing.
 */
public final class Fields {

	private final String prefix;

	private final JsonNode object;

	private Fields(String prefix, JsonNode object, List<String> permitted) {
		this.prefix = prefix;
		this.object = object;
		for (String name : object.propertyNames()) {
			if (!permitted.contains(name)) {
				String nearest = Spelling.nearest(name, permitted);
				throw Problem.unknownField(prefix + name, (nearest != null) ? prefix + nearest : null).asException();
			}
		}
	}

	/**
	 * Reads a body.
	 * @param body the body
	 * @param permitted the names of the fields that it may have
	 * @return its fields
	 * @throws ProblemException if it is not JSON, no object, or has other fields
	 */
	public static Fields read(byte[] body, List<String> permitted) {
		JsonNode root;
		try {
			root = Json.mapper().readTree(body);
		}
		catch (JacksonException ex) {
			throw Problem.malformedBody("Not JSON: " + ex.getOriginalMessage() + at(ex)).asException();
		}
		if (!root.isObject()) {
			throw Problem.malformedBody("A JSON object is expected").asException();
		}
		return new Fields("", root, permitted);
	}

	private static String at(JacksonException ex) {
		return (ex.getLocation() == null) ? ""
				: " (line %d, column %d)".formatted(ex.getLocation().getLineNr(), ex.getLocation().getColumnNr());
	}

	/**
	 * Returns a text.
	 * @param name the field
	 * @return its value, or null if it is missing
	 */
	public @Nullable String text(String name) {
		JsonNode value = value(name);
		if (value == null) {
			return null;
		}
		if (!value.isString()) {
			throw invalid(name, value, "a string");
		}
		return value.stringValue();
	}

	/**
	 * Returns a required text.
	 * @param name the field
	 * @return its value
	 */
	public String requiredText(String name) {
		String value = text(name);
		if (value == null) {
			throw missing(name, "a string");
		}
		return value;
	}

	/**
	 * Returns a required text that passes a check.
	 * @param name the field
	 * @param check returns the text or throws
	 * @return its value
	 */
	public String requiredText(String name, UnaryOperator<String> check) {
		String value = requiredText(name);
		try {
			return check.apply(value);
		}
		catch (InvalidValueException ex) {
			throw ex.in(this.prefix);
		}
	}

	/**
	 * Returns a whole number.
	 * @param name the field
	 * @param min the smallest permitted value
	 * @param max the largest permitted value
	 * @return its value, or null if it is missing
	 */
	public @Nullable Long number(String name, long min, long max) {
		JsonNode value = value(name);
		if (value == null) {
			return null;
		}
		if (!value.isIntegralNumber() || !value.canConvertToLong()) {
			throw invalid(name, value, min + " to " + max);
		}
		Instance.requireRange(this.prefix + name, value.longValue(), min, max);
		return value.longValue();
	}

	/**
	 * Returns a required whole number.
	 * @param name the field
	 * @param min the smallest permitted value
	 * @param max the largest permitted value
	 * @return its value
	 */
	public long requiredNumber(String name, long min, long max) {
		Long value = number(name, min, max);
		if (value == null) {
			throw missing(name, min + " to " + max);
		}
		return value;
	}

	/**
	 * Returns a boolean.
	 * @param name the field
	 * @return its value, false if it is missing
	 */
	public boolean flag(String name) {
		JsonNode value = value(name);
		if (value != null && !value.isBoolean()) {
			throw invalid(name, value, "true or false");
		}
		return value != null && value.booleanValue();
	}

	/**
	 * Returns a duration in ISO-8601.
	 * @param name the field
	 * @param min the shortest permitted duration
	 * @param max the longest permitted duration
	 * @return its value, or null if it is missing
	 */
	public @Nullable Duration duration(String name, Duration min, Duration max) {
		JsonNode value = value(name);
		if (value == null) {
			return null;
		}
		try {
			Duration duration = Duration.parse(value.isString() ? value.stringValue() : "");
			if (duration.compareTo(min) >= 0 && duration.compareTo(max) <= 0) {
				return duration;
			}
		}
		catch (DateTimeParseException ex) {
			// Refused below, like a duration that is out of range.
		}
		throw invalid(name, value, min + " to " + max);
	}

	/**
	 * Returns an enum constant by its name.
	 * @param name the field
	 * @param permitted the permitted constants
	 * @param <E> the enum
	 * @return the constant, or null if the field is missing
	 */
	public <E extends Enum<E>> @Nullable E word(String name, List<E> permitted) {
		JsonNode value = value(name);
		if (value == null) {
			return null;
		}
		for (E candidate : permitted) {
			if (value.isString() && candidate.name().equals(value.stringValue())) {
				return candidate;
			}
		}
		throw invalid(name, value, "one of " + permitted);
	}

	/**
	 * Returns an object.
	 * @param name the field
	 * @param permitted the names of the fields that it may have
	 * @return its fields, or null if it is missing
	 */
	public @Nullable Fields object(String name, List<String> permitted) {
		JsonNode value = objectNode(name);
		return (value != null) ? new Fields(this.prefix + name + ".", value, permitted) : null;
	}

	/**
	 * Returns an object of texts with free names.
	 * @param name the field
	 * @return its entries, empty if it is missing
	 */
	public Map<String, String> texts(String name) {
		JsonNode value = objectNode(name);
		if (value == null) {
			return Map.of();
		}
		Map<String, String> entries = new LinkedHashMap<>();
		value.properties().forEach((entry) -> {
			if (!entry.getValue().isString()) {
				throw invalid(name + "[" + entry.getKey() + "]", entry.getValue(), "a string");
			}
			entries.put(entry.getKey(), entry.getValue().stringValue());
		});
		return entries;
	}

	/**
	 * Returns a required list of objects.
	 * @param name the field
	 * @param max the maximum number of objects
	 * @param permitted the names of the fields that each object may have
	 * @return at least one object
	 */
	public List<Fields> objects(String name, int max, List<String> permitted) {
		String expected = "1 to " + max + " objects";
		JsonNode value = value(name);
		if (value == null) {
			throw missing(name, expected);
		}
		if (!value.isArray() || value.isEmpty() || value.size() > max) {
			throw new InvalidValueException(this.prefix + name,
					value.isArray() ? value.size() + " objects" : described(value), expected);
		}
		List<Fields> objects = new ArrayList<>(value.size());
		for (JsonNode element : value) {
			String place = this.prefix + name + "[" + objects.size() + "]";
			if (!element.isObject()) {
				throw new InvalidValueException(place, described(element), "an object");
			}
			objects.add(new Fields(place + ".", element, permitted));
		}
		return objects;
	}

	private @Nullable JsonNode objectNode(String name) {
		JsonNode value = value(name);
		if (value != null && !value.isObject()) {
			throw invalid(name, value, "an object");
		}
		return value;
	}

	private @Nullable JsonNode value(String name) {
		JsonNode value = this.object.get(name);
		return (value == null || value.isNull()) ? null : value;
	}

	/**
	 * Creates the exception for a missing field.
	 * @param name the field
	 * @param permitted the values that are permitted
	 * @return the exception to throw
	 */
	public InvalidValueException missing(String name, String permitted) {
		return new InvalidValueException(this.prefix + name, "(missing)", permitted);
	}

	private InvalidValueException invalid(String name, JsonNode value, String permitted) {
		return new InvalidValueException(this.prefix + name, described(value), permitted);
	}

	private static String described(JsonNode value) {
		return value.isString() ? value.stringValue() : value.toString();
	}

}
