package io.redmesh.core.traffic.document;

import java.util.Set;

import io.redmesh.core.traffic.PathRewrite;
import io.redmesh.core.traffic.Redirect;
import org.jspecify.annotations.Nullable;

/** A reader of {@code redirect}. */
final class RedirectReader {

	private static final Set<Integer> STATUSES = Set.of(301, 302, 303, 307, 308);

	private RedirectReader() {
	}

	static Redirect read(Fields fields) {
		Node code = fields.get("redirectCode");
		int status = code.integer(0, 999, 301);
		code.expect(status == 0 || STATUSES.contains(status), "one of 301, 302, 303, 307, 308");
		Node scheme = fields.get("scheme");
		String schemeText = text(scheme);
		scheme.expect(schemeText == null || schemeText.equals("http") || schemeText.equals("https"), "http or https");
		return new Redirect((status == 0) ? 301 : status, schemeText, text(fields.get("authority")), port(fields),
				path(fields));
	}

	private static int port(Fields fields) {
		fields.oneOf("port", "derivePort");
		Node derivePort = fields.get("derivePort");
		String derived = derivePort.text("FROM_PROTOCOL_DEFAULT");
		derivePort.expect(derived.equals("FROM_PROTOCOL_DEFAULT") || derived.equals("FROM_REQUEST_PORT"),
				"FROM_PROTOCOL_DEFAULT or FROM_REQUEST_PORT");
		int port = fields.get("port").integer(1, 65_535, 0);
		return derived.equals("FROM_REQUEST_PORT") ? Redirect.REQUEST_PORT : port;
	}

	private static @Nullable PathRewrite path(Fields fields) {
		fields.oneOf("uri", "prefixRewrite");
		String uri = text(fields.get("uri"));
		String prefix = text(fields.get("prefixRewrite"));
		if (uri != null) {
			return new PathRewrite.Whole(uri);
		}
		return (prefix != null) ? new PathRewrite.Replacement(prefix) : null;
	}

	private static @Nullable String text(Node node) {
		String text = node.text("");
		return text.isEmpty() ? null : text;
	}

}
