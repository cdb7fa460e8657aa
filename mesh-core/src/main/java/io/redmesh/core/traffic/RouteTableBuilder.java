package io.redmesh.core.traffic;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A builder of the {@link RouteTable} of a client. It leaves out what does not concern
 * the client. Rules of the same host follow one another in the order of their keys; what
 * Istio does with them is undefined.
 */
final class RouteTableBuilder {

	private final Client client;

	private final Set<String> gateways;

	private final Map<String, List<MatchedRoute>> routes = new HashMap<>();

	private final Map<String, ServicePolicy> services = new HashMap<>();

	RouteTableBuilder(Client client, Set<String> gateways) {
		this.client = client;
		this.gateways = gateways;
	}

	RouteTableBuilder add(Collection<? extends Rule> rules) {
		List<Rule> ordered = new ArrayList<>(rules);
		ordered.sort(Comparator.comparing(Rule::key));
		for (Rule rule : ordered) {
			if (rule instanceof VirtualService virtualService) {
				add(virtualService);
			}
			else if (rule instanceof DestinationRule destinationRule) {
				this.services.computeIfAbsent(destinationRule.host(), (host) -> new ServicePolicy())
					.add(destinationRule);
			}
		}
		return this;
	}

	private void add(VirtualService rule) {
		if (!rule.gateways().includes(this.client, this.gateways)) {
			return;
		}
		for (String host : rule.hosts()) {
			List<MatchedRoute> routes = this.routes.computeIfAbsent(host, (name) -> new ArrayList<>());
			for (MatchedRoute route : rule.routes()) {
				if (route.match().source().includes(this.client)) {
					routes.add(route);
				}
			}
		}
	}

	RouteTable build() {
		Map<String, HostRoutes> hosts = new HashMap<>();
		this.routes.forEach((host, routes) -> {
			// Without any route for this client, calls go where the host says, as in
			// Istio.
			if (!routes.isEmpty()) {
				hosts.put(host, new HostRoutes(host, reachable(routes)));
			}
		});
		return new RouteTable(this.client.namespace(), new HostTable<>(hosts), new HostTable<>(this.services));
	}

	private static List<MatchedRoute> reachable(List<MatchedRoute> routes) {
		for (int i = 0; i < routes.size(); i++) {
			if (routes.get(i).match().isCatchAll()) {
				return routes.subList(0, i + 1);
			}
		}
		return routes;
	}

}
