package io.redmesh.core.loadbalance;

/**
 * Which endpoint a key belongs to. It depends on nothing but the shares that it was made
 * of, so that all processes agree. Immutable.
 */
@FunctionalInterface
interface KeyTable {

	/**
	 * Looks up whose a hash is.
	 * @param hash a well mixed hash
	 * @return the index of an endpoint in the shares
	 */
	int indexOf(long hash);

}
