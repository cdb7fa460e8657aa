package io.redmesh.autoconfigure.inbound;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Hooks;

import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

class InboundManagementPortTests {

	@AfterEach
	void disableAutomaticContextPropagation() {
		Hooks.disableAutomaticContextPropagation();
	}

	@ParameterizedTest
	@ValueSource(strings = { "servlet", "reactive" })
	void managementPortIsNeverLimited(String type) throws Exception {
		try (ConfigurableApplicationContext app = InboundApp.start(type, "management.server.port=0",
				// Netty's auto-configuration is on the class path, too.
				"spring.autoconfigure.exclude=org.springframework.boot.tomcat.autoconfigure.actuate.web.server."
						+ "TomcatReactiveManagementContextAutoConfiguration")) {
			ConcurrencyLimit limit = app.getBean(Admission.class).limit();
			assertThat(limit.tryEnter(true) + limit.tryEnter(true) + limit.tryEnter(true)).isEqualTo(6);
			assertThat(get(app, "local.server.port", "/headers")).isEqualTo(503);
			assertThat(get(app, "local.management.port", "/actuator/info")).isEqualTo(200);
		}
	}

	private static int get(ConfigurableApplicationContext app, String port, String path) throws Exception {
		URI uri = URI.create("http://127.0.0.1:" + app.getEnvironment().getRequiredProperty(port) + path);
		HttpRequest request = HttpRequest.newBuilder(uri).build();
		return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
	}

}
