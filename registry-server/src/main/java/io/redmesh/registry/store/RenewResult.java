package io.redmesh.registry.store;

import java.util.List;

import io.redmesh.core.registry.Cursor;

/**
 * The result of a renewal of many leases.
 *
 * @param states one state for each lease, in the order of the request
 * @param cursor the position in the namespace's history
 */
public record RenewResult(List<LeaseState> states, Cursor cursor) {

}
