package io.redmesh.registry.store;

import io.redmesh.core.registry.Cursor;

/**
 * A digest of a namespace at one cursor, so that a copy of it can be compared. Each
 * change has a revision of its own, so a copy that lacks a change, or has one too many,
 * has another digest.
 *
 * @param cursor the cursor
 * @param instances the number of instances
 * @param sum the sum of the revisions of their last changes
 */
public record Digest(Cursor cursor, long instances, long sum) {

}
