package io.redmesh.core.loadbalance;

import java.util.List;

import io.redmesh.core.endpoint.Endpoint;

/**
 * The alias table of the list that was asked for last.
 * <p>
 * Safe for use by many threads, of which several may compute the same.
 */
final class LatestTable {

	private volatile AliasTable table = AliasTable.EMPTY;

	AliasTable of(List<Endpoint> candidates) {
		AliasTable current = this.table;
		if (!current.shares().areOf(candidates)) {
			current = AliasTable.of(candidates);
			this.table = current;
		}
		return current;
	}

}
