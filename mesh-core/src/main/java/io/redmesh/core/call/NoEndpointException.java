package io.redmesh.core.call;

import java.io.IOException;

import org.jspecify.annotations.Nullable;

/** The exception for a call to a service of the mesh that has no instance to call. */
@SuppressWarnings("serial")
public class NoEndpointException extends IOException {

	private final @Nullable String service;

	/**
	 * Creates the exception.
	 * @param message the service, and what is known of its instances
	 */
	public NoEndpointException(String message) {
		super(message);
		this.service = null;
	}

	/**
	 * Creates the exception for a call that was not planned because no instance was
	 * known. It was sent to a host of the service's name, and found none.
	 * @param service the service
	 * @param message the service, and what is known of its instances
	 * @param cause the failure of the call
	 */
	public NoEndpointException(String service, String message, Throwable cause) {
		super(message, cause);
		this.service = service;
	}

	/**
	 * Returns the service, if the mesh planned no call of it.
	 * @return its name, or null
	 */
	public @Nullable String service() {
		return this.service;
	}

}
