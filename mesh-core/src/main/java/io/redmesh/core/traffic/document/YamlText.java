package io.redmesh.core.traffic.document;

import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/**
 * The YAML of a tree, for the corrected text of findings. Like Kubernetes, it writes
 * lists without indentation.
 */
final class YamlText {

	// Characters that mean something in a plain scalar, at its beginning at least.
	private static final String SPECIAL = "*&!|>'\"%@`{}[],#?:-=~<";

	private YamlText() {
	}

	/**
	 * Writes a tree.
	 * @param tree a map, list, text, number or boolean
	 * @return the text, without a line break at its end
	 */
	static String of(Object tree) {
		StringJoiner lines = new StringJoiner("\n");
		if (tree instanceof Map<?, ?> map && !map.isEmpty()) {
			map.forEach(
					(key, value) -> lines.add(scalar(key) + ":" + value(value, (value instanceof List) ? "" : "  ")));
		}
		else if (tree instanceof List<?> list && !list.isEmpty()) {
			list.forEach((item) -> lines.add("- " + of(item).replace("\n", "\n  ")));
		}
		else {
			lines.add(scalar(tree));
		}
		return lines.toString();
	}

	private static String value(Object value, String indent) {
		boolean block = (value instanceof Map<?, ?> map && !map.isEmpty())
				|| (value instanceof List<?> list && !list.isEmpty());
		return block ? "\n" + indent + of(value).replace("\n", "\n" + indent) : " " + of(value);
	}

	private static String scalar(Object value) {
		String text = String.valueOf(value);
		if (value instanceof String && (!isPlain(text) || isOther(text))) {
			return quoted(text);
		}
		return (value instanceof Map) ? "{}" : text;
	}

	private static String quoted(String text) {
		StringBuilder quoted = new StringBuilder("\"");
		text.chars().forEach((next) -> {
			if (next == '"' || next == '\\') {
				quoted.append('\\').append((char) next);
			}
			else if (next == '\n') {
				quoted.append("\\n");
			}
			else if (isPrintable(next)) {
				quoted.append((char) next);
			}
			else {
				quoted.append("\\u%04x".formatted(next));
			}
		});
		return quoted.append('"').toString();
	}

	private static boolean isPrintable(int next) {
		return (next >= ' ' && next < 0x7F) || (next > 0xA0 && next < 0x2028) || (next >= 0x2030 && next < 0xD800);
	}

	private static boolean isPlain(String text) {
		return !text.isEmpty() && SPECIAL.indexOf(text.charAt(0)) < 0 && text.equals(text.strip())
				&& !text.contains(": ") && !text.contains(" #") && !text.endsWith(":")
				&& text.chars().allMatch(YamlText::isPrintable);
	}

	/** Returns whether YAML would read a plain text as a number, a boolean or null. */
	private static boolean isOther(String text) {
		return text.matches("(?i)[-+.0-9][-+.0-9_:a-fox]*|[-+]?\\.(inf|nan)|true|false|yes|no|on|off|y|n|null");
	}

}
