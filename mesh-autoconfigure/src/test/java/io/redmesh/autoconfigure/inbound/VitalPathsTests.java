package io.redmesh.autoconfigure.inbound;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Hooks;

import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests of what real servers answer when their limit, or even its reserve, is used up.
 */
class VitalPathsTests {

	private static final String EVERYTHING = "management.endpoints.web.exposure.include=*";

	// Netty's auto-configuration is on the class path, too.
	private static final String ONE_SERVER = "spring.autoconfigure.exclude=org.springframework.boot.tomcat."
			+ "autoconfigure.actuate.web.server.TomcatReactiveManagementContextAutoConfiguration";

	@AfterEach
	void disableAutomaticContextPropagation() {
		Hooks.disableAutomaticContextPropagation();
	}

	@ParameterizedTest
	@ValueSource(strings = { "servlet", "reactive" })
	void exposedEndpointsAreVitalAndHealthIsProbed(String type) throws Exception {
		try (ConfigurableApplicationContext app = InboundApp.start(type, EVERYTHING)) {
			assertUrgency(app, RequestPriority.PROBE, "/actuator/health", "/actuator/health?a=//b",
					"/actuator/health/liveness", "/actuator/health/readiness");
			assertUrgency(app, RequestPriority.VITAL, "/actuator", "/actuator/info", "/actuator/mesh/orders");
			assertUrgency(app, RequestPriority.ORDINARY, "/headers", "/", "/livez", "/actuators", "/actuator/unknown",
					"/actuator/healthy", "/shop/actuator/health");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "servlet", "reactive" })
	void pathThatOnlyBeginsLikeActuatorIsOrdinary(String type) throws Exception {
		try (ConfigurableApplicationContext app = InboundApp.start(type, EVERYTHING)) {
			assertUrgency(app, RequestPriority.ORDINARY, "/actuator/../headers", "/actuator/health/../../headers",
					"/actuator/health/..", "/actuator/info/.", "/actuator/./health", "/actuator/%2e%2e/headers",
					"/actuator/health/%2E%2E/%2e%2e/headers", "/actuator/health/..;/..;a=b/headers",
					"/actuator;a=b/health", "//actuator/health", "/actuator//health", "/headers/..;/actuator/health");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "servlet", "reactive" })
	void pathsAreThoseBelowTheApp(String type) throws Exception {
		try (ConfigurableApplicationContext app = InboundApp.start(type, EVERYTHING,
				"management.endpoints.web.base-path=/manage", "server.servlet.context-path=/shop",
				"spring.mvc.servlet.path=/api", "spring.webflux.base-path=/shop/api",
				"management.endpoint.health.probes.add-additional-paths=true")) {
			assertUrgency(app, RequestPriority.PROBE, "/shop/api/manage/health/liveness", "/shop/api/livez",
					"/shop/api/readyz");
			assertUrgency(app, RequestPriority.VITAL, "/shop/api/manage", "/shop/api/manage/info");
			assertUrgency(app, RequestPriority.ORDINARY, "/shop/api/headers", "/shop/api/actuator/health");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "servlet", "reactive" })
	void actuatorAtTheRootIsToldFromTheApp(String type) throws Exception {
		try (ConfigurableApplicationContext app = InboundApp.start(type, EVERYTHING,
				"management.endpoints.web.base-path=/")) {
			assertUrgency(app, RequestPriority.PROBE, "/health", "/health/liveness");
			assertUrgency(app, RequestPriority.VITAL, "/info");
			assertUrgency(app, RequestPriority.ORDINARY, "/", "/headers");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "servlet", "reactive" })
	void ofActuatorOnAPortOfItsOwnOnlyAdditionalPathsAreProbed(String type) throws Exception {
		try (ConfigurableApplicationContext app = InboundApp.start(type, EVERYTHING, ONE_SERVER,
				"management.server.port=0", "management.endpoint.health.group.up.include=ping",
				"management.endpoint.health.group.up.additional-path=server:/up")) {
			assertUrgency(app, RequestPriority.PROBE, "/up");
			assertUrgency(app, RequestPriority.ORDINARY, "/headers", "/actuator", "/actuator/health", "/actuator/info");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "servlet", "reactive" })
	void strangersDoNotTakeTheReserve(String type) throws Exception {
		try (ConfigurableApplicationContext app = InboundApp.start(type, "mesh.inbound.trust-priority=false")) {
			ConcurrencyLimit limit = app.getBean(Admission.class).limit();
			assertThat(answer(app, "/headers", "Mesh-Priority: high")).startsWith("HTTP/1.1 200").endsWith("[]");
			await().until(() -> limit.inFlight() == 0);
			enter(limit, 2);
			assertThat(answer(app, "/headers", "Mesh-Priority: high", "Mesh-Destination: orders"))
				.startsWith("HTTP/1.1 503");
		}
	}

	private static void assertUrgency(ConfigurableApplicationContext app, RequestPriority priority, String... paths)
			throws IOException {
		ConcurrencyLimit limit = app.getBean(Admission.class).limit();
		for (String path : paths) {
			enter(limit, 2);
			boolean ordinary = isShed(app, path);
			await().until(() -> limit.inFlight() == 2);
			enter(limit, 3);
			boolean probe = !isShed(app, path);
			await().until(() -> limit.inFlight() == 3);
			assertThat(ordinary ? RequestPriority.ORDINARY : probe ? RequestPriority.PROBE : RequestPriority.VITAL)
				.as(path)
				.isEqualTo(priority);
		}
	}

	private static void enter(ConcurrencyLimit limit, int inFlight) {
		while (limit.inFlight() > 0) {
			limit.leave(ServiceRate.UNKNOWN, 1);
		}
		for (int i = 0; i < inFlight; i++) {
			assertThat(limit.tryEnter(true)).isPositive();
		}
	}

	// A healthy server sends this header only if it refuses a request.
	private static boolean isShed(ConfigurableApplicationContext app, String path) throws IOException {
		return answer(app, path).lines().map(String::toLowerCase).toList().contains("retry-after: 1");
	}

	/** Sends a path as it is, which HTTP clients do not. */
	private static String answer(ConfigurableApplicationContext app, String path, String... headers)
			throws IOException {
		int port = app.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
		try (Socket socket = new Socket("127.0.0.1", port)) {
			String request = "GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n%s\r\n".formatted(path,
					String.join("", List.of(headers).stream().map((header) -> header + "\r\n").toList()));
			socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
			return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		}
	}

}
