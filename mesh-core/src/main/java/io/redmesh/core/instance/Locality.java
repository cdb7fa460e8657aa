package io.redmesh.core.instance;

/**
 * The location of an instance, in the three steps of Envoy and Istio. An empty step means
 * <em>unknown</em>; a step below an empty one must be empty too.
 *
 * @param region for example {@code eu-west}, at most 63 characters
 * @param zone within the region
 * @param subZone within the zone, for example a rack
 */
public record Locality(String region, String zone, String subZone) {

	/** The locality of an instance that names no region. */
	public static final Locality UNKNOWN = new Locality("", "", "");

	public Locality {
		Names.requireLocalityStep("locality.region", region);
		Names.requireLocalityStep("locality.zone", zone);
		Names.requireLocalityStep("locality.subZone", subZone);
		if (region.isEmpty() && !zone.isEmpty()) {
			throw new InvalidValueException("locality.zone", zone, "empty while locality.region is empty");
		}
		if (zone.isEmpty() && !subZone.isEmpty()) {
			throw new InvalidValueException("locality.subZone", subZone, "empty while locality.zone is empty");
		}
	}

}
