package io.redmesh.core.traffic.document;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import io.redmesh.core.traffic.HeaderChange;
import io.redmesh.core.traffic.HeaderOperations;

/** A reader of {@code headers}, the changes of headers. */
final class HeaderReader {

	private HeaderReader() {
	}

	static HeaderOperations read(Node node) {
		HeaderOperations operations = node
			.read((fields) -> new HeaderOperations(change(fields.get("request")), change(fields.get("response"))));
		return (operations != null) ? operations : HeaderOperations.NONE;
	}

	private static HeaderChange change(Node node) {
		HeaderChange change = node.read((fields) -> new HeaderChange(names(fields.get("remove")),
				values(fields.get("set")), values(fields.get("add"))));
		return (change != null) ? change : HeaderChange.NONE;
	}

	private static List<String> names(Node node) {
		List<String> names = new ArrayList<>();
		for (Node item : node.items()) {
			String name = item.text("");
			check(item, name);
			names.add(name);
		}
		return names;
	}

	private static Map<String, String> values(Node node) {
		Map<String, String> values = new LinkedHashMap<>();
		node.entries().forEach((name, entry) -> {
			check(entry, name);
			String value = entry.text("");
			entry.expect(isLiteral(value), "a text without variables of Envoy; a percent sign is written %%");
			entry.expect(value.chars().allMatch((next) -> next >= ' ' || next == '\t'), "one line");
			values.put(name, value.replace("%%", "%"));
		});
		return values;
	}

	private static void check(Node node, String name) {
		String lower = name.toLowerCase(Locale.ROOT);
		node.expect(isName(name), "the name of a header");
		node.expect(!lower.equals("host"), "a header other than Host, which rewrite.authority changes");
	}

	private static boolean isLiteral(String value) {
		return value.replace("%%", "").indexOf('%') < 0;
	}

	/** Returns whether a text is a token (RFC 9110, section 5.6.2). */
	static boolean isName(String text) {
		return text.matches("[-!#$%&'*+.^_`|~0-9A-Za-z]{1,256}");
	}

}
