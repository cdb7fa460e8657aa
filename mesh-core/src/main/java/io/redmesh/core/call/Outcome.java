package io.redmesh.core.call;

/** How one attempt ended. */
public enum Outcome {

	/** An answer came, whatever it says. */
	RESPONDED,

	/** The receiver is not the service that was meant; it has done nothing. */
	MISDIRECTED,

	/** No connection could be made; nothing was sent. */
	CONNECT_FAILED,

	/** The connection broke before an answer; the receiver may have done something. */
	BROKEN,

	/**
	 * It took longer than the caller wanted to wait; the receiver may have done
	 * something.
	 */
	TIMED_OUT,

	/**
	 * The caller lost interest, or failed on its own side; says nothing about the
	 * endpoint.
	 */
	ABANDONED

}
