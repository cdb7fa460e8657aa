package io.redmesh.autoconfigure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import io.micrometer.context.ContextRegistry;
import io.micrometer.core.instrument.MeterRegistry;
import io.redmesh.autoconfigure.call.Ports;
import io.redmesh.autoconfigure.call.ServedRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.annotation.ImportCandidates;
import org.springframework.cloud.client.discovery.event.HeartbeatEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests of an app that makes its beans only when they are needed
 * ({@code spring.main.lazy-initialization}). Beans that exist for their side effects are
 * made at start all the same.
 */
class LazyInitializationTests {

	/**
	 * Beans that do nothing before another bean, a request or an operator needs them. A
	 * bean that is missing here must be made at start.
	 */
	private static final Set<String> MADE_WHEN_NEEDED = Set.of("meshReactorConnections", "meshConnectors",
			"meshReactiveCalls", "meshClientHttpRequestFactory", "meshClientHttpConnector", "meshRequestInterceptor",
			"meshExchangeFilter", "meshRestTemplateBuilder", "meshLoadBalancerClient",
			"meshReactiveLoadBalancerFactory", "meshCallReports", "meshServiceRegistry", "meshRegistration",
			"meshDiscoveryClient", "meshReactiveDiscoveryClient",
			// Made with HTTP service groups, and with Spring Boot's builder of clients.
			"meshRestClientGroups", "meshRestClientGroupTransports", "meshWebClientGroups",
			"meshWebClientGroupTransports", "meshRequestFactoryNotice",
			// Made by the event that it listens to.
			"meshInstanceRefresh",
			// Made with the DispatcherServlet, by the first request.
			"meshServletFailureNotice");

	private final List<HeartbeatEvent> heartbeats = new CopyOnWriteArrayList<>();

	private final TestRegistry registry = new TestRegistry();

	@TempDir
	private Path directory;

	private ConfigurableApplicationContext app;

	@BeforeEach
	void start() {
		// An earlier test may have left the accessor behind.
		ContextRegistry.getInstance().removeThreadLocalAccessor(ServedRequest.KEY);
		ApplicationListener<HeartbeatEvent> listener = this.heartbeats::add;
		this.app = new SpringApplicationBuilder(App.class)
			.properties("spring.main.lazy-initialization=true", "spring.main.web-application-type=servlet",
					"spring.application.name=orders", "server.port=0", "server.address=127.0.0.1",
					"server.shutdown=immediate", "mesh.registry.url=" + this.registry.url(),
					"mesh.discovery.snapshot-directory=" + this.directory, "mesh.registration.drain=0s",
					"spring.config.name=none", "spring.main.banner-mode=off")
			.listeners(listener)
			.run();
	}

	@AfterEach
	void stop() {
		this.app.close();
		this.registry.close();
	}

	@Test
	void everyAutoConfigurationIsPartOfThisTest() throws Exception {
		for (String name : autoConfigurations()) {
			assertThat(this.app.getBeanNamesForType(Class.forName(name), true, false)).as(name).isNotEmpty();
		}
	}

	@Test
	void onlyBeansMadeWhenNeededAreMissingAtStart() {
		ConfigurableListableBeanFactory beans = this.app.getBeanFactory();
		Stream<String> missing = Arrays.stream(beans.getBeanDefinitionNames())
			.filter((name) -> name.matches("mesh\\w+") && beans.getMergedBeanDefinition(name).isSingleton()
					&& !beans.containsSingleton(name));
		assertThat(missing).as("not made at start: make it @Lazy(false), or list it as made when needed")
			.isSubsetOf(MADE_WHEN_NEEDED);
	}

	@Test
	void sideEffectsHappen() throws Exception {
		await().until(() -> this.registry.keys().stream().anyMatch((key) -> key.startsWith("orders/")));
		assertThat(ContextRegistry.getInstance().getThreadLocalAccessors())
			.anyMatch((accessor) -> accessor.key().equals(ServedRequest.KEY));
		this.registry.put("stock", "dead", "127.0.0.1", Ports.closed());
		await().untilAsserted(() -> assertThat(this.heartbeats).isNotEmpty());
		await().until(() -> hasSnapshotOf("stock"));
		RestClient client = this.app.getBean("meshRestClientBuilder", RestClient.Builder.class).build();
		assertThatExceptionOfType(ResourceAccessException.class)
			.isThrownBy(() -> client.get().uri("http://stock/").retrieve().toBodilessEntity());
		await().untilAsserted(() -> assertThat(this.registry.requests).contains("POST hints"));
		MeterRegistry meters = this.app.getBean(MeterRegistry.class);
		assertThat(meters.find("mesh.inbound.in-flight").gauge()).isNotNull();
		assertThat(meters.find("mesh.catalog.instances").gauge()).isNotNull();
		assertThat(meters.find("mesh.client.endpoints").tag("mesh.service", "stock").gauges()).isNotEmpty();
	}

	private boolean hasSnapshotOf(String service) throws IOException {
		try (Stream<Path> files = Files.walk(this.directory)) {
			for (Path file : files.filter(Files::isRegularFile).toList()) {
				if (Files.readString(file).contains(service)) {
					return true;
				}
			}
			return false;
		}
	}

	private static List<String> autoConfigurations() {
		return StreamSupport
			.stream(ImportCandidates.load(AutoConfiguration.class, LazyInitializationTests.class.getClassLoader())
				.spliterator(), false)
			.filter((name) -> name.startsWith("io.redmesh.autoconfigure."))
			.toList();
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class App {

	}

}
