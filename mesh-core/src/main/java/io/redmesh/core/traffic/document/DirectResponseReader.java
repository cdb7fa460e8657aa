package io.redmesh.core.traffic.document;

import io.redmesh.core.traffic.DirectResponse;

/** A reader of {@code directResponse}. */
final class DirectResponseReader {

	// Istio's limit; the body is kept by every client.
	private static final int MAX_BODY = 1_000_000;

	private DirectResponseReader() {
	}

	static DirectResponse read(Fields fields) {
		int status = fields.require("status").integer(200, 599, 200);
		String body = fields.get("body").read((content) -> {
			content.unsupported("bytes", "write the body as string");
			Node string = content.require("string");
			String text = string.text("");
			string.expect(text.length() <= MAX_BODY, "at most " + MAX_BODY + " characters");
			return text;
		});
		return new DirectResponse(status, (body != null) ? body : "");
	}

}
