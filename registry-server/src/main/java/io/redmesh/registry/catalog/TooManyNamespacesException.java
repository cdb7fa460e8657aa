package io.redmesh.registry.catalog;

/**
 * A refusal to follow one more namespace. It has no stack trace: it is a response, and
 * not a fault of the server.
 */
@SuppressWarnings("serial")
public final class TooManyNamespacesException extends RuntimeException {

	TooManyNamespacesException(int max) {
		super("This server follows %d namespaces at most (mesh.server.catalog.max-namespaces)".formatted(max), null,
				false, false);
	}

}
