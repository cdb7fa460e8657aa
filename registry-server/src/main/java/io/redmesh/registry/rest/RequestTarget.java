package io.redmesh.registry.rest;

import java.net.URI;
import java.net.URISyntaxException;

/** The target in the first line of a request (RFC 9112, 3.2). */
final class RequestTarget {

	private static final int MAX_SCHEME = "https".length();

	private RequestTarget() {
	}

	/**
	 * Removes scheme and authority, which a client may send to any server.
	 * @param sent the target as it was sent
	 * @return path and query
	 */
	static String of(String sent) {
		if (sent.startsWith("/")) {
			return sent;
		}
		int scheme = sent.indexOf("://");
		if (scheme < 1 || scheme > MAX_SCHEME) {
			return sent;
		}
		int path = scheme + 3;
		while (path < sent.length() && sent.charAt(path) != '/' && sent.charAt(path) != '?') {
			path++;
		}
		return sent.startsWith("/", path) ? sent.substring(path) : "/" + sent.substring(path);
	}

	/**
	 * Returns whether a target is a URI.
	 * @param sent the target as it was sent
	 * @return whether it is a URI
	 */
	static boolean isUri(String sent) {
		try {
			new URI(sent);
			return true;
		}
		catch (URISyntaxException ex) {
			return false;
		}
	}

	/**
	 * Returns the path of a target without its query, which may hold secrets.
	 * @param target the target
	 * @return the path
	 */
	static String path(String target) {
		int query = target.indexOf('?');
		return (query < 0) ? target : target.substring(0, query);
	}

}
