package io.redmesh.registry.rest;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.time.Duration;

import io.redmesh.registry.TestServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * Tests for the timeouts of connections. Silent and slow connections are closed; watches
 * and connections in use are not.
 */
class ConnectionTimeoutsTests {

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	private static final String HEAD = "PUT /v1/namespaces/default/services/orders/instances/a HTTP/1.1\r\nHost: a\r\n";

	private static TestServer server;

	@BeforeAll
	static void start() {
		server = TestServer.start("mesh.server.rest.idle-timeout=500ms", "mesh.server.rest.read-timeout=300ms",
				"mesh.server.rest.request-timeout=1s", "mesh.server.watch.ping=200ms");
	}

	@AfterAll
	static void stop() {
		server.close();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "GET", HEAD, HEAD + "Content-Length: 100\r\n\r\n{",
			"GET /openapi HTTP/1.1\r\nHost: a\r\n\r\n" })
	void silentConnectionIsClosed(String sent) throws IOException {
		try (RawConnection connection = new RawConnection(server.port(), PATIENCE)) {
			connection.write(sent);
			assertClosed(connection);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "GET /openapi HTTP/1.1\r\nHost: a\r\nX: ", HEAD + "Content-Length: 1000000\r\n\r\n{",
			HEAD + "Content-Length: 100000\r\n\r\n{" })
	void requestThatTricklesInIsCutOff(String begun) throws IOException {
		try (RawConnection connection = new RawConnection(server.port(), PATIENCE)) {
			connection.write(begun);
			assertThatThrownBy(() -> {
				for (int i = 0; i < 200; i++) {
					connection.write(" ");
					Thread.sleep(50);
				}
			}).isInstanceOf(SocketException.class);
		}
	}

	@Test
	void watchIsNotClosed() throws Exception {
		try (RawConnection connection = new RawConnection(server.port(), PATIENCE)) {
			connection.write("GET /v1/namespaces/default/watch HTTP/1.1\r\nHost: a\r\n\r\n");
			assertThat(connection.readResponse("GET")).isEqualTo(200);
			long until = System.nanoTime() + Duration.ofSeconds(3).toNanos();
			int lines = 0;
			while (System.nanoTime() < until) {
				connection.line();
				lines++;
			}
			assertThat(lines).isGreaterThan(10);
		}
	}

	@Test
	void connectionThatIsUsedIsNotClosed() throws Exception {
		try (RawConnection connection = new RawConnection(server.port(), PATIENCE)) {
			for (int i = 0; i < 8; i++) {
				connection.write("GET /openapi HTTP/1.1\r\nHost: a\r\n\r\n");
				assertThat(connection.readResponse("GET")).isEqualTo(200);
				Thread.sleep(200);
			}
		}
	}

	private static void assertClosed(RawConnection connection) {
		assertThatThrownBy(() -> {
			while (true) {
				connection.line();
			}
		}).isInstanceOfAny(EOFException.class, SocketException.class);
	}

}
