package io.redmesh.autoconfigure.registration;

import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;

import io.redmesh.autoconfigure.MeshProperties;
import io.redmesh.core.instance.Instance;
import io.redmesh.core.instance.Names;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.web.context.reactive.GenericReactiveWebApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.mock.env.MockEnvironment;
import org.springframework.web.context.support.GenericWebApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

@ExtendWith(OutputCaptureExtension.class)
class SelfDescriptionTests {

	private static final String LOCAL = "http://127.0.0.1:8761";

	/** An address of the documentation range, to which no packet is ever sent. */
	private static final String REMOTE = "http://192.0.2.1:8761";

	private final MockEnvironment environment = new MockEnvironment();

	private final ServerPorts ports = new ServerPorts();

	private GenericApplicationContext context = new GenericApplicationContext();

	@Test
	void addressIsTheOneOfTheRouteToTheRegistry() {
		this.ports.appListens(8080, false);
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
	void propertiesWinOverDetectedValues() {
		this.ports.appListens(8080, false);
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
		this.ports.appListens(8080, false);
		assertThat(describe(LOCAL, Map.of("mesh.instance.host", "::1")).id()).isEqualTo("0::1:8080");
	}

	@Test
	void addressThatTheServerIsBoundToIsRegistered() {
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

	@ParameterizedTest
	@CsvSource({ "::1, ::1", "[::1], ::1", "0:0:0:0:0:0:0:1, 0:0:0:0:0:0:0:1", "localhost, localhost" })
	void addressThatTheServerIsBoundToIsWrittenAsHosts(String bound, String host) {
		this.environment.setProperty("server.address", bound);
		assertThat(describe(LOCAL, Map.of()).host()).isIn(host, "0:0:0:0:0:0:0:1");
	}

	@Test
	void noPortIsNoneAndWarnedOfWhereTheAppServes(CapturedOutput output) {
		this.ports.appListens(-1, false);
		assertThat(describe(LOCAL, Map.of()).port()).isZero();
		assertThat(output).doesNotContain("mesh.instance.port");
		this.context = new GenericWebApplicationContext();
		assertThat(describe(LOCAL, Map.of()).port()).isZero();
		assertThat(output).containsOnlyOnce("Set mesh.instance.port");
		assertThat(describe(LOCAL, Map.of("mesh.instance.port", "8080")).port()).isEqualTo(8080);
		assertThat(output).containsOnlyOnce("Set mesh.instance.port");
	}

	@Test
	void detectedValuesNeverMakeAnInstanceInvalid(CapturedOutput output) {
		Map<String, String> properties = new HashMap<>();
		for (int i = 0; i < Names.MAX_ENTRIES; i++) {
			properties.put("mesh.instance.metadata.key" + i, "value");
			properties.put("mesh.instance.labels.key" + i, "value");
		}
		this.environment.setProperty("server.servlet.context-path", "/shop");
		this.context = new GenericWebApplicationContext();
		Instance instance = describe(LOCAL, properties);
		assertThat(instance.metadata()).hasSize(Names.MAX_ENTRIES).doesNotContainKey("context-path");
		assertThat(instance.labels()).hasSize(Names.MAX_ENTRIES).doesNotContainKey("version");
		assertThat(output).containsOnlyOnce("registers without version in its labels: labels: 33 entries")
			.containsOnlyOnce("registers without context-path in its metadata");
	}

	@Test
	void longHostMakesAPermittedId() {
		String host = "a".repeat(63) + "." + "b".repeat(63) + "." + "c".repeat(63);
		this.ports.appListens(8080, false);
		assertThat(describe(LOCAL, Map.of("mesh.instance.host", host)).id()).startsWith("a".repeat(63))
			.endsWith(":8080");
	}

	@Test
	void serverWithTlsIsSecure() {
		this.environment.setProperty("server.ssl.bundle", "server");
		assertThat(describe(LOCAL, Map.of()).secure()).isTrue();
		this.environment.setProperty("server.ssl.enabled", "false");
		assertThat(describe(LOCAL, Map.of()).secure()).isFalse();
	}

	@Test
	void contextPathIsMetadata() {
		this.environment.setProperty("server.servlet.context-path", "/shop/");
		this.environment.setProperty("spring.webflux.base-path", "flux");
		this.environment.setProperty("spring.mvc.servlet.path", "/mvc");
		assertThat(describe(LOCAL, Map.of()).metadata()).isEmpty();
		this.context = new GenericWebApplicationContext();
		assertThat(describe(LOCAL, Map.of()).metadata()).containsExactly(Map.entry("context-path", "/shop"));
		this.context = new GenericReactiveWebApplicationContext();
		assertThat(describe(LOCAL, Map.of()).metadata()).containsExactly(Map.entry("context-path", "/flux"));
	}

	private Instance describe(String registry, Map<String, String> properties) {
		MeshProperties bound = new Binder(new MapConfigurationPropertySource(properties)).bindOrCreate("mesh",
				MeshProperties.class);
		this.context.setEnvironment(this.environment);
		this.environment.setProperty("spring.application.name", "orders");
		try (SelfDescription self = new SelfDescription(this.context, bound, this.ports, List.of(URI.create(registry)),
				"1.2.3", new InstanceDetails(bound.instance()), null)) {
			return self.describe().toCompletableFuture().join();
		}
	}

}
