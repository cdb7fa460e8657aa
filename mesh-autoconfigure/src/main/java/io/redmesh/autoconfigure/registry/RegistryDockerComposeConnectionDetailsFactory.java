package io.redmesh.autoconfigure.registry;

import java.net.URI;
import java.util.List;

import io.redmesh.autoconfigure.RegistryConnectionDetails;

import org.springframework.boot.docker.compose.core.RunningService;
import org.springframework.boot.docker.compose.service.connection.DockerComposeConnectionDetailsFactory;
import org.springframework.boot.docker.compose.service.connection.DockerComposeConnectionSource;

/**
 * The factory of connection details for a registry that Docker Compose runs. It is found
 * by its image or by Spring Boot's label.
 */
final class RegistryDockerComposeConnectionDetailsFactory
		extends DockerComposeConnectionDetailsFactory<RegistryConnectionDetails> {

	RegistryDockerComposeConnectionDetailsFactory() {
		super(RegistryContainer.IMAGE);
	}

	@Override
	protected RegistryConnectionDetails getDockerComposeConnectionDetails(DockerComposeConnectionSource source) {
		return new Details(source.getRunningService());
	}

	private static final class Details extends DockerComposeConnectionDetails implements RegistryConnectionDetails {

		private final List<URI> urls;

		Details(RunningService service) {
			super(service);
			this.urls = List.of(RegistryContainer.url(service.host(), service.ports().get(RegistryContainer.PORT)));
		}

		@Override
		public List<URI> urls() {
			return this.urls;
		}

	}

}
