package io.redmesh.core.instance;

/**
 * Where an instance runs, in the three steps that Envoy and Istio know. An empty step
 * means <em>not said</em>; a step below an empty one must be empty too.
 *
 * @param region for example {@code eu-west}, at most 63 characters
 * @param zone within the region
 * @param subZone within the zone, for example a rack
 */
public record Locality(String region, String zone, String subZone) {

	/** Nothing is known about the place. */
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
