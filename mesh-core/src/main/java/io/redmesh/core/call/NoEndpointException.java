package io.redmesh.core.call;

import java.io.IOException;

import org.jspecify.annotations.Nullable;

/** A service of the mesh has no instance that could be called. */
@SuppressWarnings("serial")
public class NoEndpointException extends IOException {

	private final @Nullable String service;

	/**
	 * Creates the exception.
	 * @param message which service, and what is known of its instances
	 */
	public NoEndpointException(String message) {
		super(message);
		this.service = null;
	}

	/**
	 * Creates the exception of a call that went to a host of the service's name, since no
	 * instance was known, and found none.
	 * @param service the service
	 * @param message which service, and what is known of its instances
	 * @param cause what became of the call
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
