package io.redmesh.core.traffic.document;

import io.redmesh.core.traffic.PathRewrite;
import io.redmesh.core.traffic.Regex;
import io.redmesh.core.traffic.Rewrite;
import org.jspecify.annotations.Nullable;

/** A reader of {@code rewrite}. */
final class RewriteReader {

	private RewriteReader() {
	}

	static Rewrite read(Fields fields) {
		fields.oneOf("uri", "uriRegexRewrite");
		Node uri = fields.get("uri");
		PathRewrite path = fields.get("uriRegexRewrite").read(RewriteReader::substitution);
		if (!uri.isAbsent()) {
			path = new PathRewrite.Replacement(uri.text("/"));
		}
		Node authority = fields.get("authority");
		return new Rewrite(path, authority.isAbsent() ? null : authority.text(""));
	}

	private static @Nullable PathRewrite substitution(Fields fields) {
		Regex regex = fields.require("match").parse(Regex::of);
		Node rewrite = fields.require("rewrite");
		return (regex != null) ? rewrite.parse((text) -> new PathRewrite.Substitution(regex, text)) : null;
	}

}
