package io.redmesh.core.traffic;

import java.util.Map;
import java.util.Set;

/**
 * The workload that calls. Which rules concern it is decided once, when its
 * {@link RouteTable} is made.
 *
 * @param service its service
 * @param namespace the namespace of the registry that it calls in
 * @param labels its labels
 * @param gateways the gateways that it is, by the names that rules give them; empty for
 * an app that is none
 */
public record Client(String service, String namespace, Map<String, String> labels, Set<String> gateways) {

	/** The gateway of Istio's rules that stands for all apps of the mesh. */
	public static final String MESH = "mesh";

	public Client {
		labels = Map.copyOf(labels);
		gateways = Set.copyOf(gateways);
	}

	/**
	 * Returns whether rules for a gateway concern this client.
	 * @param gateway the name of the gateway, or {@value #MESH}
	 * @return whether they do
	 */
	boolean isGateway(String gateway) {
		return this.gateways.isEmpty() ? gateway.equals(MESH) : this.gateways.contains(gateway);
	}

}
