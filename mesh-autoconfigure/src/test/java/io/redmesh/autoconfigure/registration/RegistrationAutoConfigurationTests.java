package io.redmesh.autoconfigure.registration;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;

import io.micrometer.core.instrument.MeterRegistry;
import io.redmesh.autoconfigure.RegistryConnectionDetails;
import io.redmesh.autoconfigure.actuate.ActuateAutoConfiguration;
import io.redmesh.autoconfigure.actuate.MeshEndpoint;
import io.redmesh.autoconfigure.cloud.CloudDiscoveryAutoConfiguration;
import io.redmesh.autoconfigure.discovery.DiscoveryAutoConfiguration;
import io.redmesh.autoconfigure.discovery.WatchLoop;
import io.redmesh.autoconfigure.registry.RegistryAutoConfiguration;
import io.redmesh.autoconfigure.registry.RegistryClient;
import io.redmesh.core.instance.Instance;
import io.redmesh.core.registry.Catalog;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Flux;

import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.availability.ApplicationAvailabilityAutoConfiguration;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.cloud.client.discovery.DiscoveryClient;
import org.springframework.cloud.client.discovery.ReactiveDiscoveryClient;
import org.springframework.cloud.client.serviceregistry.Registration;
import org.springframework.cloud.client.serviceregistry.ServiceRegistry;
import org.springframework.scheduling.TaskScheduler;
import org.springframework.web.reactive.function.client.WebClient;

import static org.assertj.core.api.Assertions.assertThat;

@ExtendWith(OutputCaptureExtension.class)
class RegistrationAutoConfigurationTests {

	@TempDir
	static Path directory;

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(ApplicationAvailabilityAutoConfiguration.class,
				RegistryAutoConfiguration.class, DiscoveryAutoConfiguration.class, RegistrationAutoConfiguration.class,
				CloudDiscoveryAutoConfiguration.class, ActuateAutoConfiguration.class))
		.withPropertyValues("spring.application.name=orders", "mesh.registry.url=http://127.0.0.1:9",
				"mesh.discovery.snapshot-directory=" + directory, "management.endpoints.web.exposure.include=*");

	@Test
	void everythingIsOnByDefault() {
		this.runner.run((context) -> {
			assertThat(context).hasSingleBean(MeshSession.class)
				.hasSingleBean(WatchLoop.class)
				.hasSingleBean(DiscoveryClient.class)
				.hasSingleBean(ReactiveDiscoveryClient.class)
				.hasSingleBean(ServiceRegistry.class)
				.hasBean("meshHealthIndicator")
				.hasBean("meshMetrics");
			assertThat(context.getBean(MeshSession.class).isRunning()).isTrue();
		});
	}

	@Test
	void meshThatIsOffLeavesNothingBehind() {
		this.runner.withPropertyValues("mesh.enabled=false")
			.run((context) -> assertThat(context.getBeanDefinitionNames())
				.noneMatch((name) -> name.startsWith("mesh") || name.contains("redmesh")));
	}

	@Test
	void appThatDoesNotRegisterNeedsNoName() {
		this.runner.withPropertyValues("mesh.registration.enabled=false", "spring.application.name=")
			.run((context) -> assertThat(context).hasNotFailed()
				.hasSingleBean(WatchLoop.class)
				.doesNotHaveBean(SelfDescription.class)
				.doesNotHaveBean(ServiceRegistry.class));
	}

	@Test
	void appThatDoesNotDiscoverStillRegisters() {
		this.runner.withPropertyValues("mesh.discovery.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean(WatchLoop.class)
				.hasSingleBean(DiscoveryClient.class)
				.hasSingleBean(Catalog.class)
				.hasSingleBean(SelfDescription.class));
	}

	@Test
	void beansOfTheUserWin() {
		Catalog catalog = new Catalog();
		this.runner.withBean("own", Catalog.class, () -> catalog)
			.withBean(RegistryConnectionDetails.class, () -> () -> List.of(URI.create("http://127.0.0.2:9")))
			.run((context) -> {
				assertThat(context.getBean(Catalog.class)).isSameAs(catalog);
				assertThat(context.getBean(RegistryClient.class).url()).hasToString("http://127.0.0.2:9");
			});
	}

	@ParameterizedTest
	@CsvSource({ "spring.application.name, ''", "spring.application.name, my_orders", "mesh.instance.service, 'a b'" })
	void invalidNameStopsOnlyTheRegistrationAndIsReported(String property, String name, CapturedOutput output) {
		this.runner.withPropertyValues(property + "=" + name).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(context.getBean(MeshSession.class).isRunning()).isTrue();
			String problem = context.getBean(RegistrationJournal.class).state().problem();
			assertThat(problem).contains(property, name);
			assertThat(output).containsOnlyOnce(problem);
			assertThat(context.getBean(MeshEndpoint.class).mesh().registration().problem()).isEqualTo(problem);
			assertThat(context.getBean("meshHealthIndicator", HealthIndicator.class).health().getDetails())
				.containsEntry("problem", problem);
			assertThat(context.getBean(Registration.class).getUri()).hasToString("http://localhost");
		});
	}

	@Test
	void nameInTheMeshMayDifferFromTheNameOfTheApp() {
		this.runner.withPropertyValues("mesh.instance.service=Orders-v2").run((context) -> {
			assertThat(context.getBean(SelfDescription.class).describe()).succeedsWithin(Duration.ofSeconds(10))
				.extracting(Instance::service)
				.isEqualTo("orders-v2");
			assertThat(context.getBean(Registration.class).getServiceId()).isEqualTo("orders-v2");
		});
	}

	@Test
	void noExecutorOrSchedulerIsExposed() {
		this.runner
			.run((context) -> assertThat(context).doesNotHaveBean(Executor.class).doesNotHaveBean(TaskScheduler.class));
	}

	@Test
	void appsWithoutWebServerActuatorMicrometerAndReactorStart() {
		for (Class<?> missing : new Class<?>[] { WebServerInitializedEvent.class, Endpoint.class, HealthIndicator.class,
				MeterRegistry.class, Flux.class, WebClient.class }) {
			this.runner.withClassLoader(new FilteredClassLoader(missing))
				.run((context) -> assertThat(context).hasNotFailed().hasSingleBean(MeshSession.class));
		}
		this.runner.withClassLoader(new FilteredClassLoader(Endpoint.class))
			.run((context) -> assertThat(context).doesNotHaveBean(MeshEndpoint.class));
		this.runner.withClassLoader(new FilteredClassLoader(Flux.class))
			.run((context) -> assertThat(context).doesNotHaveBean("meshReactiveDiscoveryClient"));
	}

	@Test
	void drainThatDoesNotFitIntoThePhaseIsShortened() {
		this.runner.withPropertyValues("mesh.registration.drain=30s", "spring.lifecycle.timeout-per-shutdown-phase=10s")
			.run((context) -> assertThat(context.getBean(MeshSession.class)).extracting("settings.drain")
				.isEqualTo(Duration.ofSeconds(6)));
	}

}
