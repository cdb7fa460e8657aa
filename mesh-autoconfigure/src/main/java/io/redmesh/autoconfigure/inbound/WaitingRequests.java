package io.redmesh.autoconfigure.inbound;

/**
 * The requests that have arrived but wait for a thread of the server, where the inbound
 * filter does not see them. Implementations are safe for use by many threads.
 */
@FunctionalInterface
interface WaitingRequests {

	/** The requests of a server without such a queue, or with one that cannot be read. */
	WaitingRequests NONE = () -> 0;

	/**
	 * Counts the waiting requests.
	 * @return their number, 0 if it is unknown
	 */
	int count();

}
