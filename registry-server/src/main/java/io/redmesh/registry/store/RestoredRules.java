package io.redmesh.registry.store;

/**
 * The result of a restoration of traffic rules.
 *
 * @param refused whether the store's rules have another origin, so that nothing was
 * restored
 * @param count the number of rules and deletions that this call restored
 */
public record RestoredRules(boolean refused, int count) {

}
