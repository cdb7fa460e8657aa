package io.redmesh.autoconfigure.call;

import java.util.HexFormat;

import io.redmesh.core.instance.Instance;
import io.redmesh.core.instance.InvalidValueException;
import io.redmesh.core.loadbalance.KeyHash;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseCookie;

/**
 * The instance that a request asks for by a cookie, as with the <a href=
 * "https://www.envoyproxy.io/docs/envoy/latest/configuration/http/http_filters/stateful_session_filter">stateful
 * session filter</a> of Envoy. If that instance cannot be called, the load balancer
 * decides. A response of any other instance sets a cookie that names it.
 * <p>
 * The cookie holds a hash of the instance's id instead of its address. The hash is not a
 * secret: the sender of the cookie chooses the instance.
 *
 * @param cookie the name of the cookie
 * @param instance the hash of the id of the instance, 0 if the request asks for none
 */
record StickyCookie(String cookie, long instance) {

	private static final HexFormat HEX = HexFormat.of();

	private static final int DIGITS = Long.BYTES * 2;

	/**
	 * Checks the name of a cookie.
	 * @param name the name
	 * @throws InvalidValueException if a cookie cannot have this name
	 */
	static void requireCookieName(String name) {
		try {
			ResponseCookie.from(name).build();
			if (!name.isEmpty()) {
				return;
			}
		}
		catch (IllegalArgumentException ex) {
			// Falls through.
		}
		throw new InvalidValueException("sessionCookie", name, "the name of a cookie");
	}

	/**
	 * Reads the cookie of a request.
	 * @param cookie the name of the cookie
	 * @param headers the headers of the request
	 * @return the session; a malformed value counts as no cookie
	 */
	static StickyCookie of(String cookie, HttpHeaders headers) {
		return new StickyCookie(cookie, parse(HashKey.findCookie(cookie, headers)));
	}

	private static long parse(@Nullable String value) {
		if (value == null || value.length() != DIGITS) {
			return 0;
		}
		try {
			return HexFormat.fromHexDigitsToLong(value);
		}
		catch (IllegalArgumentException ex) {
			return 0;
		}
	}

	/**
	 * Returns the cookie by which further requests ask for the same instance.
	 * @param answering the instance that has answered
	 * @return a cookie that lasts as long as the session of the browser, or null if the
	 * request has asked for that instance
	 */
	@Nullable ResponseCookie cookie(Instance answering) {
		long hash = KeyHash.of(answering.id());
		return (hash == this.instance) ? null
				: ResponseCookie.from(this.cookie, HEX.toHexDigits(hash)).path("/").httpOnly(true).build();
	}

}
