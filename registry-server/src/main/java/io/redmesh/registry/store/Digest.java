package io.redmesh.registry.store;

import io.redmesh.core.registry.Cursor;

/**
 * What a namespace adds up to at one place in history, so that a copy of it can be
 * compared. Each change has a revision of its own, so a copy that has missed one, or has
 * one too many, adds up to something else.
 *
 * @param cursor the place in history
 * @param instances how many instances there are
 * @param sum the sum of the revisions of their last changes
 */
public record Digest(Cursor cursor, long instances, long sum) {

}
