package io.redmesh.autoconfigure.call;

import java.net.URI;
import java.util.Locale;

import io.redmesh.core.instance.InvalidValueException;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;

/**
 * The place of the hash key in a request.
 *
 * @param place the part of the request
 * @param name the name within that part; empty for a source address
 */
record HashKey(Place place, String name) {

	private static final String SOURCE_ADDRESS = "source-address";

	private static final String PERMITTED = "header:, cookie: or query: and a name, or " + SOURCE_ADDRESS;

	private static final HashKey SOURCE = new HashKey(Place.SOURCE_ADDRESS, "");

	/**
	 * Parses the configured form.
	 * @param text such as {@code header:X-User}, or {@code source-address}
	 * @return the place of the key
	 * @throws InvalidValueException if the text has another form
	 */
	static HashKey parse(String text) {
		if (text.strip().equalsIgnoreCase(SOURCE_ADDRESS)) {
			return SOURCE;
		}
		int colon = text.indexOf(':');
		String name = text.substring(colon + 1).strip();
		if (colon < 0 || name.isEmpty()) {
			throw new InvalidValueException("hashKey", text, PERMITTED);
		}
		return switch (text.substring(0, colon).strip().toLowerCase(Locale.ROOT)) {
			case "header" -> new HashKey(Place.HEADER, name);
			case "cookie" -> new HashKey(Place.COOKIE, name);
			case "query" -> new HashKey(Place.QUERY, name);
			default -> throw new InvalidValueException("hashKey", text, PERMITTED);
		};
	}

	/**
	 * Finds the hash key of a request.
	 * @param uri the URI of the request
	 * @param headers the headers of the request
	 * @param served the request that this app serves with the call, or null
	 * @return the key, or null if the request has none
	 */
	@Nullable String find(URI uri, HttpHeaders headers, @Nullable ServedRequest served) {
		return switch (this.place) {
			case HEADER -> headers.getFirst(this.name);
			case COOKIE -> findCookie(this.name, headers);
			case QUERY -> find(this.name, uri.getRawQuery(), "&");
			case SOURCE_ADDRESS -> (served != null) ? served.source() : null;
		};
	}

	static @Nullable String findCookie(String name, HttpHeaders headers) {
		// HTTP/2 may split the header into several lines (RFC 9113, section 8.2.3).
		for (String cookies : headers.getOrEmpty(HttpHeaders.COOKIE)) {
			String value = find(name, cookies, ";");
			if (value != null) {
				return value;
			}
		}
		return null;
	}

	private static @Nullable String find(String name, @Nullable String pairs, String separator) {
		if (pairs == null) {
			return null;
		}
		for (String pair : pairs.split(separator, -1)) {
			int equals = pair.indexOf('=');
			if (equals > 0 && pair.substring(0, equals).strip().equals(name)) {
				return pair.substring(equals + 1).strip();
			}
		}
		return null;
	}

	/**
	 * The parts of a request that may hold the key, and the address that it came from.
	 */
	enum Place {

		HEADER, COOKIE, QUERY, SOURCE_ADDRESS

	}

}
