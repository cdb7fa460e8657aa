package io.redmesh.core.traffic.document;

import java.util.Map;

import io.redmesh.core.traffic.Regex;
import io.redmesh.core.traffic.StringMatch;
import org.jspecify.annotations.Nullable;

/** A reader of Istio's {@code StringMatch}. */
final class StringMatchReader {

	private StringMatchReader() {
	}

	/**
	 * Reads a condition.
	 * @param node the place
	 * @param ignoreCase whether upper and lower case are equal, except for regular
	 * expressions
	 * @return the condition; that the text is present, if none is given
	 */
	static StringMatch read(Node node, boolean ignoreCase) {
		if (node.value() instanceof String text) {
			node.invalid("one of exact, prefix and regex", node.fix(Map.of("exact", text)));
			return StringMatch.present();
		}
		StringMatch match = node.read((fields) -> match(fields, ignoreCase));
		return (match != null) ? match : StringMatch.present();
	}

	private static @Nullable StringMatch match(Fields fields, boolean ignoreCase) {
		String field = fields.oneOf("exact", "prefix", "regex");
		Node node = fields.get((field != null) ? field : "exact");
		if (field == null) {
			return null;
		}
		return switch (field) {
			case "exact" -> new StringMatch.Exact(node.text(""), ignoreCase);
			case "prefix" -> new StringMatch.Prefix(node.text(""), ignoreCase);
			default -> expression(node);
		};
	}

	private static @Nullable StringMatch expression(Node node) {
		// In Istio, a lone asterisk is no expression but stands for any text.
		if ("*".equals(node.value())) {
			return StringMatch.present();
		}
		Regex regex = node.parse(Regex::of);
		return (regex != null) ? new StringMatch.Expression(regex) : null;
	}

	static boolean isEmptyPrefix(StringMatch match) {
		return match instanceof StringMatch.Prefix prefix && prefix.text().isEmpty();
	}

}
