package io.redmesh.registry.registration;

import java.time.Duration;

import io.redmesh.core.time.ManualTime;
import io.redmesh.registry.TestServer;
import io.redmesh.registry.TestServer.Answer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class ReadTests {

	private static final String SERVICES = "/v1/namespaces/default/services";

	private static TestServer server;

	@BeforeAll
	static void start() {
		ManualTime time = new ManualTime();
		server = TestServer.with("mesh.server.catalog.max-namespaces=2").time(time).start();
		time.forward(Duration.ofSeconds(20));
		put("a", "\"labels\":{\"version\":\"1\"},\"locality\":{\"region\":\"eu\",\"zone\":\"x\"}");
		put("b", "\"labels\":{\"version\":\"2\",\"canary\":\"yes\"},\"locality\":{\"region\":\"eu\",\"zone\":\"y\"}");
		put("c", "\"labels\":{\"version\":\"2\"},\"status\":\"DOWN\"");
	}

	@AfterAll
	static void stop() {
		server.close();
	}

	@Test
	void servicesAreListedWithHowManyInstances() {
		Answer answer = server.get(SERVICES);
		assertThat(answer.status()).isEqualTo(200);
		assertThat(answer.json().path("complete").booleanValue()).isTrue();
		assertThat(answer.json().path("services").toString()).contains("{\"name\":\"orders\",\"instances\":3}");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			''                                   | a b c
			?label=version=2                     | b c
			?label=version=2&label=canary=yes    | b
			?label=version=1&label=version=2     | a b c
			?label=version=3                     | ''
			?label=absent=x                      | ''
			?zone=x                              | a
			?zone=x&zone=y                       | a b
			?status=UP                           | a b
			?status=DOWN&status=UP&zone=y        | b
			""")
	void instancesAreFiltered(String query, String expected) {
		Answer answer = server.get(SERVICES + "/orders" + query);
		assertThat(answer.status()).isEqualTo(200);
		assertThat(String.join(" ", answer.json().findValuesAsString("id"))).isEqualTo(expected);
	}

	@ParameterizedTest
	@CsvSource({ "?label=version,label", "?label==1,label", "?status=down,status" })
	void aFilterThatMakesNoSenseIsRefused(String query, String field) {
		Answer answer = server.get(SERVICES + "/orders" + query);
		assertThat(answer.status()).isEqualTo(400);
		assertThat(answer.problem()).isEqualTo("invalid-field");
		assertThat(answer.json().path("field").stringValue()).isEqualTo(field);
	}

	@Test
	void whatIsKnownIsNotSentAgain() {
		String etag = server.get(SERVICES + "/orders").header("ETag");
		Answer same = server.get(SERVICES + "/orders", "If-None-Match", etag);
		assertThat(same.status()).isEqualTo(304);
		assertThat(same.response().body()).isEmpty();
		assertThat(same.header("ETag")).isEqualTo(etag);
		assertThat(server.get(SERVICES + "/orders?zone=x", "If-None-Match", etag).status())
			.as("another filter is another response")
			.isEqualTo(200);
		server.register("other", "x");
		assertThat(server.get(SERVICES + "/orders", "If-None-Match", etag).status()).as("another service changed")
			.isEqualTo(304);
		put("a", "\"labels\":{\"version\":\"1\"},\"weight\":1");
		assertThat(server.get(SERVICES + "/orders", "If-None-Match", etag).status()).isEqualTo(200);
		put("a", "\"labels\":{\"version\":\"1\"},\"locality\":{\"region\":\"eu\",\"zone\":\"x\"}");
		String token = server.register("other", "y");
		server.delete(SERVICES + "/other/instances/y", "Mesh-Lease", token);
	}

	@Test
	void whatWasNeverRegisteredIsUnknown() {
		Answer answer = server.get(SERVICES + "/absent");
		assertThat(answer.status()).isEqualTo(404);
		assertThat(answer.problem()).isEqualTo("unknown-service");
		Answer namespace = server.get("/v1/namespaces/nowhere/services");
		assertThat(namespace.status()).isEqualTo(404);
		assertThat(namespace.problem()).isEqualTo("not-found");
	}

	@Test
	void aCursorThatIsSeenDoesNotWait() {
		String cursor = server.get(SERVICES).json().path("cursor").stringValue();
		assertThat(server.get(SERVICES + "/orders?cursor=" + cursor).status()).isEqualTo(200);
		assertThat(server.get(SERVICES + "/orders?cursor=rubbish").status()).isEqualTo(200);
	}

	@Test
	void oneNamespaceDoesNotSeeTheOtherAndTooManyAreRefused() {
		String path = "/services/orders/instances/a";
		String body = "{\"host\":\"10.0.0.9\",\"port\":1}";
		assertThat(server.put("/v1/namespaces/second" + path, body).status()).isEqualTo(201);
		assertThat(server.get("/v1/namespaces/second/services/orders").json().path("instances").size()).isEqualTo(1);
		Answer third = server.put("/v1/namespaces/third" + path, body);
		assertThat(third.status()).isEqualTo(429);
		assertThat(third.problem()).isEqualTo("too-many-namespaces");
		assertThat(third.header("Retry-After")).isNotNull();
		assertThat(server.get("/v1/namespaces/third/services").status()).as("nothing is stored").isEqualTo(404);
	}

	@Test
	void headIsAnsweredLikeGet() {
		Answer answer = server.call("HEAD", SERVICES + "/orders", null);
		assertThat(answer.status()).isEqualTo(200);
		assertThat(answer.header("ETag")).isNotNull();
		assertThat(answer.response().body()).isEmpty();
	}

	private static void put(String id, String more) {
		Answer answer = server.put(SERVICES + "/orders/instances/" + id,
				"{\"host\":\"10.0.0.7\",\"port\":8080," + more + "}");
		assertThat(answer.status()).isIn(200, 201);
	}

}
