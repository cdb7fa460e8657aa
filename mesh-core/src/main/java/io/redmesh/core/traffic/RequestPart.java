package io.redmesh.core.traffic;

import org.jspecify.annotations.Nullable;

/** The parts of a request that a {@link Condition} compares with a text. */
public enum RequestPart {

	/** The method. */
	METHOD("method"),

	/** The path without the query. */
	PATH("uri"),

	/** The host that was asked for, with the port if the request names one. */
	AUTHORITY("authority"),

	/** The scheme. */
	SCHEME("scheme"),

	/** A header. */
	HEADER("headers"),

	/** A query parameter. */
	QUERY_PARAMETER("queryParams");

	private final String field;

	RequestPart(String field) {
		this.field = field;
	}

	/**
	 * Returns the field of a match that asks for this part.
	 * @return for example {@code uri}
	 */
	public String field() {
		return this.field;
	}

	@Nullable String read(RequestFacts request, String name) {
		return switch (this) {
			case METHOD -> request.method();
			case PATH -> request.path();
			case AUTHORITY -> request.authority();
			case SCHEME -> request.scheme();
			case HEADER -> request.header(name);
			case QUERY_PARAMETER -> request.queryParameter(name);
		};
	}

}
