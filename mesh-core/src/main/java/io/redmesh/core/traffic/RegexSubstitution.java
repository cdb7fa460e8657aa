package io.redmesh.core.traffic;

import com.google.re2j.Matcher;
import io.redmesh.core.instance.InvalidValueException;

/** The replacement of all matches of a regular expression, with the syntax of RE2. */
final class RegexSubstitution {

	private RegexSubstitution() {
	}

	/**
	 * Checks that each backslash stands before a backslash or the number of a group.
	 * @param text the text that replaces matches
	 * @param regex the regular expression
	 * @throws InvalidValueException if one does not
	 */
	static void require(String text, Regex regex) {
		for (int i = text.indexOf('\\'); i >= 0; i = text.indexOf('\\', i + 2)) {
			char next = (i + 1 < text.length()) ? text.charAt(i + 1) : ' ';
			if (next != '\\' && (next < '0' || next > '9' || next - '0' > regex.groups())) {
				throw new InvalidValueException("rewrite", text, "each backslash before a backslash or one of the "
						+ regex.groups() + " groups of the expression");
			}
		}
	}

	static String apply(Regex regex, String text, String path) {
		Matcher matcher = regex.matcher(path);
		StringBuilder result = new StringBuilder();
		int copied = 0;
		while (matcher.find()) {
			result.append(path, copied, matcher.start());
			append(result, text, matcher);
			copied = matcher.end();
		}
		return result.append(path, copied, path.length()).toString();
	}

	private static void append(StringBuilder result, String text, Matcher match) {
		int i = 0;
		while (i < text.length()) {
			char next = text.charAt(i++);
			char escaped = (next == '\\') ? text.charAt(i++) : '\\';
			if (escaped == '\\') {
				result.append(next);
			}
			else {
				// A group that took no part in the match is null.
				String group = match.group(escaped - '0');
				result.append((group != null) ? group : "");
			}
		}
	}

}
