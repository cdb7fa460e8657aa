package io.redmesh.registry.store;

/**
 * What was missing and came back from a backup.
 *
 * @param instances how many instances
 * @param overrides how many overrides
 */
public record Loaded(int instances, int overrides) {

	/** Nothing. */
	public static final Loaded NOTHING = new Loaded(0, 0);

	/**
	 * Adds up.
	 * @param other what came back besides
	 * @return both together
	 */
	public Loaded plus(Loaded other) {
		return new Loaded(this.instances + other.instances, this.overrides + other.overrides);
	}

}
