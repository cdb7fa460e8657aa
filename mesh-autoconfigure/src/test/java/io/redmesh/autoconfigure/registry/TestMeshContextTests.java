package io.redmesh.autoconfigure.registry;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

import io.redmesh.autoconfigure.TestRegistry;
import io.redmesh.autoconfigure.call.HttpTestServer;
import io.redmesh.autoconfigure.call.MeshClient;
import io.redmesh.autoconfigure.discovery.WatchLoop;
import io.redmesh.core.call.NoEndpointException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.aot.generate.GeneratedFiles;
import org.springframework.aot.generate.InMemoryGeneratedFiles;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.testcontainers.service.connection.ServiceConnection;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.ActiveProfiles;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.context.TestContextManager;
import org.springframework.test.context.TestPropertySource;
import org.springframework.test.context.aot.TestContextAotGenerator;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

class TestMeshContextTests {

	@TempDir
	static Path directory;

	private static final TestRegistry registry = new TestRegistry();

	private static final HttpTestServer orders = HttpTestServer.start("a");

	@BeforeAll
	static void register() {
		registry.put("orders", "a", "127.0.0.1", orders.port());
	}

	@AfterAll
	static void stop() {
		orders.close();
		registry.close();
	}

	@Test
	void testNeitherRegistersNorDiscoversNorWrites() throws Exception {
		registry.requests.clear();
		try (ConfigurableApplicationContext app = start(Plain.class)) {
			assertThat(app.getBeanProvider(WatchLoop.class)).isEmpty();
			assertThat(app.containsBean("meshRegistrations")).isFalse();
			assertThat(app.containsBean("meshSnapshotKeeper")).isFalse();
			assertThatThrownBy(() -> call(app)).rootCause().isNotInstanceOf(NoEndpointException.class);
			assertThatThrownBy(() -> call(app)).hasStackTraceContaining("mesh.discovery.instances.orders=");
		}
		assertThat(registry.requests).isEmpty();
		assertThat(files()).isZero();
	}

	@ParameterizedTest
	@ValueSource(classes = { Told.class, ToldBySource.class, ToldDynamically.class, ToldByProfile.class })
	void testThatIsToldToDiscoverDoesSoAndWritesNothing(Class<?> test) throws Exception {
		try (ConfigurableApplicationContext app = start(test)) {
			await().untilAsserted(() -> assertThat(call(app)).isEqualTo("a"));
			assertThat(app.containsBean("meshRegistrations")).isFalse();
		}
		assertThat(files()).isZero();
	}

	@Test
	void testMayBeToldAnythingElse() throws Exception {
		try (ConfigurableApplicationContext app = start(ToldEverything.class)) {
			assertThat(app.containsBean("meshRegistrations")).isTrue();
			assertThat(app.containsBean("meshSnapshotKeeper")).isTrue();
		}
	}

	@ParameterizedTest
	@ValueSource(classes = { WithContainer.class, WithContainerBean.class })
	void testThatBringsARegistryInAContainerRegistersAndDiscovers(Class<?> test) throws Exception {
		try (ConfigurableApplicationContext app = start(test)) {
			await().untilAsserted(() -> assertThat(call(app)).isEqualTo("a"));
			assertThat(app.containsBean("meshRegistrations")).isTrue();
			assertThat(app.containsBean("meshRegistration")).isTrue();
		}
		assertThat(files()).isZero();
	}

	@Test
	void containerDoesNotWinOverPropertiesOfTheTest() throws Exception {
		try (ConfigurableApplicationContext app = start(WithUnwantedContainer.class)) {
			assertThat(app.getBeanProvider(WatchLoop.class)).isEmpty();
			assertThat(app.containsBean("meshRegistrations")).isFalse();
		}
	}

	@Test
	void serviceByHandWorksInATest() throws Exception {
		try (ConfigurableApplicationContext app = start(ByHand.class)) {
			assertThat(call(app)).isEqualTo("a");
			assertThat(app.getBeanProvider(WatchLoop.class)).isEmpty();
		}
	}

	@Test
	void testThatIsProcessedAheadOfTimeIsTheSame() throws IOException {
		assertThat(processed(ForAot.class)).isNotEmpty()
			.contains("meshCatalog")
			.doesNotContain("meshWatchLoop", "meshRegistrations", "meshSnapshotKeeper");
	}

