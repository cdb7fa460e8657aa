package io.redmesh.registry.rest;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpMethod;
import io.redmesh.registry.json.Json;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests of a table of operations, from the first line of a request to the response. */
class OperationsTableTests {

	private static Operations table;

	private static OperationsServer server;

	@BeforeAll
	static void start() {
		table = Operations.builder()
			.add(HttpMethod.GET, "/a/fixed", (request) -> text("fixed"))
			.add(HttpMethod.GET, "/a/{x}", (request) -> text("variable"))
			.add(HttpMethod.PUT, "/a/{x}", (request) -> text("put"))
			.add(HttpMethod.POST, "/a/{x}/post", (request) -> text("post"))
			.add(HttpMethod.GET, "/a/{x}/method", (request) -> text(request.method().name()))
			.add(HttpMethod.GET, "/a/{x}/lines", MediaType.APPLICATION_NDJSON, (request) -> text("lines"))
			.add(HttpMethod.GET, "/reply/empty", (request) -> Mono.just(Reply.empty(HttpStatus.ACCEPTED)))
			.add(HttpMethod.GET, "/reply/none", (request) -> Mono.just(Reply.empty(HttpStatus.NO_CONTENT)))
			.add(HttpMethod.GET, "/reply/same", (request) -> Mono.just(Reply.empty(HttpStatus.NOT_MODIFIED)))
			.add(HttpMethod.GET, "/reply/pieces",
					(request) -> Mono
						.just(Reply.bytes(HttpStatus.OK, "text/x", List.of(bytes("a"), bytes(""), bytes("\u00fc")))
							.with("X-One", "1")
							.with("X-One", "2")))
			.add(HttpMethod.GET, "/reply/json", (request) -> Mono.just(Reply.json(HttpStatus.CREATED, (json) -> {
				json.writeStartArray();
				json.writeString("\"\u20ac");
				json.writeEndArray();
			})))
			.add(HttpMethod.GET, "/reply/stream",
					(request) -> Mono.just(Reply.stream("text/x",
							(channel) -> Flux.just("a", "b", "c").map((part) -> Unpooled.wrappedBuffer(bytes(part))))))
			.add(HttpMethod.GET, "/reply/late", (request) -> text("late").delaySubscription(Mono.empty()))
			.add(HttpMethod.GET, "/reply/thrown", (request) -> {
				throw Problem.busy("thrown").asException();
			})
			.build();
		server = OperationsServer.start(table);
	}

	private static Mono<Reply> text(String text) {
		return Mono.just(Reply.bytes(HttpStatus.OK, "text/plain", List.of(bytes(text))));
	}

	private static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

	@AfterAll
	static void stop() {
		server.close();
	}

	@Test
	void pathThatWasAddedFirstIsMatchedFirst() {
		assertThat(server.get("/a/fixed").body()).isEqualTo("fixed");
		assertThat(server.get("/a/other").body()).isEqualTo("variable");
	}

	@ParameterizedTest
	@CsvSource({ "DELETE, /a/x, 'GET, PUT, HEAD, OPTIONS'", "GET, /a/x/post, 'POST, OPTIONS'",
			"HEAD, /a/x/post, 'POST, OPTIONS'", "PATCH, /a/fixed, 'GET, HEAD, OPTIONS'",
			"BREW, /a/x/post, 'POST, OPTIONS'", "PUT, /a/fixed, 'GET, HEAD, OPTIONS'" })
	void methodThatAPathLacksIsRefusedWithThoseThatItHas(String method, String path, String allowed) {
		HttpResponse<String> answer = server.call(method, path, BodyPublishers.noBody());
		assertThat(answer.statusCode()).isEqualTo(405);
		assertThat(allow(answer)).containsExactlyInAnyOrder(allowed.split(", "));
	}

	@ParameterizedTest
	@CsvSource({ "/a/x, 'GET, PUT, HEAD, OPTIONS'", "/a/x/post, 'POST, OPTIONS'",
			"/reply/thrown, 'GET, HEAD, OPTIONS'" })
	void optionsAreAnsweredWithoutAskingTheHandlerWhateverIsAccepted(String path, String allowed) {
		HttpResponse<String> answer = server.call("OPTIONS", path, BodyPublishers.noBody(), "Accept", "text/html");
		assertThat(answer.statusCode()).isEqualTo(204);
		assertThat(answer.body()).isEmpty();
		assertThat(allow(answer)).containsExactlyInAnyOrder(allowed.split(", "));
	}

	private static String[] allow(HttpResponse<String> answer) {
		return answer.headers().firstValue("Allow").orElse("").split(", ");
	}

	@Test
	void headIsServedByTheHandlerOfGetAndHasItsHeadersButNoBody() {
		HttpResponse<String> answer = server.call("HEAD", "/reply/pieces", BodyPublishers.noBody());
		assertThat(answer.statusCode()).isEqualTo(200);
		assertThat(answer.body()).isEmpty();
		assertThat(answer.headers().firstValue("Content-Length")).contains("3");
		assertThat(server.call("HEAD", "/a/x/method", BodyPublishers.noBody()).headers().firstValue("Content-Length"))
			.as("the length of HEAD: the handler sees the method")
			.contains("4");
	}

