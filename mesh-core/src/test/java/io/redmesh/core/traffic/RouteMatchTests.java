package io.redmesh.core.traffic;

import java.util.Map;
import java.util.Set;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests of the conditions on requests, as Istio's documents write them. */
class RouteMatchTests {

	@Test
	void allConditionsOfABlockMustHold() {
		RouteMatch match = match("""
				uri:
				  prefix: /items
				method:
				  exact: GET
				scheme:
				  exact: https
				authority:
				  prefix: orders
				port: 443
				""");
		assertThat(match.holds(TestRequest.get("/items/7").scheme("https").port(443))).isTrue();
		assertThat(match.holds(TestRequest.get("/other").scheme("https").port(443))).isFalse();
		assertThat(match.holds(TestRequest.get("/items/7").scheme("https").port(443).method("PUT"))).isFalse();
		assertThat(match.holds(TestRequest.get("/items/7").scheme("http").port(443))).isFalse();
		assertThat(match.holds(TestRequest.get("/items/7").scheme("https").port(8443))).isFalse();
		assertThat(match.holds(TestRequest.get("/items/7").scheme("https").port(443).authority("x"))).isFalse();
	}

	@Test
	void unknownPortFulfilsNoConditionOnPorts() {
		assertThat(match("port: 80").holds(TestRequest.get("/").port(0))).isFalse();
		assertThat(match("port: 80").holds(TestRequest.get("/").port(80))).isTrue();
	}

	@Test
	void nameOfAHeaderHasNoCaseButItsValueHas() {
		RouteMatch match = match("headers: {End-User: {exact: Jason}}");
		assertThat(match.holds(TestRequest.get("/").header("end-user", "Jason"))).isTrue();
		assertThat(match.holds(TestRequest.get("/").header("end-user", "jason"))).isFalse();
		assertThat(match.holds(TestRequest.get("/"))).isFalse();
	}

	@Test
	void severalValuesOfAHeaderAreOneText() {
		RouteMatch match = match("headers: {x: {exact: 'a,b'}}");
		assertThat(match.holds(TestRequest.get("/").header("x", "a,b"))).isTrue();
		assertThat(match.holds(TestRequest.get("/").header("x", "a"))).isFalse();
	}

	@Test
	void headerWithoutConditionMustBePresent() {
		for (String presence : new String[] { "headers: {x: {}}", "headers: {x: {regex: '*'}}", "headers: {x: }" }) {
			RouteMatch match = match(presence);
			assertThat(match.holds(TestRequest.get("/").header("x", ""))).as(presence).isTrue();
			assertThat(match.holds(TestRequest.get("/"))).as(presence).isFalse();
		}
	}

	@Test
	void missingHeaderIsEmptyForWithoutHeaders() {
		RouteMatch match = match("withoutHeaders: {x: {exact: v1}}");
		assertThat(match.holds(TestRequest.get("/"))).isTrue();
		assertThat(match.holds(TestRequest.get("/").header("x", "v2"))).isTrue();
		assertThat(match.holds(TestRequest.get("/").header("x", "v1"))).isFalse();
		// An empty text fulfils the expression, and so does a missing header.
		assertThat(match("withoutHeaders: {x: {regex: '.*'}}").holds(TestRequest.get("/"))).isFalse();
	}

	@Test
	void withoutHeadersWithoutConditionAsksForAbsence() {
		RouteMatch match = match("withoutHeaders: {x: {}}");
		assertThat(match.holds(TestRequest.get("/"))).isTrue();
		assertThat(match.holds(TestRequest.get("/").header("x", ""))).isFalse();
	}

	@Test
	void emptyQueryParameterIsPresentAndEqualToTheEmptyText() {
		RouteMatch empty = match("queryParams: {key: {exact: ''}}");
		assertThat(empty.holds(TestRequest.get("/").parameter("key", ""))).isTrue();
		assertThat(empty.holds(TestRequest.get("/").parameter("key", "a"))).isFalse();
		assertThat(empty.holds(TestRequest.get("/"))).isFalse();
		assertThat(match("queryParams: {key: {}}").holds(TestRequest.get("/").parameter("key", ""))).isTrue();
		assertThat(match("queryParams: {key: {}}").holds(TestRequest.get("/"))).isFalse();
	}

	@Test
	void ignoredCaseOfThePathDoesNotConcernExpressions() {
		assertThat(match("{ignoreUriCase: true, uri: {exact: /a}}").holds(TestRequest.get("/A"))).isTrue();
		assertThat(match("{ignoreUriCase: true, uri: {prefix: /a}}").holds(TestRequest.get("/Ab"))).isTrue();
		assertThat(match("{ignoreUriCase: true, uri: {regex: /a}}").holds(TestRequest.get("/A"))).isFalse();
		assertThat(match("{ignoreUriCase: true, uri: {exact: /a}, method: {exact: get}}").holds(TestRequest.get("/A")))
			.isFalse();
	}

	@Test
	void matchOnThePathOfEveryRequestIsACatchAll() {
		for (String all : new String[] { "{}", "uri: {prefix: /}", "uri: {regex: '.*'}", "uri: {}" }) {
			assertThat(match(all).isCatchAll()).as(all).isTrue();
		}
		for (String some : new String[] { "uri: {prefix: /a}", "port: 80", "headers: {x: {}}", "uri: {exact: /}",
				"{uri: {prefix: /}, queryParams: {x: {}}}" }) {
			assertThat(match(some).isCatchAll()).as(some).isFalse();
		}
	}

	@Test
	void clientMustHaveTheLabelsAndTheNamespace() {
		SourceMatch match = match("{sourceLabels: {app: storefront, version: v2}, sourceNamespace: default}").source();
		assertThat(match.includes(TestRules.client(Map.of("app", "storefront", "version", "v2", "x", "y")))).isTrue();
		assertThat(match.includes(TestRules.client(Map.of("app", "storefront")))).isFalse();
		assertThat(match("sourceNamespace: other").source().includes(TestRules.client())).isFalse();
	}

	@Test
	void gatewaysOfAMatchAloneDecide() {
		SourceMatch match = match("{sourceLabels: {app: other}, gateways: [front, mesh]}").source();
		assertThat(match.includes(TestRules.client())).isTrue();
		assertThat(match.includes(TestRules.gateway("front"))).isTrue();
		assertThat(match.includes(TestRules.gateway("back"))).isFalse();
		assertThat(match("gateways: [front]").source().includes(TestRules.client())).isFalse();
		assertThat(new Client("a", "default", Map.of(), Set.of("front", "mesh")).isGateway("mesh")).isTrue();
	}

	@Test
	void saysWhatItAsksFor() {
		assertThat(match("{uri: {prefix: /a}, headers: {X: {exact: b}}, withoutHeaders: {y: {}}}").conditions())
			.hasToString("[uri prefix: /a, headers[x] exact: b, not headers[y] present]");
	}

	private static RouteMatch match(String yaml) {
		String http = "- match:\n  -\n" + yaml.indent(4) + "  route:\n  - destination:\n      host: orders\n";
		return TestRules.orders(http).routes().get(0).match();
	}

}
