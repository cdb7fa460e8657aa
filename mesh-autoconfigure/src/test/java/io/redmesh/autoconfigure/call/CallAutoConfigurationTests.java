package io.redmesh.autoconfigure.call;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import io.redmesh.autoconfigure.discovery.DiscoveryAutoConfiguration;
import io.redmesh.autoconfigure.registry.RegistryAutoConfiguration;
import io.redmesh.core.call.CallPlanner;
import io.redmesh.core.call.CallPolicy;
import io.redmesh.core.endpoint.EjectionPolicy;
import io.redmesh.core.endpoint.EndpointPools;
import io.redmesh.core.endpoint.EndpointSubset;
import io.redmesh.core.instance.Instance;
import io.redmesh.core.loadbalance.LoadBalancing;
import io.redmesh.core.registry.Catalog;
import io.redmesh.core.registry.Cursor;
import io.redmesh.core.time.Time;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;

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
			CallProperties properties = context.getBean(CallProperties.class);
			assertThat(properties.policy("orders")).isEqualTo(CallPolicy.DEFAULT);
			assertThat(properties.ejection()).isEqualTo(EjectionPolicy.DEFAULT);
			assertThat(properties.retry().statuses()).containsExactlyInAnyOrder(502, 503, 504);
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
	void propertiesAreBoundForAllAndForOne() {
		this.runner
			.withPropertyValues("mesh.call.load-balancing=random", "mesh.call.retry.max-attempts=1",
					"mesh.call.timeout=5s", "mesh.call.slow-start=0s", "mesh.call.weigh-by-load=true",
					"mesh.call.services.reports.load-balancing=round-robin",
					"mesh.call.services.reports.session-cookie=place", "mesh.call.services.reports.attempt-timeout=2m",
					"mesh.call.services.reports.max-attempts=2")
			.run((context) -> {
				CallProperties properties = context.getBean(CallProperties.class);
				CallPolicy all = properties.policy("orders");
				assertThat(all.loadBalancing()).isEqualTo(LoadBalancing.RANDOM);
				assertThat(all.retries().maxAttempts()).isOne();
				assertThat(all.timeout()).isEqualTo(Duration.ofSeconds(5));
				CallPolicy reports = properties.policy("reports");
				assertThat(reports.loadBalancing()).isEqualTo(LoadBalancing.ROUND_ROBIN);
				assertThat(reports.attemptTimeout()).isEqualTo(Duration.ofMinutes(2));
				assertThat(reports.retries().maxAttempts()).isEqualTo(2);
				assertThat(reports.timeout()).isEqualTo(all.timeout());
				assertThat(properties.weighByLoad()).isTrue();
				assertThat(properties.sessionCookies()).containsExactly(Map.entry("reports", "place"));
				assertThat(context.getBean(EjectionPolicy.class).slowStart()).isZero();
			});
	}

	@ParameterizedTest
	@CsvSource({ "retry.max-attempts=11, maxAttempts: 11", "timeout=-1s, timeout: PT-1S",
			"attempt-timeout=2h, attemptTimeout: PT2H", "slow-start=1h, slowStart: PT1H",
			"retry.statuses=200, statuses: 200", "retry.budget=1.5, budget: 1.5", "retry.budget=NaN, budget: NaN",
			"retry.first-delay=1s, firstDelay: PT1S", "outlier.failure-share=-0.1, failureShare: -0.1",
			"outlier.minimum-attempts=0, minimumAttempts: 0", "outlier.first-ejection=0s, firstEjection: PT0S",
			"outlier.panic-threshold=2, panicThreshold: 2.0", "hash-key=X-User, hashKey: X-User",
			"services.orders.hash-key=body:x, hashKey: body:x", "max-concurrent-calls=-1, maxConcurrentCalls: -1",
			"max-pending-calls=-1, maxPendingCalls: -1", "retry.hedge-percentile=49, hedgePercentile: 49",
			"services.orders.hedge-percentile=100, hedgePercentile: 100",
			"services.orders.max-pending-calls=-1, maxPendingCalls: -1", "retry.max-body-size=-1B, maxBodySize: -1B",
			"retry.max-body-size=2GB, maxBodySize: 2147483648B", "services.orders.max-attempts=0, maxAttempts: 0",
			"services.orders.session-cookie=a b, sessionCookie: a b",
			"services.orders.session-cookie=, sessionCookie: ", "services.orders.labels[a!b]=c, labels[a!b]" })
	void nonsenseIsRefusedByName(String property, String message) {
		this.runner.withPropertyValues("mesh.call." + property)
			.run((context) -> assertThat(context).getFailure().rootCause().hasMessageContaining(message));
	}

	@Test
	void labelsOfAServiceAreASubsetOfItsInstances() {
		this.runner.withPropertyValues("mesh.call.services.orders.labels.version=v2").run((context) -> {
			CallProperties properties = context.getBean(CallProperties.class);
			assertThat(properties.policy("orders").subset()).isEqualTo(new EndpointSubset("", Map.of("version", "v2")));
			assertThat(properties.policy("stock").subset()).isNull();
		});
	}

	@ParameterizedTest
	@CsvSource({ "10, true", "11, false" })
	void bodiesAboveTheLimitAreNotSentAgain(int size, boolean again) {
		this.runner.withPropertyValues("mesh.call.retry.max-body-size=10B").run((context) -> {
			context.getBean(Catalog.class)
				.snapshot(new Cursor("lineage", 1, 1), true, Map.of("orders", List
					.of(Instance.of("orders", "a", "10.0.0.1", 80), Instance.of("orders", "b", "10.0.0.2", 80))));
			PendingCall pending = context.getBean(HttpCalls.class)
				.plan(URI.create("http://orders/"), HttpMethod.PUT, HttpHeaders.EMPTY, Map.of(), null, null);
			assertThat(pending).isNotNull();
			HttpCall call = pending.begin();
			call.bodyHas(size);
			assertThat(call.failed(new IOException("reset"))).isEqualTo(again);
			call.abandon();
		});
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
			return new CallPlanner(pools, (service) -> CallPolicy.DEFAULT, time);
		}

	}

}
