package io.redmesh.registry.store;

import java.util.List;

import io.redmesh.core.registry.Cursor;

/**
 * What became of a renewal of many leases.
 *
 * @param states one for each lease, in the order of the question
 * @param cursor where the namespace's history stands
 */
public record RenewResult(List<LeaseState> states, Cursor cursor) {

}
