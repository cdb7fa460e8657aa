package io.redmesh.registry.store;

/**
 * What was put back into a new epoch.
 *
 * @param held how many instances are registered again, or are again as they were
 * @param left how many had deregistered and were removed again
 */
public record Restored(int held, int left) {

}
