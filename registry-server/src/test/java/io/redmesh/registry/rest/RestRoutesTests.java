package io.redmesh.registry.rest;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import com.sun.net.httpserver.HttpServer;
import io.micrometer.core.instrument.MeterRegistry;
import io.redmesh.registry.TestServer;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Mono;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

@ExtendWith(OutputCaptureExtension.class)
class RestRoutesTests {

	private static final String INSTANCE = "/v1/namespaces/default/services/orders/instances/a";

	@Test
	void clientThatHangsUpInTheMiddleOfABodyIsNoErrorOfTheServer(CapturedOutput output) throws IOException {
		try (TestServer server = TestServer.start()) {
			for (int i = 0; i < 20; i++) {
				try (Socket socket = new Socket("127.0.0.1", server.port())) {
					socket.getOutputStream()
						.write(("PUT " + INSTANCE + " HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n{\"host\"")
							.getBytes(StandardCharsets.US_ASCII));
					socket.setSoLinger(i % 2 == 0, 0);
				}
			}
			assertThat(server.get("/v1/namespaces/default/services").status()).isIn(200, 404, 503);
		}
		assertThat(output).doesNotContain(" ERROR ");
	}

	@ParameterizedTest
	@CsvSource({ "GET, http://registry/openapi?x, 200", "GET, http://registry:1, 404", "GET, /\"<{, 404", "GET, *, 404",
			"GET, openapi, 404", "BREW, /openapi, 405", "OPTIONS, /openapi, 204", "OPTIONS, /v1/nothing, 404",
			"GET, /actuator/\", 404" })
	void targetsOfAllFormsAreUnderstood(String method, String target, int status) throws IOException {
		try (TestServer server = TestServer.start();
				RawConnection connection = new RawConnection(server.port(), Duration.ofSeconds(20))) {
			connection.write(method + " " + target + " HTTP/1.1\r\nHost: registry\r\n\r\n");
			assertThat(connection.readResponse(method)).isEqualTo(status);
		}
	}

	@Test
	void optionsListTheMethodsOfAPath() {
		try (TestServer server = TestServer.start()) {
			assertThat(server.call("OPTIONS", "/openapi", null).header("Allow").split(", "))
				.containsExactlyInAnyOrder("GET", "HEAD", "OPTIONS");
			assertThat(server.call("OPTIONS", INSTANCE, null).header("Allow").split(", "))
				.containsExactlyInAnyOrder("PUT", "DELETE", "OPTIONS");
		}
	}

	@Test
	void answersAreMeasuredByTheTemplateOfTheirPath() {
		try (TestServer server = TestServer.start()) {
			server.put(INSTANCE, "{}");
			server.get("/v1/nothing/of/the/kind");
			MeterRegistry meters = server.bean(MeterRegistry.class);
			assertThat(meters.get("http.server.requests")
				.tags("uri", "/v1/namespaces/{ns}/services/{service}/instances/{id}", "method", "PUT", "status", "400",
						"outcome", "CLIENT_ERROR")
				.timer()
				.count()).isOne();
			assertThat(meters.get("http.server.requests").tags("uri", "NOT_FOUND", "status", "404").timer().count())
				.isOne();
		}
	}

	@Test
	void requestsAreTracedWhereSpansAreExported() throws IOException {
		String trace = "0af7651916cd43dd8448eb211c80319c";
		Queue<byte[]> exported = new ConcurrentLinkedQueue<>();
		HttpServer collector = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
		collector.createContext("/v1/traces", (exchange) -> {
			exported.add(exchange.getRequestBody().readAllBytes());
			exchange.sendResponseHeaders(200, -1);
			exchange.close();
		});
		collector.start();
		try (TestServer server = TestServer
			.start("management.opentelemetry.tracing.export.otlp.endpoint=http://127.0.0.1:"
					+ collector.getAddress().getPort() + "/v1/traces")) {
			server.put(INSTANCE, "{}", "traceparent", "00-" + trace + "-b7ad6b7169203331-01");
		}
		finally {
			collector.stop(0);
		}
		assertThat(exported).singleElement(InstanceOfAssertFactories.BYTE_ARRAY).satisfies((spans) -> {
			assertThat(HexFormat.of().formatHex(spans)).containsOnlyOnce(trace);
			assertThat(new String(spans, StandardCharsets.ISO_8859_1)).contains(
					"PUT /v1/namespaces/{ns}/services/{service}/instances/{id}", "http.response.status_code", INSTANCE);
		});
	}

	@Test
	void nothingIsTracedWhereNoSpansAreExported() {
		try (TestServer server = TestServer.start()) {
			Mono<Reply> reply = Mono.empty();
			assertThat(server.bean(RequestTracing.class).trace(null, "/", reply)).isSameAs(reply);
		}
	}

}
