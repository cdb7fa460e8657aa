package io.redmesh.core.traffic.document;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import io.redmesh.core.traffic.Condition;
import io.redmesh.core.traffic.FindingCode;
import io.redmesh.core.traffic.RequestPart;
import io.redmesh.core.traffic.RouteMatch;
import io.redmesh.core.traffic.SourceMatch;
import io.redmesh.core.traffic.StringMatch;

/** A reader of one block of {@code match}. */
final class MatchReader {

	private MatchReader() {
	}

	static RouteMatch read(Fields fields) {
		boolean ignoreCase = fields.get("ignoreUriCase").flag(false);
		List<Condition> conditions = new ArrayList<>();
		// Cheap and telling parts first.
		add(conditions, RequestPart.PATH, fields.get("uri"), ignoreCase);
		for (RequestPart part : List.of(RequestPart.METHOD, RequestPart.SCHEME, RequestPart.AUTHORITY)) {
			add(conditions, part, fields.get(part.field()), false);
		}
		headers(conditions, fields.get("headers"), false);
		headers(conditions, fields.get("withoutHeaders"), true);
		fields.get("queryParams")
			.entries()
			.forEach((name, node) -> conditions
				.add(new Condition(RequestPart.QUERY_PARAMETER, name, StringMatchReader.read(node, false), false)));
		fields.withoutEffect("statPrefix", "metrics have the names of services");
		SourceMatch source = new SourceMatch(fields.get("sourceLabels").texts(),
				fields.get("sourceNamespace").text(HostReader::isLabelOrEmpty, "the name of a namespace"),
				VirtualServiceReader.names(fields.get("gateways")));
		return new RouteMatch(fields.get("name").text(""), source, fields.get("port").integer(1, 65_535, 0),
				conditions);
	}

	private static void add(List<Condition> conditions, RequestPart part, Node node, boolean ignoreCase) {
		if (!node.isAbsent()) {
			StringMatch match = StringMatchReader.read(node, ignoreCase);
			node.expect(part == RequestPart.PATH || !StringMatchReader.isEmptyPrefix(match),
					"a prefix that is not empty");
			conditions.add(new Condition(part, "", match, false));
		}
	}

	private static void headers(List<Condition> conditions, Node headers, boolean inverted) {
		for (Map.Entry<String, Node> header : headers.entries().entrySet()) {
			Node node = header.getValue();
			String name = header.getKey().toLowerCase(Locale.ROOT);
			if (name.startsWith("@")) {
				node.findings()
					.refuse(FindingCode.UNSUPPORTED, node.path(), "claims of tokens are not supported", null);
			}
			else {
				node.expect(HeaderReader.isName(name), "the name of a header");
			}
			StringMatch match = StringMatchReader.read(node, false);
			node.expect(!StringMatchReader.isEmptyPrefix(match), "a prefix that is not empty");
			conditions.add(new Condition(RequestPart.HEADER, name, match, inverted));
		}
	}

}
