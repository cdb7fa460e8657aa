package io.redmesh.registry.rest;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import io.netty.handler.codec.http.HttpMethod;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import reactor.core.publisher.SignalType;

import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of how a body is read: whole or in lines, announced or in chunks, up to a limit.
 */
class RequestBodyTests {

	private static final int LIMIT = 100 * 1024;

	private final Queue<String> lines = new ConcurrentLinkedQueue<>();

	private final CountDownLatch givenUp = new CountDownLatch(1);

	private final OperationsServer server = OperationsServer.start(Operations.builder()
		.add(HttpMethod.PUT, "/whole",
				(request) -> request.body(DataSize.ofBytes(LIMIT))
					.map((body) -> Reply.bytes(HttpStatus.OK, "text/plain", List.of(body)))
					.doFinally(this::ended))
		.add(HttpMethod.PUT, "/lines",
				(request) -> request
					.lines(DataSize.ofBytes(LIMIT), DataSize.ofKilobytes(2), MediaType.APPLICATION_NDJSON)
					.doOnNext((line) -> this.lines.add(new String(line, StandardCharsets.UTF_8)))
					.doFinally(this::ended)
					.then(Mono.just(Reply.empty(HttpStatus.NO_CONTENT))))
		.build());

	private void ended(SignalType signal) {
		if (signal != SignalType.ON_COMPLETE) {
			this.givenUp.countDown();
		}
	}

	@AfterEach
	void stop() {
		this.server.close();
	}

	@ParameterizedTest
	@CsvSource({ "0, 200", "1, 200", "70000, 200", "102400, 200", "102401, 413", "300000, 413" })
	void bodyOfAnAnnouncedLengthIsReadUpToTheLimit(int size, int status) throws IOException {
		String body = text(size);
		HttpResponse<String> answer = this.server.call("PUT", "/whole", BodyPublishers.ofString(body));
		assertThat(answer.statusCode()).isEqualTo(status);
		if (status == 200) {
			assertThat(answer.body()).isEqualTo(body);
		}
		else {
			assertThat(answer.body()).contains("body-too-large", "At most 100 KiB are read");
		}
	}

