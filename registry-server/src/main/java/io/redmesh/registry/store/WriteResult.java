package io.redmesh.registry.store;

import io.redmesh.core.registry.Cursor;

/**
 * What became of a write that needed a lease or an instance.
 *
 * @param state how the store found the lease; the write happened only if it was
 * {@link LeaseState#HELD}
 * @param cursor where the namespace's history stands afterwards
 */
public record WriteResult(LeaseState state, Cursor cursor) {

}
