package io.redmesh.autoconfigure.registry;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import io.redmesh.autoconfigure.RegistryConnectionDetails;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.utility.DockerImageName;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.service.connection.ConnectionDetails;
import org.springframework.boot.autoconfigure.service.connection.ConnectionDetailsFactories;
import org.springframework.boot.docker.compose.core.ConnectionPorts;
import org.springframework.boot.docker.compose.core.ImageReference;
import org.springframework.boot.docker.compose.core.RunningService;
import org.springframework.boot.docker.compose.service.connection.DockerComposeConnectionSource;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.testcontainers.service.connection.ServiceConnection;
import org.springframework.boot.testcontainers.service.connection.ServiceConnectionAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.mock.env.MockEnvironment;
import org.springframework.util.ReflectionUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of service connections by Docker Compose and by Testcontainers, with what Spring
 * Boot passes to them. No container is started.
 */
class RegistryServiceConnectionTests {

	@ParameterizedTest
	@CsvSource({ "redmesh/registry, false", "registry.example.org/redmesh/registry:0.1.0, false", "our/own, true" })
	void serviceOfDockerComposeIsFoundByItsImageOrItsLabel(String image, boolean labelled) throws Exception {
		Map<String, String> labels = labelled
				? Map.of("org.springframework.boot.service-connection", "redmesh/registry") : Map.of();
		assertThat(details(new Service(ImageReference.of(image), labels)).urls())
			.hasToString("[http://127.0.0.1:49152]");
	}

	@Test
	void otherServicesOfDockerComposeAreLeftAlone() throws Exception {
		assertThat(details(new Service(ImageReference.of("nginx"), Map.of()))).isNull();
	}

	@Test
	void imageOfTheProjectsOwnComposeFileIsTheOneThatIsFound() throws IOException {
		assertThat(Files.readString(Path.of("../docker-compose.yml"))).contains("image: redmesh/registry\n");
	}

	@Test
	void containerOfATestIsWhereTheRegistryIs() {
		new ApplicationContextRunner()
			.withConfiguration(
					AutoConfigurations.of(ServiceConnectionAutoConfiguration.class, RegistryAutoConfiguration.class))
			.withUserConfiguration(Containers.class)
			.withPropertyValues("mesh.registry.url=http://elsewhere:1")
			.run((context) -> assertThat(context.getBean(RegistryConnectionDetails.class).urls())
				.hasToString("[http://127.0.0.1:49153]"));
	}

	private static RegistryConnectionDetails details(RunningService service) throws Exception {
		DockerComposeConnectionSource source = ReflectionUtils
			.accessibleConstructor(DockerComposeConnectionSource.class, RunningService.class, Environment.class)
			.newInstance(service, new MockEnvironment());
		Map<Class<?>, ConnectionDetails> found = new ConnectionDetailsFactories(
				RegistryServiceConnectionTests.class.getClassLoader())
			.getConnectionDetails(source, false);
		return (RegistryConnectionDetails) found.get(RegistryConnectionDetails.class);
	}

	private record Service(ImageReference image, Map<String, String> labels) implements RunningService {

		@Override
		public String name() {
			return "registry";
		}

		@Override
		public String host() {
			return "127.0.0.1";
		}

		@Override
		public ConnectionPorts ports() {
			return new ConnectionPorts() {

				@Override
				public int get(int containerPort) {
					assertThat(containerPort).isEqualTo(8761);
					return 49152;
				}

				@Override
				public List<Integer> getAll() {
					return List.of(49152);
				}

				@Override
				public List<Integer> getAll(String protocol) {
					return getAll();
				}

			};
		}

		@Override
		public Map<String, String> env() {
			return Map.of();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Containers {

		@Bean
		@ServiceConnection(name = "redmesh/registry")
		NeverStarted registry() {
			return new NeverStarted();
		}

	}

	static class NeverStarted extends GenericContainer<NeverStarted> {

		NeverStarted() {
			super(DockerImageName.parse("redmesh/registry"));
		}

		@Override
		public void start() {
			// There is no container engine.
		}

		@Override
		public void stop() {
			// It never ran.
		}

		@Override
		public String getHost() {
			return "127.0.0.1";
		}

		@Override
		public Integer getMappedPort(int originalPort) {
			assertThat(originalPort).isEqualTo(8761);
			return 49153;
		}

	}

}
