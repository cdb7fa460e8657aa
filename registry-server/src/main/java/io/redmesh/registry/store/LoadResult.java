package io.redmesh.registry.store;

/**
 * The counts of what was restored from a backup.
 *
 * @param instances how many instances
 * @param overrides how many overrides
 */
public record LoadResult(int instances, int overrides) {

	/** No instance and no override. */
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
