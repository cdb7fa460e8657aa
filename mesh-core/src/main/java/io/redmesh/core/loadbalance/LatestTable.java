package io.redmesh.core.loadbalance;

import java.util.List;

import io.redmesh.core.endpoint.Endpoint;

/**
 * The alias table of the last list of candidates.
 * <p>
 * Safe for use by many threads; several may compute the same table.
 */
final class LatestTable {

	private volatile AliasTable table = AliasTable.EMPTY;

	AliasTable of(List<Endpoint> candidates) {
		AliasTable current = this.table;
		if (!current.weighted().areOf(candidates)) {
			current = AliasTable.of(candidates);
			this.table = current;
		}
		return current;
	}

}
