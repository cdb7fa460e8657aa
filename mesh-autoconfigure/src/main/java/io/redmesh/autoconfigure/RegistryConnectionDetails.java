package io.redmesh.autoconfigure;

import java.net.URI;
import java.util.List;

import org.springframework.boot.autoconfigure.service.connection.ConnectionDetails;

/** The addresses of the registry, from properties, Docker Compose or a test container. */
public interface RegistryConnectionDetails extends ConnectionDetails {

	/**
	 * Returns the base URLs of the registry's servers, without a trailing slash.
	 * @return at least one URL
	 */
	List<URI> urls();

}
