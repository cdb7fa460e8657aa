package io.redmesh.core.traffic;

import org.jspecify.annotations.Nullable;

/**
 * The action that responds with another address.
 *
 * @param status the status, 301, 302, 303, 307 or 308
 * @param scheme the scheme of the address, or null for that of the request
 * @param authority the host of the address, or null for that of the request
 * @param port the port of the address, 0 for the default port of the scheme, -1 for that
 * of the request
 * @param path the change of the path, or null
 */
public record Redirect(int status, @Nullable String scheme, @Nullable String authority, int port,
		@Nullable PathRewrite path) implements RouteAction {

	/** The {@link #port()} that stands for that of the request. */
	public static final int REQUEST_PORT = -1;

	/**
	 * Returns the address for a request, as Envoy computes it. The query of the request
	 * stays, unless the new path has one.
	 * @param request the request
	 * @param query the query as it was written, without the question mark; empty for none
	 * @return the value of the header {@code Location}
	 */
	public String location(RequestFacts request, String query) {
		String scheme = (this.scheme != null) ? this.scheme : request.scheme();
		String path = (this.path != null) ? this.path.apply(request.path()) : request.path();
		boolean keepsQuery = !query.isEmpty() && path.indexOf('?') < 0;
		return scheme + "://" + host(request, scheme) + path + (keepsQuery ? "?" + query : "");
	}

	private String host(RequestFacts request, String scheme) {
		String host = (this.authority != null) ? this.authority : request.authority();
		int port = (this.port == REQUEST_PORT) ? request.port() : this.port;
		if (port != 0) {
			return withoutPort(host) + ((port == defaultPort(scheme)) ? "" : ":" + port);
		}
		boolean wrongPort = this.authority == null && !scheme.equals(request.scheme())
				&& host.endsWith(":" + defaultPort(request.scheme()));
		return wrongPort ? withoutPort(host) : host;
	}

	private static int defaultPort(String scheme) {
		return scheme.equals("https") ? 443 : 80;
	}

	private static String withoutPort(String authority) {
		int colon = authority.lastIndexOf(':');
		// The colons within an IPv6 address are between brackets.
		return (colon > authority.lastIndexOf(']')) ? authority.substring(0, colon) : authority;
	}

	@Override
	public RouteAction after(RouteMatch match) {
		return (this.path == null) ? this
				: new Redirect(this.status, this.scheme, this.authority, this.port, this.path.after(match));
	}

}