	private static String processed(Class<?> test) throws IOException {
		InMemoryGeneratedFiles files = new InMemoryGeneratedFiles();
		new TestContextAotGenerator(files).processAheadOfTime(Stream.of(test));
		StringBuilder sources = new StringBuilder();
		for (String path : files.getGeneratedFiles(GeneratedFiles.Kind.SOURCE).keySet()) {
			sources.append(files.getGeneratedFileContent(GeneratedFiles.Kind.SOURCE, path));
		}
		return sources.toString();
	}

	private static ConfigurableApplicationContext start(Class<?> test) throws Exception {
		ApplicationContext context = new TestContextManager(test).getTestContext().getApplicationContext();
		return (ConfigurableApplicationContext) context;
	}

	private static String call(ConfigurableApplicationContext app) {
		return app.getBean(Client.class).rest.get().uri("http://orders/").retrieve().body(String.class);
	}

	private static long files() throws IOException {
		try (Stream<Path> files = Files.list(directory)) {
			return files.count();
		}
	}

	static void registry(DynamicPropertyRegistry properties) {
		properties.add("mesh.registry.url", registry::url);
		properties.add("mesh.discovery.snapshot-directory", directory::toString);
	}

	record Client(RestClient rest) {

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class App {

		@Bean
		Client client(@MeshClient RestClient.Builder builder) {
			return new Client(builder.build());
		}

	}

	@SpringBootTest(classes = App.class, webEnvironment = SpringBootTest.WebEnvironment.NONE,
			properties = { "spring.application.name=shop", "spring.config.name=none" })
	static class Plain {

		@DynamicPropertySource
		static void properties(DynamicPropertyRegistry properties) {
			registry(properties);
		}

	}

	@SpringBootTest(classes = App.class, webEnvironment = SpringBootTest.WebEnvironment.NONE,
			properties = { "spring.application.name=shop", "spring.config.name=none", "mesh.discovery.enabled=true" })
	static class Told extends Plain {

	}

	@TestPropertySource(properties = "mesh.discovery.enabled=true")
	static class ToldBySource extends Plain {

	}

	static class ToldDynamically extends Plain {

		@DynamicPropertySource
		static void told(DynamicPropertyRegistry properties) {
			properties.add("mesh.discovery.enabled", () -> "true");
		}

	}

	@SpringBootTest(classes = App.class, webEnvironment = SpringBootTest.WebEnvironment.NONE,
			properties = { "spring.config.name=told", "spring.config.location=classpath:/test-mesh/" })
	@ActiveProfiles("test")
	static class ToldByProfile extends Plain {

	}

	@TestPropertySource(properties = { "mesh.discovery.enabled=true", "mesh.registration.enabled=true",
			"mesh.discovery.snapshot-enabled=true",
			"mesh.discovery.snapshot-directory=${java.io.tmpdir}/redmesh-test-${random.uuid}",
			"mesh.registry.url=http://127.0.0.1:9" })
	@SpringBootTest(classes = App.class, webEnvironment = SpringBootTest.WebEnvironment.NONE,
			properties = { "spring.application.name=shop", "spring.config.name=none" })
	static class ToldEverything {

	}

	static class WithContainer extends Plain {

		@ServiceConnection(name = "redmesh/registry")
		static final RunningRegistry container = new RunningRegistry();

	}

	@Import(Containers.class)
	static class WithContainerBean extends Plain {

	}

	@TestPropertySource(properties = { "mesh.discovery.enabled=false", "mesh.registration.enabled=false" })
	static class WithUnwantedContainer extends WithContainer {

	}

	@TestConfiguration(proxyBeanMethods = false)
	static class Containers {

		@Bean
		@ServiceConnection(name = "redmesh/registry")
		RunningRegistry container() {
			return new RunningRegistry();
		}

	}

	static final class RunningRegistry extends RegistryServiceConnectionTests.NeverStarted {

		// The container engine would be asked for it.
		@Override
		public String getDockerImageName() {
			return "redmesh/registry:latest";
		}

		@Override
		public Integer getMappedPort(int originalPort) {
			return registry.port();
		}

	}

	static class ByHand extends Plain {

		@DynamicPropertySource
		static void byHand(DynamicPropertyRegistry properties) {
			properties.add("mesh.discovery.instances.orders", () -> "http://localhost:" + orders.port());
		}

	}

	@SpringBootTest(classes = App.class, webEnvironment = SpringBootTest.WebEnvironment.NONE,
			properties = { "spring.application.name=shop", "spring.config.name=none" })
	static class ForAot {

	}

}
