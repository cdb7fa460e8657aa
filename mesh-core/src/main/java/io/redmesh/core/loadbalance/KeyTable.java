package io.redmesh.core.loadbalance;

/**
 * A table that maps each key to an endpoint. It depends only on the weighted endpoints
 * that it was computed from, so that all processes agree. Immutable.
 */
@FunctionalInterface
interface KeyTable {

	/**
	 * Looks up the endpoint of a hash.
	 * @param hash a well mixed hash
	 * @return the index of an endpoint in the weighted endpoints
	 */
	int indexOf(long hash);

}
