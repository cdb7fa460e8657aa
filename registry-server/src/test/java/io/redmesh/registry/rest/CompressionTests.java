package io.redmesh.registry.rest;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPInputStream;

import io.redmesh.registry.TestServer;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class CompressionTests {

	private static final String SERVICE = "/v1/namespaces/default/services/orders";

	@Test
	void listsAreCompressedForClientsThatAcceptItIfEnabled() throws IOException, InterruptedException {
		try (TestServer server = TestServer.start("server.compression.enabled=true")) {
			for (int i = 0; i < 50; i++) {
				server.register("orders", "i" + i);
			}
			String plain = server.get(SERVICE).response().body();
			HttpResponse<byte[]> answer = HttpClient.newHttpClient()
				.send(HttpRequest.newBuilder(server.uri(SERVICE)).header("Accept-Encoding", "gzip").build(),
						HttpResponse.BodyHandlers.ofByteArray());
			assertThat(answer.headers().firstValue("Content-Encoding")).contains("gzip");
			assertThat(answer.body()).hasSizeLessThan(plain.length() / 5);
			GZIPInputStream unzipped = new GZIPInputStream(new ByteArrayInputStream(answer.body()));
			assertThat(new String(unzipped.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo(plain);
		}
	}

}
