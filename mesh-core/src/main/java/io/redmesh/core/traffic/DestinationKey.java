package io.redmesh.core.traffic;

/**
 * The target of a call: a service, or a subset of its instances. There is no port,
 * because an instance is called at the port that it registered.
 *
 * @param service the service
 * @param subset the name of a subset that a {@link DestinationRule} defines, empty for
 * all instances
 */
public record DestinationKey(String service, String subset) {

	/** Returns the service, or service and subset such as {@code orders/v2}. */
	@Override
	public String toString() {
		return this.subset.isEmpty() ? this.service : this.service + "/" + this.subset;
	}

}
