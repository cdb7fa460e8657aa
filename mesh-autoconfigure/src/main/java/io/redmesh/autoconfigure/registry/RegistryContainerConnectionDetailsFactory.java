package io.redmesh.autoconfigure.registry;

import java.net.URI;
import java.util.List;

import io.redmesh.autoconfigure.RegistryConnectionDetails;
import org.testcontainers.containers.Container;

import org.springframework.boot.testcontainers.service.connection.ContainerConnectionDetailsFactory;
import org.springframework.boot.testcontainers.service.connection.ContainerConnectionSource;

/**
 * The factory of connection details for a registry that a test runs in a container with
 * {@code @ServiceConnection}.
 */
final class RegistryContainerConnectionDetailsFactory
		extends ContainerConnectionDetailsFactory<Container<?>, RegistryConnectionDetails> {

	RegistryContainerConnectionDetailsFactory() {
		super(RegistryContainer.IMAGE);
	}

	@Override
	protected RegistryConnectionDetails getContainerConnectionDetails(ContainerConnectionSource<Container<?>> source) {
		return new Details(source);
	}

	private static final class Details extends ContainerConnectionDetails<Container<?>>
			implements RegistryConnectionDetails {

		Details(ContainerConnectionSource<Container<?>> source) {
			super(source);
		}

		@Override
		public List<URI> urls() {
			Container<?> container = getContainer();
			return List.of(RegistryContainer.url(container.getHost(), container.getMappedPort(RegistryContainer.PORT)));
		}

	}

}
