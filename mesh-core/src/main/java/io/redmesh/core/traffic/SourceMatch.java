package io.redmesh.core.traffic;

import java.util.Map;
import java.util.Set;

/**
 * The condition of a match on the workload that calls. If it names gateways, they alone
 * decide, as in Istio.
 *
 * @param labels the labels that the client must have
 * @param namespace the namespace of the client, empty for any
 * @param gateways the gateways one of which the client must be, empty for those of the
 * rule
 */
public record SourceMatch(Map<String, String> labels, String namespace, Set<String> gateways) {

	/** The condition that any client fulfils. */
	public static final SourceMatch ANY = new SourceMatch(Map.of(), "", Set.of());

	public SourceMatch {
		labels = Map.copyOf(labels);
		gateways = Set.copyOf(gateways);
	}

	boolean includes(Client client) {
		if (!this.gateways.isEmpty()) {
			return this.gateways.stream().anyMatch(client::isGateway);
		}
		return client.labels().entrySet().containsAll(this.labels.entrySet())
				&& (this.namespace.isEmpty() || this.namespace.equals(client.namespace()));
	}

}
