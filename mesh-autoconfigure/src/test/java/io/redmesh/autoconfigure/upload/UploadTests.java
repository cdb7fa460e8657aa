package io.redmesh.autoconfigure.upload;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that files far larger than the heap go through the mesh, in an app of its own
 * with a heap of 96 MB. {@code -Dupload.size=2147483648} makes the files 2 GB.
 */
class UploadTests {

	private static final long SIZE = Long.getLong("upload.size", 150_000_000);

	private final AtomicLong received = new AtomicLong();

	@TempDir
	private Path directory;

	private DisposableServer server;

	@BeforeEach
	void startServer() {
		this.server = HttpServer.create()
			.host("127.0.0.1")
			.port(0)
			.handle((request, response) -> request.receive()
				.doOnNext((buffer) -> this.received.addAndGet(buffer.readableBytes()))
				.then()
				.then(Mono.defer(() -> response.sendString(Mono.just("got it")).then())))
			.bindNow();
	}

	@AfterEach
	void stopServer() {
		this.server.disposeNow();
	}

	@ParameterizedTest
	@ValueSource(strings = { "jdk", "http-components", "jetty", "reactor" })
	void filesLargerThanTheHeapAreStreamed(String kind) throws Exception {
		Path file = this.directory.resolve("file");
		try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
			sparse.setLength(SIZE);
		}
		assertThat(run(kind, file))
			.endsWith("rest-client: 200 got it\nrest-template: 200 got it\nweb-client: 200 got it\n");
		assertThat(this.received).hasValue(3 * SIZE);
	}

	private String run(String kind, Path file) throws IOException, InterruptedException {
		List<String> command = new ArrayList<>(
				List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx96m",
						"-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Dspring.devtools.restart.enabled=false",
						"-Dspring.cloud.gateway.server.webflux.enabled=false",
						"-Dspring.cloud.gateway.server.webflux.redis.enabled=false", "-cp",
						System.getProperty("java.class.path"), UploadingApp.class.getName(), kind, file.toString(),
						Integer.toString(this.server.port())));
		Path output = this.directory.resolve("output");
		Process app = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile()).start();
		try {
			assertThat(app.waitFor(10, TimeUnit.MINUTES)).isTrue();
		}
		finally {
			app.destroyForcibly();
		}
		return Files.readString(output, StandardCharsets.UTF_8);
	}

}
