package io.redmesh.autoconfigure.cloud;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.redmesh.autoconfigure.call.CallAutoConfiguration;
import io.redmesh.autoconfigure.discovery.DiscoveryAutoConfiguration;
import io.redmesh.autoconfigure.registry.RegistryAutoConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Flux;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.cloud.client.DefaultServiceInstance;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.loadbalancer.annotation.LoadBalancerClient;
import org.springframework.cloud.loadbalancer.config.LoadBalancerAutoConfiguration;
import org.springframework.cloud.loadbalancer.core.ServiceInstanceListSupplier;
import org.springframework.cloud.loadbalancer.support.LoadBalancerClientFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

@ExtendWith(OutputCaptureExtension.class)
class UnusedSettingsTests {

	private static final String WARNING = "does not honour these settings of Spring Cloud LoadBalancer";

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(RegistryAutoConfiguration.class, DiscoveryAutoConfiguration.class,
				CallAutoConfiguration.class, CloudLoadBalancerAutoConfiguration.class,
				LoadBalancerAutoConfiguration.class))
		.withPropertyValues("mesh.discovery.enabled=false");

	@Test
	void settingsThatLoseNothingAreNotWarnedOf(CapturedOutput output) {
		this.runner
			.withPropertyValues("spring.cloud.loadbalancer.cache.ttl=5s", "spring.cloud.loadbalancer.cache.capacity=9",
					"spring.cloud.loadbalancer.x-forwarded.enabled=true",
					"spring.cloud.loadbalancer.eager-load.clients=orders")
			.run((context) -> assertThat(context).hasNotFailed());
		assertThat(output).doesNotContain(WARNING);
	}

	@ParameterizedTest
	@CsvSource({ "zone=a, set mesh.instance.locality.region and .zone",
			"health-check.interval=5s, remove it; instances that fail",
			"healthCheck.path.default=/health, remove it; instances that fail",
			"hint.default=a, set mesh.call.services.<service>.labels",
			"hint-header-name=X-Hint, write a VirtualService",
			"sticky-session.add-service-instance-cookie=true, set mesh.call.services.<service>.session-cookie",
			"retry.max-retries-on-next-service-instance=3, set mesh.call.retry",
			"configurations=zone-preference, mesh.instance.locality.region and .zone",
			"subset.size=3, has no equivalent", "api-version.header=X-Version, write a VirtualService",
			"stats.micrometer.enabled=true, mesh.client.*", "clients.orders.retry.enabled=true, set mesh.call.retry" })
	void settingIsNamedWithWhatToDo(String setting, String advice, CapturedOutput output) {
		this.runner.withPropertyValues("spring.cloud.loadbalancer." + setting)
			.run((context) -> assertThat(context).hasNotFailed());
		assertThat(output).contains(WARNING).contains(advice);
	}

	@Test
	void allSettingsAreOneWarning(CapturedOutput output) {
		this.runner.withUserConfiguration(App.class)
			.withPropertyValues("spring.main.lazy-initialization=true", "spring.cloud.loadbalancer.zone=a",
					"spring.cloud.loadbalancer.retry.enabled=true",
					"spring.cloud.loadbalancer.clients.orders.retry.enabled=true",
					"spring.cloud.loadbalancer.clients.orders.health-check.interval=3s")
			.run((context) -> assertThat(context).hasNotFailed());
		assertThat(count(output, WARNING)).isOne();
		assertThat(count(output, "spring.cloud.loadbalancer.retry: ")).isOne();
		assertThat(output).contains("- spring.cloud.loadbalancer.zone: ")
			.contains("- spring.cloud.loadbalancer.health-check: ")
			.contains("- ServiceInstanceListSupplier bean 'ownInstances': ")
			.contains("- @LoadBalancerClient configuration " + Instances.class.getName() + " of 'orders': ");
	}

	@Test
	void appWithoutSpringCloudLoadBalancerIsChecked(CapturedOutput output) {
		this.runner.withClassLoader(new FilteredClassLoader(LoadBalancerClientFactory.class))
			.withPropertyValues("spring.cloud.loadbalancer.zone=a")
			.run((context) -> assertThat(context).hasNotFailed());
		assertThat(count(output, WARNING)).isOne();
	}

	private static int count(CapturedOutput output, String text) {
		Matcher matcher = Pattern.compile(Pattern.quote(text)).matcher(output);
		int count = 0;
		while (matcher.find()) {
			count++;
		}
		return count;
	}

	@Configuration(proxyBeanMethods = false)
	@LoadBalancerClient(name = "orders", configuration = Instances.class)
	static class App {

		@Bean
		ServiceInstanceListSupplier ownInstances() {
			return new Own();
		}

	}

	static class Instances {

	}

	static final class Own implements ServiceInstanceListSupplier {

		@Override
		public String getServiceId() {
			return "orders";
		}

		@Override
		public Flux<List<ServiceInstance>> get() {
			return Flux.just(List.of(new DefaultServiceInstance("a", "orders", "localhost", 80, false)));
		}

	}

}
