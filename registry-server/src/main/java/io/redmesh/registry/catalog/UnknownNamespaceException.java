package io.redmesh.registry.catalog;

/**
 * A request for a namespace in which no instance was registered. It has no stack trace:
 * it is a response, and not a fault of the server.
 */
@SuppressWarnings("serial")
public final class UnknownNamespaceException extends RuntimeException {

	UnknownNamespaceException(String namespace) {
		super("Nothing was ever registered in the namespace " + namespace, null, false, false);
	}

}
