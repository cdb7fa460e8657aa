package io.redmesh.autoconfigure.inbound;

/**
 * The requests that have come but wait for a thread of the server, where the inbound
 * filter does not see them. Implementations are safe for use by many threads.
 */
@FunctionalInterface
interface WaitingRequests {

	/**
	 * Those of a server in which requests do not wait for threads, or which cannot tell.
	 */
	WaitingRequests NONE = () -> 0;

	/**
	 * Counts them.
	 * @return how many wait, 0 if that is unknown
	 */
	int count();

}
