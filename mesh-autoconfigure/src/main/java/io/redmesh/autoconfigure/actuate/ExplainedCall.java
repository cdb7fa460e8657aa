package io.redmesh.autoconfigure.actuate;

import java.time.Duration;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;

/**
 * A call to explain.
 *
 * @param uri the URI that would be called
 * @param method the method
 * @param headers the headers
 * @param timeout how long the caller would wait for the response; null for the timeout of
 * the policy
 */
record ExplainedCall(String uri, HttpMethod method, HttpHeaders headers, @Nullable Duration timeout) {

	/**
	 * Reads a call from parameters.
	 * @param uri the URI
	 * @param method the method; null for GET
	 * @param headers the headers, one a line, with a colon after the name; null for none
	 * @param timeout the timeout, or null
	 * @return the call
	 */
	static ExplainedCall of(String uri, @Nullable String method, @Nullable String headers, @Nullable Duration timeout) {
		HttpHeaders read = new HttpHeaders();
		if (headers != null) {
			headers.lines().filter((line) -> !line.isBlank()).forEach((line) -> {
				int colon = line.indexOf(':');
				read.add(((colon < 0) ? line : line.substring(0, colon)).strip(),
						(colon < 0) ? "" : line.substring(colon + 1).strip());
			});
		}
		return new ExplainedCall(uri,
				(method != null) ? HttpMethod.valueOf(method.toUpperCase(Locale.ROOT)) : HttpMethod.GET, read, timeout);
	}

}
