package io.redmesh.registry.store;

/**
 * The counts of what was restored in a new epoch.
 *
 * @param held the number of instances that were registered again, or set back to what
 * they were
 * @param left the number of instances that had deregistered and were removed again
 */
public record Restored(int held, int left) {

}
