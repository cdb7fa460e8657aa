package io.redmesh.registry.watch;

import java.util.concurrent.Executor;

/** The connection of a watcher. */
interface Wire {

	/**
	 * Returns the only thread on which the connection is used.
	 * @return its event loop
	 */
	Executor thread();

	/**
	 * Returns whether the connection can take a frame.
	 * @return false until it is set up
	 */
	boolean isOpen();

	/**
	 * Sends a frame and flushes it.
	 * @param frame the frame, not to be changed
	 * @param written called on {@link #thread()} when the network has taken all of it
	 */
	void send(byte[] frame, Runnable written);

	/** Ends the response in good order. */
	void complete();

	/** Closes the connection at once. */
	void cut();

}
