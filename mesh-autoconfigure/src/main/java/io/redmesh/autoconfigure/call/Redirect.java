package io.redmesh.autoconfigure.call;

import java.net.URI;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatusCode;

/**
 * The request that a redirect asks for (RFC 9110, section 15.4). It is a call of its own:
 * it carries no header that the mesh added to the first request, and credentials go only
 * to the origin that had them.
 *
 * @param method the method of the next request
 * @param uri the URI of the next request, absolute
 * @param keepsBody whether the body is sent again
 * @param sameOrigin whether the origin is that of the first request
 */
public record Redirect(HttpMethod method, URI uri, boolean keepsBody, boolean sameOrigin) {

	/** The largest number of redirects that one request follows. */
	public static final int MAX = 10;

	private static final Set<String> CREDENTIALS = names(HttpHeaders.AUTHORIZATION, HttpHeaders.COOKIE,
			HttpHeaders.PROXY_AUTHORIZATION);

	private static final Set<String> OF_BODY = names(HttpHeaders.CONTENT_ENCODING, HttpHeaders.CONTENT_LANGUAGE,
			HttpHeaders.CONTENT_LENGTH, HttpHeaders.CONTENT_LOCATION, HttpHeaders.CONTENT_TYPE,
			HttpHeaders.TRANSFER_ENCODING);

	private static Set<String> names(String... names) {
		Set<String> set = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
		set.addAll(Set.of(names));
		return set;
	}

	/**
	 * Reads a redirect.
	 * @param method the method of the redirected request
	 * @param uri the URI of the redirected request, as the app wrote it
	 * @param answered the authority of the instance that answered it, host and port
	 * @param status the status of the response
	 * @param headers the headers of the response
	 * @return the redirect; null if the response is none, or if it cannot be followed: it
	 * has no valid {@code Location}, or leads to something else than HTTP, or from TLS to
	 * plain text
	 */
	public static @Nullable Redirect of(HttpMethod method, URI uri, String answered, HttpStatusCode status,
			HttpHeaders headers) {
		int code = status.value();
		if (code < 300 || code > 308 || (code > 303 && code < 307) || code == 300) {
			return null;
		}
		URI next = location(uri, headers);
		if (next == null
				|| (uri.getScheme().equalsIgnoreCase("https") && !next.getScheme().equalsIgnoreCase("https"))) {
			return null;
		}
		boolean becomesGet = (code == 303 && !method.equals(HttpMethod.HEAD))
				|| (code < 303 && method.equals(HttpMethod.POST));
		boolean sameOrigin = next.getScheme().equalsIgnoreCase(uri.getScheme())
				&& (next.getRawAuthority().equalsIgnoreCase(uri.getRawAuthority())
						|| next.getRawAuthority().equalsIgnoreCase(answered));
		return new Redirect(becomesGet ? HttpMethod.GET : method, next, !becomesGet, sameOrigin);
	}

	private static @Nullable URI location(URI uri, HttpHeaders headers) {
		String location = headers.getFirst(HttpHeaders.LOCATION);
		if (location == null) {
			return null;
		}
		try {
			URI next = uri.resolve(location.strip());
			String scheme = (next.getScheme() != null) ? next.getScheme().toLowerCase(Locale.ROOT) : "";
			return (scheme.equals("http") || scheme.equals("https")) && next.getHost() != null ? next : null;
		}
		catch (IllegalArgumentException ex) {
			return null;
		}
	}

	/**
	 * Tells whether the next request keeps a header of the redirected one.
	 * @param name the name of the header
	 * @return whether it does
	 */
	public boolean keeps(String name) {
		return (this.sameOrigin || !CREDENTIALS.contains(name)) && (this.keepsBody || !OF_BODY.contains(name));
	}

}
