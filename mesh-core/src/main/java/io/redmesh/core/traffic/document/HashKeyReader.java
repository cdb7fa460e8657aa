package io.redmesh.core.traffic.document;

import java.util.List;
import java.util.Locale;

import io.redmesh.core.traffic.HashKey;
import org.jspecify.annotations.Nullable;

/** A reader of the parts of requests that calls are hashed by. */
final class HashKeyReader {

	private HashKeyReader() {
	}

	/**
	 * Reads the hash key of {@code consistentHash}.
	 * @param fields the fields
	 * @return the hash key, or null if there is none
	 */
	static @Nullable HashKey read(Fields fields) {
		String field = fields.oneOf("httpHeaderName", "httpCookie", "useSourceIp", "httpQueryParameterName");
		if (field == null) {
			fields.node().invalid("one of httpHeaderName, httpCookie, useSourceIp, httpQueryParameterName", null);
			return null;
		}
		Node node = fields.get(field);
		return switch (field) {
			case "httpHeaderName" -> header(node);
			case "httpCookie" -> node.read(HashKeyReader::cookie);
			case "httpQueryParameterName" -> queryParameter(node);
			default -> node.flag(true) ? new HashKey.SourceIp() : null;
		};
	}

	static HashKey header(Node node) {
		return new HashKey.Header(node.text(HeaderReader::isName, "the name of a header").toLowerCase(Locale.ROOT));
	}

	static HashKey queryParameter(Node node) {
		return new HashKey.QueryParameter(node.text((name) -> !name.isEmpty(), "the name of a query parameter"));
	}

	static String cookieName(Node node) {
		return node.text(HeaderReader::isName, "the name of a cookie");
	}

	private static HashKey cookie(Fields fields) {
		for (String field : List.of("ttl", "path", "attributes")) {
			fields.unsupported(field, "a request without the cookie gets none");
		}
		return new HashKey.Cookie(cookieName(fields.require("name")));
	}

}
