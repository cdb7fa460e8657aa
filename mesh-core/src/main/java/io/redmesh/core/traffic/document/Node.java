package io.redmesh.core.traffic.document;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;

import io.redmesh.core.instance.InvalidValueException;
import io.redmesh.core.traffic.FindingCode;
import org.jspecify.annotations.Nullable;

/**
 * A place in a document: a value, and the path to it. What does not have the expected
 * form becomes a finding, and is read as if it were absent, so that one reading finds all
 * mistakes.
 */
final class Node {

	private final Findings findings;

	private final String path;

	/** The name of the field, or null for an entry of a list. */
	private final @Nullable String field;

	private final @Nullable Object value;

	Node(Findings findings, String path, @Nullable String field, @Nullable Object value) {
		this.findings = findings;
		this.path = path;
		this.field = field;
		this.value = value;
	}

	Findings findings() {
		return this.findings;
	}

	String path() {
		return this.path;
	}

	@Nullable Object value() {
		return this.value;
	}

	boolean isAbsent() {
		return this.value == null;
	}

	boolean isEmptyList() {
		return this.value instanceof List<?> list && list.isEmpty();
	}

	/**
	 * Reads an object. Fields that the reader does not ask for are findings.
	 * @param <T> the type of what is read
	 * @param reader the reader of the fields
	 * @return what was read, or null if there is no object
	 */
	<T> @Nullable T read(FieldsReader<T> reader) {
		if (!(this.value instanceof Map<?, ?> map)) {
			expect(this.value == null, "an object");
			return null;
		}
		Fields fields = new Fields(this, map);
		T result = reader.read(fields);
		fields.end();
		return result;
	}

	List<Node> items() {
		List<Node> items = new ArrayList<>();
		if (this.value instanceof List<?> list) {
			for (int i = 0; i < list.size(); i++) {
				Node item = new Node(this.findings, this.path + "[" + i + "]", null, list.get(i));
				if (item.expect(!item.isAbsent(), "an entry that is not empty")) {
					items.add(item);
				}
			}
		}
		else {
			expect(this.value == null, "a list");
		}
		return items;
	}

	/** Returns the entries of an object whose keys the author chooses. */
	Map<String, Node> entries() {
		Map<String, Node> entries = new LinkedHashMap<>();
		if (this.value instanceof Map<?, ?> map) {
			map.forEach((key, entry) -> {
				String name = String.valueOf(key);
				entries.put(name, new Node(this.findings, this.path + "[" + name + "]", name, entry));
			});
		}
		else {
			expect(this.value == null, "an object");
		}
		return entries;
	}

	Map<String, String> texts() {
		Map<String, String> texts = new LinkedHashMap<>();
		entries().forEach((key, entry) -> texts.put(key, entry.text("")));
		return texts;
	}

	String text(String absent) {
		if (this.value instanceof String text) {
			return text;
		}
		if (this.value instanceof Number || this.value instanceof Boolean) {
			invalid("text", fix(String.valueOf(this.value)));
		}
		else {
			expect(this.value == null, "text");
		}
		return absent;
	}

	/**
	 * Returns the text, which must fulfil a condition; an empty text if there is none.
	 */
	String text(Predicate<String> isPermitted, String expected) {
		String text = text("");
		expect(!(this.value instanceof String) || isPermitted.test(text), expected);
		return text;
	}

	int integer(int min, int max, int absent) {
		double number = number(min, max, absent);
		return expect(number == Math.rint(number), "a whole number") ? (int) number : absent;
	}

	double number(double min, double max, double absent) {
		if (this.value == null) {
			return absent;
		}
		double number = (this.value instanceof Number given) ? given.doubleValue() : Double.NaN;
		boolean permitted = number >= min && number <= max;
		return expect(permitted, "a number from " + plain(min) + " to " + plain(max)) ? number : absent;
	}

	private static String plain(double number) {
		return BigDecimal.valueOf(number).stripTrailingZeros().toPlainString();
	}

	boolean flag(boolean absent) {
		if (this.value instanceof Boolean flag) {
			return flag;
		}
		expect(this.value == null, "true or false");
		return absent;
	}

	@Nullable Duration duration() {
		if (this.value == null) {
			return null;
		}
		String text = this.value.toString();
		Duration duration = DurationText.parse(text);
		if (duration == null) {
			boolean unitMissing = DurationText.parse(text + "s") != null;
			invalid("whole milliseconds, such as 1s, 250ms or 1m30s", unitMissing ? fix(text + "s") : null);
		}
		return duration;
	}

	/** Parses the text, and turns the parser's refusal into a finding. */
	<T> @Nullable T parse(Function<String, T> parser) {
		String text = text("");
		if (!(this.value instanceof String)) {
			return null;
		}
		try {
			return parser.apply(text);
		}
		catch (InvalidValueException ex) {
			invalid(ex.permitted(), null);
			return null;
		}
	}

	boolean expect(boolean permitted, String expected) {
		if (!permitted) {
			invalid(expected, null);
		}
		return permitted;
	}

	void invalid(String expected, @Nullable String fix) {
		String text = String.valueOf(this.value);
		this.findings.error(FindingCode.INVALID_VALUE, this.path,
				((text.length() <= 80) ? text : text.substring(0, 77) + "...") + " (expected: " + expected + ")", fix);
	}

	/** Returns the text of this place with another value. */
	String fix(Object value) {
		return YamlText.of((this.field != null) ? Map.of(this.field, value) : value);
	}

}
