package io.redmesh.autoconfigure.call;

import java.net.URI;
import java.util.Collection;
import java.util.Locale;
import java.util.Set;

import io.redmesh.core.call.CallPlan;
import io.redmesh.core.call.CallPlanner;
import io.redmesh.core.call.CallTerms;
import io.redmesh.core.endpoint.Requirement;
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
	 * Plans a call if its URI is for the mesh.
	 * @param planner the planner that knows the services
	 * @param uri the URI of the request
	 * @param terms the terms of the call besides those in the URI
	 * @return the plan, or null if the request passes as it is, without the mesh
	 */
	public @Nullable CallPlan plan(CallPlanner planner, URI uri, CallTerms terms) {
		String host = uri.getHost();
		String scheme = uri.getScheme();
		if (host == null || scheme == null) {
			return null;
		}
		Requirement requirement = requirement(scheme, uri.getPort());
		CallTerms all = (requirement != null) ? terms.requiring(requirement) : terms;
		if (scheme.equalsIgnoreCase("lb")) {
			return planner.planService(host, all);
		}
		return isPermitted(host) ? planner.plan(host, all) : null;
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

	private static @Nullable Requirement requirement(String scheme, int port) {
		boolean secure = scheme.equalsIgnoreCase("https") || scheme.equalsIgnoreCase("wss");
		if (port < 0 || port == (secure ? HTTPS_PORT : HTTP_PORT)) {
			return secure ? Requirement.SECURE : null;
		}
		return new Requirement(secure, port);
	}

}
