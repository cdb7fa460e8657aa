package io.redmesh.demo.launcher;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * A parser of the JSON that the registry sends (RFC 8259). It returns maps, lists,
 * strings, doubles, booleans and null. The launcher runs on a bare JDK, without a JSON
 * parser in it.
 */
final class Json {

	private final String text;

	private int position;

	private Json(String text) {
		this.text = text;
	}

	/**
	 * Parses a text that is one JSON object.
	 * @throws IllegalArgumentException if the text is not one JSON object
	 */
	static Map<String, @Nullable Object> object(String text) {
		Json json = new Json(text);
		json.blanks();
		Map<String, @Nullable Object> object = json.object();
		json.blanks();
		if (json.position != text.length()) {
			throw json.unexpected();
		}
		return object;
	}

	/** Returns a value as an object, or an empty map if it is none. */
	@SuppressWarnings("unchecked") // The parser makes no other maps.
	static Map<String, @Nullable Object> map(@Nullable Object value) {
		return (value instanceof Map<?, ?> map) ? (Map<String, @Nullable Object>) map : Map.of();
	}

	/** Returns a value as an array, or an empty list if it is none. */
	static List<?> list(@Nullable Object value) {
		return (value instanceof List<?> list) ? list : List.of();
	}

	/** Returns a value as text; null becomes {@code "null"}. */
	static String text(@Nullable Object value) {
		return String.valueOf(value);
	}

	private @Nullable Object value() {
		blanks();
		char next = peek();
		if (next == '{') {
			return object();
		}
		if (next == '[') {
			return array();
		}
		if (next == '"') {
			return string();
		}
		return word();
	}

	private Map<String, @Nullable Object> object() {
		Map<String, @Nullable Object> object = new LinkedHashMap<>();
		expect('{');
		blanks();
		if (peek() == '}') {
			this.position++;
			return object;
		}
		do {
			blanks();
			String name = string();
			blanks();
			expect(':');
			object.put(name, value());
		}
		while (another('}'));
		return object;
	}

	private List<@Nullable Object> array() {
		List<@Nullable Object> array = new ArrayList<>();
		expect('[');
		blanks();
		if (peek() == ']') {
			this.position++;
			return array;
		}
		do {
			array.add(value());
		}
		while (another(']'));
		return array;
	}

	private boolean another(char end) {
		blanks();
		if (peek() == ',') {
			this.position++;
			return true;
		}
		expect(end);
		return false;
	}

	private String string() {
		StringBuilder string = new StringBuilder();
		expect('"');
		for (char next = take(); next != '"'; next = take()) {
			string.append((next == '\\') ? escaped() : next);
		}
		return string.toString();
	}

	private char escaped() {
		char letter = take();
		return switch (letter) {
			case '"', '\\', '/' -> letter;
			case 'b' -> '\b';
			case 'f' -> '\f';
			case 'n' -> '\n';
			case 'r' -> '\r';
			case 't' -> '\t';
			case 'u' -> {
				int end = Math.min(this.position + 4, this.text.length());
				char code = (char) Integer.parseInt(this.text.substring(this.position, end), 16);
				this.position = end;
				yield code;
			}
			default -> throw unexpected();
		};
	}

	private @Nullable Object word() {
		int start = this.position;
		while (this.position < this.text.length() && ",]} \t\r\n".indexOf(this.text.charAt(this.position)) < 0) {
			this.position++;
		}
		String word = this.text.substring(start, this.position);
		return switch (word) {
			case "true" -> true;
			case "false" -> false;
			case "null" -> null;
			default -> Double.valueOf(word);
		};
	}

	private void blanks() {
		while (this.position < this.text.length() && " \t\r\n".indexOf(this.text.charAt(this.position)) >= 0) {
			this.position++;
		}
	}

	private char peek() {
		if (this.position == this.text.length()) {
			throw unexpected();
		}
		return this.text.charAt(this.position);
	}

	private char take() {
		char next = peek();
		this.position++;
		return next;
	}

	private void expect(char expected) {
		if (peek() != expected) {
			throw unexpected();
		}
		this.position++;
	}

	private IllegalArgumentException unexpected() {
		return new IllegalArgumentException("not JSON at character %d: %s".formatted(this.position, this.text));
	}

}