	@ParameterizedTest
	@CsvSource({ "/a, 404", "/a/, 200", "/a/x/, 404", "/b/x, 404", "/A/x, 404", "/a/x/lines/more, 404" })
	void slashAtTheEndBeginsAnEmptyVariableAndOtherPathsAreNotFound(String path, int status) {
		assertThat(server.get(path).statusCode()).isEqualTo(status);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			*/*                                       | 200
			application/json                          | 200
			application/*                             | 200
			application/json;charset=UTF-8            | 200
			APPLICATION/JSON                          | 200
			text/html                                 | 406
			text/*                                    | 406
			application/x-ndjson                      | 406
			application/problem+json                  | 406
			text/html, application/json               | 200
			text/html,*/*;q=0.1                       | 200
			application/json;q=0                      | 406
			application/json;q=0.0                    | 406
			application/json;q=0.001                  | 200
			*/*;q=0                                   | 406
			application/json;q=0, text/html           | 406
			application/json;q=0, */*                 | 406
			*/*, application/json;q=0                 | 406
			application/*;q=0, */*                    | 406
			*/*;q=0.9, application/*;q=0              | 406
			*/*;q=0, application/json                 | 200
			application/*;q=0, application/json;q=0.1 | 200
			text/html;q=0, */*                        | 200
			application/json;q=0, application/json    | 200
			application/json;q=2                      | 406
			json                                      | 406
			application/                              | 406
			/                                         | 406
			''                                        | 200
			""")
	void operationAnswersOnlyWhoAcceptsItsType(String accept, int status) {
		assertThat(server.get("/a/x", "Accept", accept).statusCode()).isEqualTo(status);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			application/x-ndjson                      | 200
			application/*                             | 200
			application/json                          | 406
			*/*                                       | 200
			""")
	void typeThatIsAcceptedMustBeThatOfTheOperation(String accept, int status) {
		HttpResponse<String> answer = server.get("/a/x/lines", "Accept", accept);
		assertThat(answer.statusCode()).isEqualTo(status);
		if (status == 406) {
			assertThat(Json.mapper().readTree(answer.body()).path("detail").stringValue())
				.isEqualTo("[application/json] (expected: application/x-ndjson)");
		}
	}

	@Test
	void acceptMayBeMissingOrSentInSeveralLines() throws IOException {
		try (RawConnection connection = new RawConnection(server.port(), Duration.ofSeconds(10))) {
			for (String headers : List.of("", "Accept: text/html\r\nAccept: application/json\r\n")) {
				connection.write("GET /a/x HTTP/1.1\r\nHost: x\r\n" + headers + "\r\n");
				assertThat(connection.readResponse("GET")).isEqualTo(200);
			}
			for (String headers : List.of("Accept: text/html\r\nAccept: image/png\r\n",
					"Accept: */*\r\nAccept: application/json;q=0\r\n")) {
				connection.write("GET /a/x HTTP/1.1\r\nHost: x\r\n" + headers + "\r\n");
				assertThat(connection.readResponse("GET")).isEqualTo(406);
			}
		}
	}

	@Test
	void methodIsRefusedBeforeTypesAreCompared() {
		HttpResponse<String> answer = server.call("DELETE", "/a/x", BodyPublishers.noBody(), "Accept", "text/html");
		assertThat(answer.statusCode()).isEqualTo(405);
	}

	@Test
	void operationsAreListedInOrderWithTheirTemplates() {
		assertThat(List.copyOf(table.lines())).contains("GET /a/{x}", "PUT /a/{x}", "POST /a/{x}/post").isSorted();
		assertThat(table.roots()).containsExactlyInAnyOrder("a", "reply");
	}

	@ParameterizedTest
	@CsvSource({ "/reply/empty, 202, 0, ''", "/reply/none, 204, , ''", "/reply/same, 304, , ''",
			"/reply/pieces, 200, 3, a\u00fc", "/reply/json, 201, 9, '[\"\\\"\u20ac\"]'", "/reply/late, 200, 4, late",
			"/reply/stream, 200, , abc" })
	void responseHasItsBodyAndItsLengthWhereThatIsKnown(String path, int status, String length, String body) {
		HttpResponse<String> answer = server.get(path);
		assertThat(answer.statusCode()).isEqualTo(status);
		assertThat(answer.headers().firstValue("Content-Length").orElse(null)).isEqualTo(length);
		assertThat(answer.body()).isEqualTo(body);
	}

	@Test
	void headerThatIsSetTwiceHasItsLastValueOnce() {
		HttpResponse<String> answer = server.get("/reply/pieces");
		assertThat(answer.headers().allValues("X-One")).containsExactly("2");
		assertThat(answer.headers().firstValue("Content-Type")).contains("text/x");
	}

	@Test
	void connectionIsKeptWhateverTheResponseIs() throws IOException {
		try (RawConnection connection = new RawConnection(server.port(), Duration.ofSeconds(10))) {
			for (String path : List.of("/reply/empty", "/reply/none", "/reply/same", "/reply/pieces", "/reply/stream",
					"/reply/thrown", "/nothing")) {
				connection.write("GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n");
				assertThat(connection.readResponse("GET")).as(path).isIn(200, 202, 204, 304, 404, 503);
			}
		}
	}

	@Test
	void handlerMayThrowWhatItMaySignal() {
		HttpResponse<String> answer = server.get("/reply/thrown");
		assertThat(answer.statusCode()).isEqualTo(503);
		assertThat(answer.headers().firstValue("Retry-After")).contains("1");
	}

}
