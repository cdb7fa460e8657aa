package io.redmesh.core.traffic;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * The routes and policies that follow from the rules for one client. Immutable, so that a
 * call can keep the table that it began with.
 */
public final class RouteTable {

	/** The table without any rule. */
	public static final RouteTable EMPTY = of(List.of(), new Client("", "", Map.of(), Set.of()));

	private final String namespace;

	private final HostTable<HostRoutes> hosts;

	private final HostTable<ServicePolicy> services;

	RouteTable(String namespace, HostTable<HostRoutes> hosts, HostTable<ServicePolicy> services) {
		this.namespace = namespace;
		this.hosts = hosts;
		this.services = services;
	}

	/**
	 * Makes the table of a client, in a mesh without gateways.
	 * @param rules the rules, in any order
	 * @param client the client
	 * @return the table
	 */
	public static RouteTable of(Collection<? extends Rule> rules, Client client) {
		return of(rules, client, Set.of());
	}

	/**
	 * Makes the table of a client.
	 * @param rules the rules, in any order
	 * @param client the client
	 * @param gateways the names of the gateways that are registered
	 * @return the table
	 */
	public static RouteTable of(Collection<? extends Rule> rules, Client client, Set<String> gateways) {
		return new RouteTableBuilder(client, gateways).add(rules).build();
	}

	/**
	 * Returns the routes of a host: those of its own name, or else of the longest
	 * wildcard that stands for it. A name in lower case is found without garbage.
	 * @param host the host of a call without a port
	 * @return the routes, or null if no rule concerns the host
	 */
	public @Nullable HostRoutes host(String host) {
		return this.hosts.find(HostName.canonical(host, this.namespace));
	}

	/**
	 * Returns all routes.
	 * @return the routes of each host; exact hosts first, then the wildcards
	 */
	public Collection<HostRoutes> hosts() {
		return this.hosts.all();
	}

	/**
	 * Returns the policy of calls to a destination.
	 * @param destination the destination
	 * @return the policy, or null if no rule has one
	 */
	public @Nullable TrafficPolicy policy(DestinationKey destination) {
		ServicePolicy service = this.services.find(destination.service());
		return (service != null) ? service.policy(destination.subset()) : null;
	}

	/**
	 * Returns the labels of the instances of a destination.
	 * @param destination the destination
	 * @return the labels, empty for all instances; null if no rule defines the subset
	 */
	public @Nullable Map<String, String> subset(DestinationKey destination) {
		if (destination.subset().isEmpty()) {
			return Map.of();
		}
		ServicePolicy service = this.services.find(destination.service());
		return (service != null) ? service.labels(destination.subset()) : null;
	}

}