	@ParameterizedTest
	@CsvSource({ "1, 200", "102400, 200", "102401, 413" })
	void bodyInChunksIsReadUpToTheLimit(int size, int status) throws IOException {
		Random random = new Random(17);
		String body = text(size);
		try (RawConnection connection = new RawConnection(this.server.port(), Duration.ofSeconds(10))) {
			connection.write("PUT /whole HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
			for (int begin = 0; begin < size;) {
				int next = Math.min(size - begin, 1 + random.nextInt(9_000));
				connection.write(Integer.toHexString(next) + "\r\n" + body.substring(begin, begin + next) + "\r\n");
				begin += next;
			}
			connection.write("0\r\n\r\n");
			assertThat(connection.readResponse("PUT")).isEqualTo(status);
		}
	}

	@Test
	void announcedLengthAboveTheLimitIsRefusedBeforeTheBodyArrives() throws IOException {
		try (RawConnection connection = new RawConnection(this.server.port(), Duration.ofSeconds(10))) {
			connection.write("PUT /whole HTTP/1.1\r\nHost: x\r\nContent-Length: 999999999\r\n\r\n");
			assertThat(connection.readResponse("PUT")).isEqualTo(413);
		}
		try (RawConnection connection = new RawConnection(this.server.port(), Duration.ofSeconds(10))) {
			connection.write("PUT /lines HTTP/1.1\r\nHost: x\r\nContent-Length: 999999999\r\n\r\n");
			assertThat(connection.readResponse("PUT")).isEqualTo(413);
		}
	}

	@Test
	void requestWithoutABodyHasAnEmptyOneWhateverItsType() throws IOException {
		try (RawConnection connection = new RawConnection(this.server.port(), Duration.ofSeconds(10))) {
			for (String headers : List.of("", "Content-Length: 0\r\nContent-Type: text/html\r\n",
					"Content-Type: text/html\r\n", "Transfer-Encoding: chunked\r\n")) {
				connection.write("PUT /whole HTTP/1.1\r\nHost: x\r\n" + headers + "\r\n"
						+ (headers.startsWith("Transfer") ? "0\r\n\r\n" : ""));
				assertThat(connection.readResponse("PUT")).as(headers).isEqualTo(200);
			}
		}
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			application/json                   | 200
			application/json;charset=UTF-8     | 200
			APPLICATION/JSON                   | 200
			application/*                      | 200
			application/x-ndjson               | 415
			application/problem+json           | 415
			text/json                          | 415
			json                               | 415
			text/plain, application/json       | 415
			""")
	void typeOfTheBodyMustBeTheExpectedOne(String type, int status) {
		HttpResponse<String> answer = this.server.call("PUT", "/whole", BodyPublishers.ofString("{}"), "Content-Type",
				type);
		assertThat(answer.statusCode()).isEqualTo(status);
		if (status == 415) {
			assertThat(answer.body()).contains("unsupported-media-type", "(expected: application/json)");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "\n", "a", "a\n", "a\nb\n\nc", "\r\n\u00fc\n" })
	void linesAreDeliveredAlsoIfEmptyOrWithoutAnEnd(String body) {
		HttpResponse<String> answer = this.server.call("PUT", "/lines", BodyPublishers.ofString(body));
		assertThat(answer.statusCode()).isEqualTo(204);
		assertThat(this.lines).containsExactly(body.split("\n", -1));
	}

	@Test
	void manyLinesKeepTheirOrderWhereverTheirPartsEnd() {
		StringBuilder body = new StringBuilder();
		Random random = new Random(18);
		while (body.length() < LIMIT - 600) {
			body.append(text(random.nextInt(500))).append('\n');
		}
		assertThat(this.server.call("PUT", "/lines", BodyPublishers.ofString(body.toString())).statusCode())
			.isEqualTo(204);
		assertThat(this.lines).containsExactly(body.toString().split("\n", -1));
	}

	@Test
	void linesBeforeOneThatIsTooLongAreDelivered() {
		HttpResponse<String> answer = this.server.call("PUT", "/lines",
				BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(
						("a\n" + "b\n".repeat(10_000) + "x".repeat(2049)).getBytes(StandardCharsets.UTF_8))));
		assertThat(answer.statusCode()).isEqualTo(413);
		assertThat(answer.body()).contains("body-too-large", "line 10002: at most 2 KiB are read");
		assertThat(this.lines).startsWith("a").hasSizeLessThanOrEqualTo(10_001);
	}

	@Test
	void bodyInChunksAboveTheLimitIsRefusedWhileItsLinesAreRead() throws IOException {
		try (RawConnection connection = new RawConnection(this.server.port(), Duration.ofSeconds(10))) {
			connection.write("PUT /lines HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
			for (int i = 0; i < 101; i++) {
				connection.write("400\r\n" + "x".repeat(1023) + "\n\r\n");
			}
			assertThat(connection.readResponse("PUT")).isEqualTo(413);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "/whole", "/lines" })
	void clientThatDisconnectsEndsTheReadingAndHarmsNoOther(String path) throws Exception {
		try (RawConnection connection = new RawConnection(this.server.port(), Duration.ofSeconds(10))) {
			connection.write("PUT " + path + " HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{\"a\"\n");
			connection.abort();
		}
		assertThat(this.givenUp.await(10, TimeUnit.SECONDS)).isTrue();
		assertThat(this.server.call("PUT", "/whole", BodyPublishers.ofString("b")).body()).isEqualTo("b");
	}

	private static String text(int size) {
		StringBuilder text = new StringBuilder(size);
		for (int i = 0; i < size; i++) {
			text.append((char) ('a' + i % 26));
		}
		return text.toString();
	}

}
