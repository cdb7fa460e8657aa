package io.redmesh.registry.store;

/**
 * The counts of what was restored from a backup.
 *
 * @param instances the number of instances
 * @param overrides the number of overrides
 */
public record LoadResult(int instances, int overrides) {

	/** The result without an instance and without an override. */
	public static final LoadResult NOTHING = new LoadResult(0, 0);

	/**
	 * Adds another result.
	 * @param other the other result
	 * @return the sum
	 */
	public LoadResult plus(LoadResult other) {
		return new LoadResult(this.instances + other.instances, this.overrides + other.overrides);
	}

}
