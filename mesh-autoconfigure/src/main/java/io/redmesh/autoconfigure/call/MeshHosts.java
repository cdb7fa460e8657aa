package io.redmesh.autoconfigure.call;

import java.net.URI;
import java.util.Collection;
import java.util.Locale;
import java.util.Set;

import io.redmesh.core.call.CallPlanner;
import io.redmesh.core.call.Destination;
import io.redmesh.core.endpoint.Requirement;
import io.redmesh.core.traffic.HostRoutes;
import org.jspecify.annotations.Nullable;

/**
 * The rule that decides which URIs are for the mesh. The host must be the name of a
 * service that has instances. A port other than that of the scheme must be one that an
 * instance has registered. A host with a dot must be in a domain that the app has named.
 * All other URIs are for the host of that name, wherever it is.
 * <p>
 * The scheme {@code lb} always means the mesh. {@code https} is a demand: such a call
 * never goes to an instance that serves plain http.
 * <p>
 * Immutable.
 */
public final class MeshHosts {

	private static final int HTTP_PORT = 80;

	private static final int HTTPS_PORT = 443;

	private final Set<String> domains;

	/**
	 * Creates the rule of one app.
	 * @param domains the domains whose hosts may be services, in lower case
	 */
	public MeshHosts(Collection<String> domains) {
		this.domains = Set.copyOf(domains);
	}

	/**
	 * Finds the destination of a call, if its URI is for the mesh.
	 * @param planner the planner that knows the services
	 * @param uri the URI of the request
	 * @param requirement the {@link #requirement(URI) requirement} of the URI
	 * @return the destination, or null if the request passes as it is, without the mesh
	 */
	public @Nullable Destination destination(CallPlanner planner, URI uri, @Nullable Requirement requirement) {
		String host = uri.getHost();
		String scheme = uri.getScheme();
		if (host == null || scheme == null) {
			return null;
		}
		if (scheme.equalsIgnoreCase("lb")) {
			return planner.service(host);
		}
		return isPermitted(host) ? planner.destination(host, requirement) : null;
	}

	/**
	 * Returns the routes that traffic rules give the host of a URI. It may have no
	 * instances of its own.
	 * @param planner the planner that knows the rules
	 * @param uri the URI of the request
	 * @return the routes, or null if no rule concerns the host, as nearly always
	 */
	public @Nullable HostRoutes routes(CallPlanner planner, URI uri) {
		String host = uri.getHost();
		HostRoutes routes = (host != null && uri.getScheme() != null) ? planner.routes(host) : null;
		return (routes != null && host != null && mayBeRouted(uri.getScheme(), host)) ? routes : null;
	}

	// Rules take over no address and no host outside the domains, as services do not.
	private boolean mayBeRouted(String scheme, String host) {
		return scheme.equalsIgnoreCase("lb")
				|| (isPermitted(host) && !host.equalsIgnoreCase("localhost") && host.indexOf(':') < 0);
	}

	/**
	 * Tells whether a host may be a service, as far as its name says.
	 * @param host the host of a URI
	 * @return false if it has a dot and is in none of the domains
	 */
	public boolean isPermitted(String host) {
		return host.indexOf('.') < 0 || isInDomain(host.toLowerCase(Locale.ROOT));
	}

	private boolean isInDomain(String host) {
		int begin = 0;
		while (begin >= 0) {
			if (this.domains.contains(host.substring(begin))) {
				return true;
			}
			int dot = host.indexOf('.', begin);
			begin = (dot >= 0) ? dot + 1 : -1;
		}
		return false;
	}

	/**
	 * Returns the requirement for instances that is in a URI.
	 * @param uri the URI of the request
	 * @return the requirement, or null for none
	 */
	public static @Nullable Requirement requirement(URI uri) {
		String scheme = uri.getScheme();
		return (scheme != null) ? requirement(scheme, uri.getPort()) : null;
	}

	private static @Nullable Requirement requirement(String scheme, int port) {
		boolean secure = scheme.equalsIgnoreCase("https") || scheme.equalsIgnoreCase("wss");
		if (port < 0 || port == (secure ? HTTPS_PORT : HTTP_PORT)) {
			return secure ? Requirement.SECURE : null;
		}
		return new Requirement(secure, port);
	}

}
