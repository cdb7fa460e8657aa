package io.redmesh.autoconfigure.inbound;

import java.time.Duration;
import java.util.List;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.redmesh.autoconfigure.registry.RegistryAutoConfiguration;
import io.redmesh.core.instance.InvalidValueException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.web.server.WebFilter;

import static org.assertj.core.api.Assertions.assertThat;

class InboundAutoConfigurationTests {

	private static final AutoConfigurations INBOUND = AutoConfigurations.of(RegistryAutoConfiguration.class,
			InboundAutoConfiguration.class);

	private final WebApplicationContextRunner servlet = new WebApplicationContextRunner().withConfiguration(INBOUND)
		.withPropertyValues("spring.application.name=orders");

	private final ReactiveWebApplicationContextRunner reactive = new ReactiveWebApplicationContextRunner()
		.withConfiguration(INBOUND)
		.withPropertyValues("spring.application.name=orders");

	@Test
	void servletAppReceives() {
		this.servlet.run((context) -> assertThat(context).hasSingleBean(FilterRegistrationBean.class)
			.hasBean("meshInboundFilter")
			.doesNotHaveBean(WebFilter.class));
	}

	@Test
	void reactiveAppReceives() {
		this.reactive.run((context) -> assertThat(context).hasSingleBean(InboundWebFilter.class)
			.doesNotHaveBean("meshInboundFilter"));
	}

	@Test
	void propertySwitchesItOff() {
		this.servlet.withPropertyValues("mesh.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean("meshInboundFilter"));
		this.reactive.withPropertyValues("mesh.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(InboundWebFilter.class));
	}

	@ParameterizedTest
	@ValueSource(strings = { "mesh.inbound.check-destination=false", "spring.application.name=" })
	void destinationNeedNotBeChecked(String property) {
		MeshRequestHeaders misdirected = new MeshRequestHeaders("invoices", 1, null, false);
		this.servlet.run((context) -> assertThat(
				context.getBean(Admission.class).decide(misdirected, RequestPriority.ORDINARY, true))
			.isEqualTo(Refusal.MISDIRECTED));
		this.servlet.withPropertyValues(property)
			.run((context) -> assertThat(
					context.getBean(Admission.class).decide(misdirected, RequestPriority.ORDINARY, true))
				.isInstanceOf(Admitted.class));
	}

	@ParameterizedTest
	@CsvSource({ "max=0, mesh.inbound.limit.max", "min=0, mesh.inbound.limit.min", "min=2000, mesh.inbound.limit.min",
			"initial=19, mesh.inbound.limit.initial", "initial=1001, mesh.inbound.limit.initial",
			"burst=-1s, mesh.inbound.limit.burst", "burst=61s, mesh.inbound.limit.burst",
			"fast-within=-1s, mesh.inbound.limit.fastWithin" })
	void nonsenseFailsAtStart(String setting, String named) {
		this.servlet.withPropertyValues("mesh.inbound.limit." + setting)
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(InvalidValueException.class)
				.extracting((cause) -> "mesh.inbound.limit." + ((InvalidValueException) cause).field())
				.isEqualTo(named));
	}

	@Test
	void appWithoutAWebServerReceivesNothing() {
		new ApplicationContextRunner().withConfiguration(INBOUND)
			.withPropertyValues("spring.application.name=orders")
			.run((context) -> assertThat(context).doesNotHaveBean(Admission.class));
	}

	@Test
	void reactiveAppNeedsNoServletApi() {
		this.reactive.withClassLoader(new FilteredClassLoader("jakarta.servlet"))
			.run((context) -> assertThat(context).hasSingleBean(InboundWebFilter.class));
	}

	@Test
	void neitherMetricsNorContextPropagationAreNeeded() {
		this.servlet.withClassLoader(new FilteredClassLoader("io.micrometer"))
			.run((context) -> assertThat(context).hasBean("meshInboundFilter")
				.doesNotHaveBean("meshInboundMetrics")
				.doesNotHaveBean("meshServedRequestAccessor"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "-1s", "25h" })
	void patienceIsATime(String patience) {
		this.servlet.withPropertyValues("mesh.inbound.patience=" + patience)
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(InvalidValueException.class)
				.hasMessageContaining("patience"));
	}

	@Test
	void limitAndRefusalsAreMeasured() {
		this.servlet.withPropertyValues("mesh.inbound.limit.enabled=true").run((context) -> {
			Admission admission = context.getBean(Admission.class);
			admission.decide(new MeshRequestHeaders("invoices", 1, null, false), RequestPriority.ORDINARY, true);
			admission.decide(new MeshRequestHeaders(null, 1, Duration.ZERO, false), RequestPriority.ORDINARY, true);
			admission.decide(new MeshRequestHeaders(null, 1, null, false), RequestPriority.ORDINARY, false);
			admission.decide(new MeshRequestHeaders(null, 1, null, false), RequestPriority.ORDINARY, true);
			SimpleMeterRegistry meters = new SimpleMeterRegistry();
			context.getBean(InboundMetrics.class).bindTo(meters);
			assertThat(meters.get("mesh.inbound.in-flight").gauge().value()).isEqualTo(1);
			assertThat(meters.get("mesh.inbound.limit").gauge().value()).isEqualTo(200);
			assertThat(meters.get("mesh.inbound.expected").timeGauge().value()).isZero();
			for (String reason : List.of("misdirected", "deadline", "shed")) {
				assertThat(meters.get("mesh.inbound.refused").tag("reason", reason).functionCounter().count()).isOne();
			}
		});
	}

	@Test
	void thereIsNoLimitUnlessAskedFor() {
		this.servlet.run((context) -> {
			SimpleMeterRegistry meters = new SimpleMeterRegistry();
			context.getBean(InboundMetrics.class).bindTo(meters);
			assertThat(meters.find("mesh.inbound.limit").gauge()).isNull();
			assertThat(meters.get("mesh.inbound.in-flight").gauge().value()).isZero();
		});
	}

}
