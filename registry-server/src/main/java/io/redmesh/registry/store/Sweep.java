package io.redmesh.registry.store;

import java.util.List;
import java.util.SortedSet;

import org.jspecify.annotations.Nullable;

/**
 * The result of one sweep.
 *
 * @param evicted the incarnations that this call evicted
 * @param suspected the incarnations that this call made suspects
 * @param guards the guards that keep instances from being evicted
 * @param digest the digest of the namespace, or null if it cannot be compared
 */
public record Sweep(List<Incarnation> evicted, List<Incarnation> suspected, SortedSet<Guard> guards,
		@Nullable Digest digest) {

}
