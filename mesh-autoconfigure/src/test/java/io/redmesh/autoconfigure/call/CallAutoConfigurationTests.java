package io.redmesh.autoconfigure.call;

import io.redmesh.autoconfigure.discovery.DiscoveryAutoConfiguration;
import io.redmesh.autoconfigure.registry.RegistryAutoConfiguration;
import io.redmesh.core.call.CallPlanner;
import io.redmesh.core.call.RetryPolicy;
import io.redmesh.core.endpoint.EndpointPools;
import io.redmesh.core.loadbalance.LoadBalancing;
import io.redmesh.core.time.Time;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

class CallAutoConfigurationTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(RegistryAutoConfiguration.class, DiscoveryAutoConfiguration.class,
				CallAutoConfiguration.class))
		.withPropertyValues("mesh.discovery.enabled=false");

	@Test
	void callsArePlannedByDefault() {
		this.runner.run((context) -> {
			assertThat(context).hasSingleBean(HttpCalls.class).hasSingleBean(CallPlanner.class);
			assertThat(context.getBean(CallProperties.class))
				.isEqualTo(new CallProperties(true, LoadBalancing.WEIGHTED_ROUND_ROBIN, 3));
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "mesh.enabled=false", "mesh.call.enabled=false" })
	void propertySwitchesItOff(String property) {
		this.runner.withPropertyValues(property)
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean(HttpCalls.class)
				.doesNotHaveBean(CallPlanner.class));
	}

	@Test
	void propertiesAreBound() {
		this.runner.withPropertyValues("mesh.call.load-balancing=random", "mesh.call.max-attempts=1")
			.run((context) -> assertThat(context.getBean(CallProperties.class))
				.isEqualTo(new CallProperties(true, LoadBalancing.RANDOM, 1)));
	}

	@Test
	void numberOfAttemptsHasItsLimits() {
		this.runner.withPropertyValues("mesh.call.max-attempts=11")
			.run((context) -> assertThat(context).getFailure().rootCause().hasMessageContaining("maxAttempts: 11"));
	}

	@Test
	void usersPlannerWins() {
		this.runner.withUserConfiguration(OwnPlanner.class)
			.run((context) -> assertThat(context).getBeanNames(CallPlanner.class).containsExactly("ownPlanner"));
	}

	@Configuration(proxyBeanMethods = false)
	static class OwnPlanner {

		@Bean
		CallPlanner ownPlanner(EndpointPools pools, Time time) {
			return new CallPlanner(pools, LoadBalancing.RANDOM, new RetryPolicy(1), time);
		}

	}

}
