package io.redmesh.registry.rest;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

import io.netty.handler.codec.http.HttpMethod;
import io.redmesh.core.instance.InvalidValueException;
import io.redmesh.registry.json.Json;
import io.redmesh.registry.store.Claim;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;

import org.springframework.http.HttpStatus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** Tests of the values that handlers read from a request. */
class RequestTests {

	private static final String SECRET = "0123456789abcdefghijklmnopqrstuv";

	private static final AtomicReference<Function<Request, Object>> reading = new AtomicReference<>();

	private static final AtomicReference<Object> result = new AtomicReference<>();

	private static OperationsServer server;

	@BeforeAll
	static void start() {
		server = OperationsServer
			.start(Operations.builder().add(HttpMethod.GET, "/r/{ns}/{service}/{id}", RequestTests::read).build());
	}

	private static Mono<Reply> read(Request request) {
		result.set(reading.get().apply(request));
		return Mono.just(Reply.empty(HttpStatus.NO_CONTENT));
	}

	@AfterAll
	static void stop() {
		server.close();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			''                       | {}
			?                        | {}
			?a=b                     | {a=[b]}
			?a=1&b=2&a=3&a=1         | {a=[1, 3, 1], b=[2]}
			?a                       | {a=[]}
			?a=&a                    | {a=[, ]}
			?a=b=c                   | {a=[b=c]}
			?a=b;c=d                 | {a=[b;c=d]}
			?a=b+c%20d%2B            | {a=[b c d+]}
			?%61=%C3%BC&a=%25        | {a=[ü, %]}
			?a=%26b%3Dc              | {a=[&b=c]}
			?a=b?c                   | {a=[b?c]}
			?a=/x/y                  | {a=[/x/y]}
			?&&a=b&                  | {a=[b]}
			""")
	void parametersAreDecodedInTheirOrder(String query, String expected) {
		Map<?, ?> parameters = (Map<?, ?>) read(query, Request::parameters);
		assertThat(parameters).hasToString(expected);
	}

	@Test
	void parameterIsTheFirstOfItsValues() {
		assertThat(read("?zone=b&zone=a", (request) -> request.parameter("zone"))).isEqualTo("b");
		assertThat(read("?zone=", (request) -> request.parameter("zone"))).isEqualTo("");
		assertThat(read("?zone=b", (request) -> request.parameter("Zone"))).isNull();
		assertThat(read("", (request) -> request.parameter("zone"))).isNull();
	}

	@ParameterizedTest
	@ValueSource(strings = { "a=%", "a=%z1", "%=b", "a=%4" })
	void brokenPercentEncodingIsRefused(String query) throws IOException {
		reading.set(Request::parameters);
		try (RawConnection connection = new RawConnection(server.port(), Duration.ofSeconds(10))) {
			connection.write("GET /r/a/b/c?" + query + " HTTP/1.1\r\nHost: x\r\n\r\n");
			assertThat(connection.readResponse("GET")).isEqualTo(400);
		}
	}

	@Test
	void parametersOfAnAbsoluteTargetAreRead() throws IOException {
		reading.set(Request::parameters);
		try (RawConnection connection = new RawConnection(server.port(), Duration.ofSeconds(10))) {
			connection.write("GET http://registry:8761/r/a/b/c?x=1 HTTP/1.1\r\nHost: x\r\n\r\n");
			assertThat(connection.readResponse("GET")).isEqualTo(204);
		}
		assertThat(result.get()).isEqualTo(Map.of("x", List.of("1")));
	}

	@Test
	void namesInThePathAreChecked() {
		reading.set((request) -> request.namespace() + request.service() + request.id());
		assertThat(server.get("/r/a/b/C:1").statusCode()).isEqualTo(204);
		assertThat(result.get()).isEqualTo("abC:1");
		for (String path : List.of("/r/A/b/c", "/r/a/B/c", "/r/a/b/-c", "/r//b/c", "/r/a/b/%2F", "/r/a/127.0.0.1/c")) {
			assertRefused(server.get(path), null);
		}
	}

	@Test
	void tokenIsNullIfItIsBlankAndRequiredWhereItProvesTheLease() {
		assertThat(read("", Request::token, "Mesh-Lease", " ")).isNull();
		assertThat(read("", Request::token)).isNull();
		assertThat(read("", Request::requiredToken, "mesh-lease", "1-x")).isEqualTo("1-x");
		reading.set(Request::requiredToken);
		HttpResponse<String> answer = server.get("/r/a/b/c");
		assertThat(answer.statusCode()).isEqualTo(400);
		assertThat(answer.body()).contains("missing-lease", "Mesh-Lease");
	}

	@Test
	void tokenMayHaveTwoHundredCharactersAndIsNeverShown() {
		assertThat(Request.requireToken("x".repeat(200))).hasSize(200);
		for (String token : List.of("", "secret" + "x".repeat(195))) {
			assertThatExceptionOfType(InvalidValueException.class).isThrownBy(() -> Request.requireToken(token))
				.withMessage("token: %d characters (expected: 1 to 200 characters)", token.length());
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "0123456789abcdefghijklmnopqrstu", "0123456789ABCDEFGHIJKLMNOPQRSTUV",
			"0123456789-bcdefghijklmnopqrstuv", "0123456789abcdefghijklmnopqrstuv0123456789abcdefghijklmnopqrstuv0" })
	void incarnationSecretOfAnotherFormIsRefusedAndNotShown(String secret) {
		reading.set(Request::claim);
		HttpResponse<String> answer = server.get("/r/a/b/c", "Mesh-Incarnation", secret);
		assertRefused(answer, "Mesh-Incarnation");
		assertThat(answer.body()).doesNotContain(secret).contains(secret.length() + " characters");
	}

	@Test
	void claimHasTokenAndSecretEachIfItWasSent() {
		assertThat(read("", Request::claim)).isEqualTo(Claim.NONE);
		assertThat(read("", Request::claim, "Mesh-Incarnation", SECRET)).isEqualTo(new Claim(null, SECRET));
		assertThat(read("", Request::claim, "Mesh-Incarnation", SECRET + SECRET, "Mesh-Lease", "1-x"))
			.isEqualTo(new Claim("1-x", SECRET + SECRET));
	}

	@Test
	void headerThatOccursTwiceHasAllItsValuesAndAFirst() {
		assertThat(read("", (request) -> request.headers("x-a") + request.header("X-A"), "X-A", "1", "X-A", "2"))
			.isEqualTo("[1, 2]1");
		assertThat(read("", (request) -> request.headers("X-B"))).isEqualTo(List.of());
	}

	private static Object read(String query, Function<Request, Object> how, String... headers) {
		reading.set(how);
		assertThat(server.get("/r/a/b/c" + query, headers).statusCode()).isEqualTo(204);
		return result.get();
	}

	private static void assertRefused(HttpResponse<String> answer, String field) {
		assertThat(answer.statusCode()).isEqualTo(400);
		assertThat(answer.body()).contains("invalid-field");
		if (field != null) {
			assertThat(Json.mapper().readTree(answer.body()).path("field").stringValue()).isEqualTo(field);
		}
	}

}
