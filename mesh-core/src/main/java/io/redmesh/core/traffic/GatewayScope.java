package io.redmesh.core.traffic;

import java.util.Collections;
import java.util.Set;

/**
 * The gateways whose clients obey a rule.
 *
 * @param names their names; {@value Client#MESH} stands for the apps of the mesh
 * @param meshOtherwise whether the apps of the mesh obey, too, as long as none of the
 * gateways is registered
 */
public record GatewayScope(Set<String> names, boolean meshOtherwise) {

	/** The scope of a rule that names no gateway. */
	public static final GatewayScope MESH = new GatewayScope(Set.of(Client.MESH), false);

	public GatewayScope {
		names = Set.copyOf(names);
	}

	/**
	 * Returns whether a client obeys.
	 * @param client the client
	 * @param registered the names of gateways that are registered
	 * @return whether it does
	 */
	boolean includes(Client client, Set<String> registered) {
		return this.names.stream().anyMatch(client::isGateway) || (this.meshOtherwise && client.isGateway(Client.MESH)
				&& Collections.disjoint(this.names, registered));
	}

}
