package io.redmesh.autoconfigure.registration;

/** {@code spring.application.name} is missing, or cannot be the name of a service. */
@SuppressWarnings("serial")
final class InvalidServiceNameException extends RuntimeException {

	InvalidServiceNameException(String message) {
		super(message);
	}

}
