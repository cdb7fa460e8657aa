package io.redmesh.autoconfigure.registration;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;

import io.redmesh.autoconfigure.MeshProperties;
import io.redmesh.core.instance.Instance;
import org.junit.jupiter.api.Test;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.mock.env.MockEnvironment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class SelfDescriptionTests {

	private static final String LOCAL = "http://127.0.0.1:8761";

	/** An address of the documentation range, to which no packet is ever sent. */
	private static final String REMOTE = "http://192.0.2.1:8761";

	private final MockEnvironment environment = new MockEnvironment();

	private final ServerPorts ports = new ServerPorts();

	@Test
	void addressIsTheOneOfTheRouteToTheRegistry() {
		this.ports.appListens(8080);
		Instance instance = describe(LOCAL, Map.of());
		assertThat(instance.host()).isEqualTo("127.0.0.1");
		assertThat(instance.id()).isEqualTo("127.0.0.1:8080");
		assertThat(instance.port()).isEqualTo(8080);
	}

	@Test
	void withoutAPortTheIdIsRandomAndStaysForTheLifeOfTheProcess() {
		String id = describe(LOCAL, Map.of()).id();
		assertThat(id).matches("127\\.0\\.0\\.1-[0-9a-f]{8}");
		assertThat(describe(LOCAL, Map.of()).id()).isEqualTo(id);
	}

	@Test
	void propertiesAreStrongerThanWhatIsSeen() {
		this.ports.appListens(8080);
		Instance instance = describe(LOCAL,
				Map.of("mesh.instance.host", "orders-1.example", "mesh.instance.port", "443", "mesh.instance.secure",
						"true", "mesh.instance.id", "one", "mesh.instance.weight", "7", "mesh.instance.locality.region",
						"eu", "mesh.instance.labels.version", "9"));
		assertThat(instance.authority()).isEqualTo("orders-1.example:443");
		assertThat(instance.secure()).isTrue();
		assertThat(instance.id()).isEqualTo("one");
		assertThat(instance.weight()).isEqualTo(7);
		assertThat(instance.locality().region()).isEqualTo("eu");
		assertThat(instance.labels()).containsExactly(Map.entry("version", "9"));
	}

	@Test
	void versionOfTheBuildIsALabel() {
		assertThat(describe(LOCAL, Map.of()).labels()).containsExactly(Map.entry("version", "1.2.3"));
	}

	@Test
	void ipv6AddressMakesAPermittedId() {
		this.ports.appListens(8080);
		assertThat(describe(LOCAL, Map.of("mesh.instance.host", "::1")).id()).isEqualTo("0::1:8080");
	}

	@Test
	void addressThatTheServerIsBoundToIsTheOne() {
		this.environment.setProperty("server.address", "127.0.0.2");
		assertThat(describe(LOCAL, Map.of()).host()).isEqualTo("127.0.0.2");
		this.environment.setProperty("server.address", "0.0.0.0");
		assertThat(describe(LOCAL, Map.of()).host()).isEqualTo("127.0.0.1");
	}

	@Test
	void loopbackAddressWhileTheRegistryIsElsewhereSaysWhatToSet() {
		assertThatExceptionOfType(CompletionException.class)
			.isThrownBy(() -> describe(REMOTE, Map.of("mesh.instance.host", "localhost")))
			.withMessageContaining("Set mesh.instance.host")
			.withMessageContaining(REMOTE);
	}

	@Test
	void serverWithTlsIsSecure() {
		this.environment.setProperty("server.ssl.bundle", "server");
		assertThat(describe(LOCAL, Map.of()).secure()).isTrue();
		this.environment.setProperty("server.ssl.enabled", "false");
		assertThat(describe(LOCAL, Map.of()).secure()).isFalse();
	}

	@Test
	void contextPathAndManagementPortAreMetadata() {
		this.environment.setProperty("server.servlet.context-path", "/shop");
		assertThat(describe(LOCAL, Map.of()).metadata()).containsEntry("context-path", "/shop")
			.containsEntry("management.context-path", "/shop/actuator")
			.doesNotContainKey("management.port");
		this.ports.managementListens(9090);
		this.environment.setProperty("management.server.base-path", "/ops");
		this.environment.setProperty("management.endpoints.web.base-path", "/manage");
		assertThat(describe(LOCAL, Map.of()).metadata()).containsEntry("management.port", "9090")
			.containsEntry("management.context-path", "/ops/manage");
	}

	private Instance describe(String registry, Map<String, String> properties) {
		MeshProperties bound = new Binder(new MapConfigurationPropertySource(properties)).bindOrCreate("mesh",
				MeshProperties.class);
		try (SelfDescription self = new SelfDescription("orders", bound.instance(), this.environment, this.ports,
				List.of(URI.create(registry)), "1.2.3")) {
			return self.describe().toCompletableFuture().join();
		}
	}

}
