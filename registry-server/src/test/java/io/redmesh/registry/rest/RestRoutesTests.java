package io.redmesh.registry.rest;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

import io.redmesh.registry.TestServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

@ExtendWith(OutputCaptureExtension.class)
class RestRoutesTests {

	private static final String INSTANCE = "/v1/namespaces/default/services/orders/instances/a";

	@Test
	void whoHangsUpInTheMiddleOfABodyIsNoErrorOfTheServer(CapturedOutput output) throws IOException {
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

}
