package io.redmesh.registry.store;

import io.redmesh.core.registry.Cursor;

/**
 * The result of a write that needs a lease or an instance.
 *
 * @param state the state of the lease; the write happened only if it was
 * {@link LeaseState#HELD}
 * @param cursor the position in the namespace's history afterwards
 */
public record WriteResult(LeaseState state, Cursor cursor) {

}
