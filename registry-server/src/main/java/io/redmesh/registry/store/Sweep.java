package io.redmesh.registry.store;

import java.util.List;
import java.util.SortedSet;

import org.jspecify.annotations.Nullable;

/**
 * What came of one sweep.
 *
 * @param evicted those that were evicted by this call
 * @param suspected those that this call began to doubt
 * @param guards what keeps others from being evicted
 * @param digest what the namespace adds up to, or null where this cannot be compared
 */
public record Sweep(List<Incarnation> evicted, List<Incarnation> suspected, SortedSet<Guard> guards,
		@Nullable Digest digest) {

}
