package io.redmesh.core.traffic;

import org.jspecify.annotations.Nullable;

/**
 * The parts of a request that rules can ask for. Each part is read only when a rule asks
 * for it. A part stays the same for as long as the request is routed.
 */
public interface RequestFacts {

	/**
	 * Returns the method.
	 * @return for example {@code GET}
	 */
	String method();

	/**
	 * Returns the path as the request line has it, without the query.
	 * @return for example {@code /items/a%20b}
	 */
	String path();

	/**
	 * Returns the value of a header.
	 * @param name the name in lower case
	 * @return the value, several values joined by a comma; null if the header is missing
	 */
	@Nullable String header(String name);

	/**
	 * Returns the first value of a query parameter.
	 * @param name the name
	 * @return the decoded value, empty for {@code ?name} and {@code ?name=}; null if the
	 * parameter is missing
	 */
	@Nullable String queryParameter(String name);

	/**
	 * Returns the host that was asked for, with the port if the request names one.
	 * @return for example {@code orders} or {@code orders:8080}
	 */
	String authority();

	/**
	 * Returns the scheme.
	 * @return {@code http} or {@code https}
	 */
	String scheme();

	/**
	 * Returns the port that was asked for: that of the authority, or the default port of
	 * the scheme.
	 * @return 0 if it is unknown
	 */
	int port();

	/**
	 * Returns the value of a cookie (RFC 6265, section 4.2).
	 * @param name the name
	 * @return the value; null if the request has no such cookie
	 */
	default @Nullable String cookie(String name) {
		String cookies = header("cookie");
		return (cookies != null) ? CookieHeader.value(cookies, name) : null;
	}

}
