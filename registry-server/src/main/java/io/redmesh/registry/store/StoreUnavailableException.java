package io.redmesh.registry.store;

/** A failure to reach the store, or to get its response in time. */
@SuppressWarnings("serial")
public class StoreUnavailableException extends RuntimeException {

	/**
	 * Creates the exception.
	 * @param message the reason, for people to read
	 */
	public StoreUnavailableException(String message) {
		super(message);
	}

	/**
	 * Creates the exception.
	 * @param message what was tried, for people to read
	 * @param cause why it failed
	 */
	public StoreUnavailableException(String message, Throwable cause) {
		super(message, cause);
	}

}
