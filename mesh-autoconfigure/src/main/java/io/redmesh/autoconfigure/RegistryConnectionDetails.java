package io.redmesh.autoconfigure;

import java.net.URI;
import java.util.List;

import org.springframework.boot.autoconfigure.service.connection.ConnectionDetails;

/**
 * Where the registry is, whoever says so: properties, Docker Compose, a test container.
 */
public interface RegistryConnectionDetails extends ConnectionDetails {

	/**
	 * Returns the base URLs of the registry's servers, without a slash at their end.
	 * @return at least one
	 */
	List<URI> urls();

}
