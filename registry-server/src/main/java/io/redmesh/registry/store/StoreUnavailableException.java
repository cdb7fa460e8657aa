package io.redmesh.registry.store;

/** The store cannot be reached, or not in time. */
@SuppressWarnings("serial")
public class StoreUnavailableException extends RuntimeException {

	/**
	 * Creates the exception.
	 * @param message why it cannot, for people to read
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
