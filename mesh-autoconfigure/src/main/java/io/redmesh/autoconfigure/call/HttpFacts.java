package io.redmesh.autoconfigure.call;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

import io.redmesh.core.traffic.RequestFacts;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;

/**
 * The parts of an HTTP request that rules can ask for, whichever client makes it. Nothing
 * is read before a rule asks for it.
 * <p>
 * For one request, by one thread at a time.
 */
public final class HttpFacts implements RequestFacts {

	private static final int HTTP_PORT = 80;

	private static final int HTTPS_PORT = 443;

	private final URI uri;

	private final HttpMethod method;

	private final HttpHeaders headers;

	/**
	 * Creates the facts of a request.
	 * @param uri the URI, as the app wrote it
	 * @param method the method
	 * @param headers the headers, with one for the cookies
	 */
	public HttpFacts(URI uri, HttpMethod method, HttpHeaders headers) {
		this.uri = uri;
		this.method = method;
		this.headers = headers;
	}

	@Override
	public String method() {
		return this.method.name();
	}

	@Override
	public String path() {
		String path = this.uri.getRawPath();
		return (path == null || path.isEmpty()) ? "/" : path;
	}

	@Override
	public @Nullable String header(String name) {
		List<String> values = this.headers.get(name);
		if (values == null || values.isEmpty()) {
			return null;
		}
		if (values.size() == 1) {
			return values.get(0);
		}
		// HTTP/2 may split this header into several lines (RFC 9113, section 8.2.3).
		return String.join(name.equals("cookie") ? "; " : ",", values);
	}

	@Override
	public @Nullable String queryParameter(String name) {
		String query = this.uri.getRawQuery();
		if (query == null) {
			return null;
		}
		int begin = 0;
		while (begin <= query.length()) {
			int end = query.indexOf('&', begin);
			end = (end < 0) ? query.length() : end;
			int equals = query.indexOf('=', begin);
			int nameEnd = (equals < 0 || equals > end) ? end : equals;
			if (nameEnd > begin && isNamed(query, begin, nameEnd, name)) {
				return (nameEnd == end) ? "" : decoded(query.substring(nameEnd + 1, end));
			}
			begin = end + 1;
		}
		return null;
	}

	private static boolean isNamed(String query, int begin, int end, String name) {
		if (end - begin == name.length() && query.startsWith(name, begin)) {
			return true;
		}
		// An encoded name is longer, and rare.
		return end - begin > name.length() && decoded(query.substring(begin, end)).equals(name);
	}

	private static String decoded(String text) {
		// A URI has no malformed escape sequence.
		return (text.indexOf('%') < 0 && text.indexOf('+') < 0) ? text
				: URLDecoder.decode(text, StandardCharsets.UTF_8);
	}

	/**
	 * Returns the query.
	 * @return the query as it was written, without the question mark; empty for none
	 */
	String query() {
		String query = this.uri.getRawQuery();
		return (query != null) ? query : "";
	}

	@Override
	public String authority() {
		String host = this.uri.getHost();
		if (host == null) {
			return "";
		}
		return (this.uri.getPort() < 0) ? host : host + ":" + this.uri.getPort();
	}

	// Also "lb", which stands for plain http.
	@Override
	public String scheme() {
		return isSecure() ? "https" : "http";
	}

	@Override
	public int port() {
		return (this.uri.getPort() >= 0) ? this.uri.getPort() : isSecure() ? HTTPS_PORT : HTTP_PORT;
	}

	private boolean isSecure() {
		String scheme = this.uri.getScheme();
		String lower = (scheme != null) ? scheme.toLowerCase(Locale.ROOT) : "";
		return lower.equals("https") || lower.equals("wss");
	}

}
