package io.redmesh.core.call;

import java.io.IOException;

/** A service of the mesh has no instance that could be called. */
@SuppressWarnings("serial")
public class NoEndpointException extends IOException {

	/**
	 * Creates the exception.
	 * @param message which service, and what is known of its instances
	 */
	public NoEndpointException(String message) {
		super(message);
	}

	/**
	 * Creates the exception with a cause.
	 * @param message which service, and what is known of its instances
	 * @param cause what became of the call without them
	 */
	public NoEndpointException(String message, Throwable cause) {
		super(message, cause);
	}

}
