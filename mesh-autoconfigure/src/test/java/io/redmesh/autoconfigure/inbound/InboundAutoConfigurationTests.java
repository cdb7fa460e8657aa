package io.redmesh.autoconfigure.inbound;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.TreeMap;
import jakarta.servlet.Filter;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpHeaders;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.WebFilter;

import static org.assertj.core.api.Assertions.assertThat;

class InboundAutoConfigurationTests {

	private static final AutoConfigurations INBOUND = AutoConfigurations.of(InboundAutoConfiguration.class);

	private final WebApplicationContextRunner servlet = new WebApplicationContextRunner().withConfiguration(INBOUND)
		.withPropertyValues("spring.application.name=orders");

	private final ReactiveWebApplicationContextRunner reactive = new ReactiveWebApplicationContextRunner()
		.withConfiguration(INBOUND)
		.withPropertyValues("spring.application.name=orders");

	@Test
	void servletAppChecksTheDestination() {
		this.servlet.run((context) -> assertThat(context).hasSingleBean(Filter.class)
			.hasSingleBean(DestinationFilter.class)
			.doesNotHaveBean(WebFilter.class));
	}

	@Test
	void reactiveAppChecksTheDestination() {
		this.reactive.run((context) -> assertThat(context).hasSingleBean(DestinationWebFilter.class)
			.doesNotHaveBean(DestinationFilter.class));
	}

	@ParameterizedTest
	@ValueSource(strings = { "mesh.enabled=false", "mesh.inbound.check-destination=false", "spring.application.name=" })
	void propertySwitchesItOff(String property) {
		this.servlet.withPropertyValues(property)
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(DestinationFilter.class));
		this.reactive.withPropertyValues(property)
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(DestinationWebFilter.class));
	}

	@Test
	void appWithoutAWebServerChecksNothing() {
		new ApplicationContextRunner().withConfiguration(INBOUND)
			.withPropertyValues("spring.application.name=orders")
			.run((context) -> assertThat(context).doesNotHaveBean(DestinationFilter.class)
				.doesNotHaveBean(DestinationWebFilter.class));
	}

	@Test
	void reactiveAppNeedsNoServletApi() {
		this.reactive.withClassLoader(new FilteredClassLoader("jakarta.servlet"))
			.run((context) -> assertThat(context).hasSingleBean(DestinationWebFilter.class));
	}

	@ParameterizedTest
	@ValueSource(strings = { "servlet", "reactive" })
	void callsForOthersAreMisdirected(String type) throws Exception {
		try (ConfigurableApplicationContext app = start(type)) {
			String port = app.getEnvironment().getRequiredProperty("local.server.port");
			assertThat(get(port, null).body()).isEqualTo("none");
			// Once it has arrived, nobody needs to know where it was going.
			assertThat(get(port, "Orders").body()).isEqualTo("none");
			HttpResponse<String> misdirected = get(port, "invoices");
			assertThat(misdirected.statusCode()).isEqualTo(421);
			assertThat(misdirected.body()).isEmpty();
		}
	}

	private static ConfigurableApplicationContext start(String type) {
		return new SpringApplicationBuilder(App.class)
			.properties("spring.main.web-application-type=" + type, "spring.application.name=orders", "server.port=0",
					"server.address=127.0.0.1", "mesh.registration.enabled=false", "mesh.discovery.enabled=false",
					// The registry's own settings are on the test's class path.
					"spring.config.name=none", "spring.main.banner-mode=off")
			.run();
	}

	private static HttpResponse<String> get(String port, String destination) throws Exception {
		HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/"));
		if (destination != null) {
			request.header("Mesh-Destination", destination);
		}
		return HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
	}

	@RestController
	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class App {

		@GetMapping("/")
		String destination(@RequestHeader HttpHeaders headers,
				@RequestHeader(name = "Mesh-Destination", defaultValue = "none") String destination) {
			boolean listed = new TreeMap<>(headers.toSingleValueMap()).toString().toLowerCase().contains("mesh-");
			return listed ? headers.toString() : destination;
		}

	}

}
