package io.redmesh.autoconfigure.call;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.redmesh.core.call.CallPolicy;
import io.redmesh.core.instance.Instance;
import io.redmesh.core.loadbalance.LoadBalancing;
import io.redmesh.core.time.Time;
import io.redmesh.core.traffic.TestRules;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Tests of traffic rules that hold for every driver of calls, over real sockets. */
public abstract class RoutedCallContract extends CallDriverContract {

	private static final String SUBSETS = TestRules.ordersPolicyYaml("""
			subsets:
			- name: v1
			  labels: {version: "1"}
			- name: v2
			  labels: {version: "2"}
			""");

	@ParameterizedTest
	@CsvSource({ "GET, /, '', '', v1", "GET, /items?beta=1, '', '', v2", "GET, /items?beta=2, '', '', v1",
			"GET, /items, X-User, jason, v2", "GET, /items, X-User, bob, v1", "GET, /, Cookie, a=b; user=jason, v2",
			"POST, /, '', '', v2", "GET, /v2/items, '', '', v2" })
	void requestIsRoutedByItsParts(String method, String path, String header, String value, String expected)
			throws Exception {
		HttpTestServer v1 = server("v1");
		HttpTestServer v2 = server("v2");
		known(version(v1, "1"), version(v2, "2"));
		rules("""
				- match:
				  - method: {exact: POST}
				  - uri: {prefix: /v2/}
				  - queryParams: {beta: {exact: "1"}}
				  - headers: {x-user: {exact: jason}}
				  - headers: {cookie: {regex: ".*user=jason.*"}}
				  route: [{destination: {host: orders, subset: v2}}]
				- route: [{destination: {host: orders, subset: v1}}]
				""");
		for (int call = 0; call < 3; call++) {
			Answer answer = send(this.calls, method, URI.create("http://orders" + path),
					header.isEmpty() ? Map.of() : Map.of(header, value), method.equals("POST") ? "x" : "");
			assertThat(answer.body()).isEqualTo(expected);
		}
		HttpTestServer called = expected.equals("v1") ? v1 : v2;
		assertThat(called.received()).hasSize(3)
			.allSatisfy((request) -> assertThat(request.header("Mesh-Destination")).isEqualTo("orders"));
	}

	@Test
	void callsAreSplitByWeight() throws Exception {
		known(version(server("v1"), "1"), version(server("v2"), "2"));
		rules("""
				- route:
				  - destination: {host: orders, subset: v1}
				    weight: 1
				  - destination: {host: orders, subset: v2}
				    weight: 3
				""");
		Map<String, Integer> called = new HashMap<>();
		for (int call = 0; call < 80; call++) {
			called.merge(get("http://orders/").body(), 1, Integer::sum);
		}
		assertThat(called.get("v1")).isBetween(5, 40);
		assertThat(called.get("v2")).isBetween(40, 75);
	}

	@Test
	void retriesOfASubsetStayInIt() throws Exception {
		HttpTestServer other = server("other");
		known(version(other, "1"), dead("dead", "2"), version(server("v2"), "2"));
		rules("- route: [{destination: {host: orders, subset: v2}}]");
		for (int call = 0; call < 4; call++) {
			assertThat(post("http://orders/", Map.of(), "the body").body()).isEqualTo("v2");
		}
		assertThat(other.received()).isEmpty();
	}

	@Test
	void hostOfARuleNeedsNoInstances() throws Exception {
		HttpTestServer stock = server("stock");
		known(Map.of("orders", List.of(server("orders").instance("orders")), "stock",
				List.of(stock.instance("stock"))));
		this.rules.replace(TestRules.rules(TestRules.SHOP), "r1");
		assertThat(get("http://shop/stock/7").body()).isEqualTo("stock");
		assertThat(get("http://Shop:80/orders").body()).isEqualTo("orders");
		assertThat(stock.received()).singleElement()
			.satisfies((request) -> assertThat(request.header("Mesh-Destination")).isEqualTo("stock"));
	}

	@Test
	void pathIsRewrittenAndHeadersAreChanged() throws Exception {
		HttpTestServer server = server("a");
		known(version(server, "1"));
		rules("""
				- match: [{uri: {prefix: /api}}]
				  rewrite: {uri: /internal}
				  headers:
				    request:
				      set: {x-route: api}
				      add: {x-tag: of-route}
				      remove: [x-secret, mesh-destination]
				    response:
				      add: {x-rule: orders}
				  route:
				  - destination: {host: orders, subset: v1}
				    headers:
				      request:
				        set: {x-route: api-v1}
				        add: {x-tag: of-destination}
				""");
		Answer answer = send(this.calls, "PUT", URI.create("http://orders/api/a%2Fb?q=%26#f"),
				Map.of("X-Secret", "s", "X-Tag", "own", "X-Route", "own"), "the body");
		assertThat(answer).isEqualTo(new Answer(200, "a"));
		assertThat(this.answered.get("x-rule")).containsExactly("orders");
		assertThat(server.received()).singleElement().satisfies((request) -> {
			assertThat(request.uri()).isEqualTo(URI.create("/internal/a%2Fb?q=%26"));
			assertThat(request.body()).isEqualTo("the body");
			assertThat(request.headers().getAll("x-route")).containsExactly("api-v1");
			assertThat(String.join(",", request.headers().getAll("x-tag"))).isEqualTo("own,of-route,of-destination");
			assertThat(request.header("x-secret")).isNull();
			assertThat(request.header("mesh-destination")).as("the mesh's own stay").isEqualTo("orders");
		});
	}

	@Test
	void eachAttemptHasTheChangesOnce() throws Exception {
		HttpTestServer busy = opened(HttpTestServer.answering("busy", 503));
		HttpTestServer server = server("a");
		known(version(busy, "1"), version(server, "1"));
		rules("""
				- rewrite: {uriRegexRewrite: {match: "^/items/(.*)$", rewrite: "/v1/\\\\1/items"}}
				  headers: {request: {add: {x-tag: rule}}}
				  route: [{destination: {host: orders}}]
				""");
		for (int call = 0; call < 2; call++) {
			assertThat(get("http://orders/items/7?x").body()).isEqualTo("a");
		}
		assertThat(busy.received()).isNotEmpty();
		assertThat(server.received()).hasSize(2).allSatisfy((request) -> {
			assertThat(request.uri()).isEqualTo(URI.create("/v1/7/items?x"));
			assertThat(request.headers().getAll("x-tag")).containsExactly("rule");
		});
	}

	@Test
	void timeoutOfARouteEndsTheCall() {
		FaultyServer silent = opened(FaultyServer.silent());
		known(silent.instance("orders", "silent"));
		rules("""
				- route: [{destination: {host: orders}}]
				  timeout: 1s
				""");
		long begun = Time.system().nanos();
		assertThatThrownBy(() -> get("http://orders/")).hasStackTraceContaining("within PT1S");
		assertThat(Duration.ofNanos(Time.system().nanos() - begun)).isBetween(Duration.ofMillis(900),
				Duration.ofSeconds(6));
		assertThat(silent.requests()).isEqualTo(1);
	}

	@Test
	void retriesOfARouteFollowTheRawStatus() throws Exception {
		HttpTestServer failing = opened(HttpTestServer.answering("failing", 500));
		HttpTestServer server = server("a");
		known(version(failing, "1"), version(server, "1"));
		rules("""
				- route: [{destination: {host: orders}}]
				  retries: {attempts: 2, perTryTimeout: 5s, retryOn: 5xx}
				""");
		for (int call = 0; call < 2; call++) {
			assertThat(get("http://orders/").body()).isEqualTo("a");
		}
		assertThat(failing.received()).isNotEmpty();
		assertThat(post("http://orders/", Map.of(), "x").status() + post("http://orders/", Map.of(), "y").status())
			.as("a POST may have been executed")
			.isEqualTo(700);
	}

	@Test
	void abortIsAResponseToEachAttempt() throws Exception {
		HttpTestServer server = server("a");
		known(version(server, "1"));
		rules("""
				- fault: {abort: {httpStatus: 503, percentage: {value: 100}}}
				  route: [{destination: {host: orders}}]
				""");
		Answer answer = get("http://orders/");
		assertThat(answer.status()).isEqualTo(503);
		assertThat(answer.body()).isEqualTo("fault filter abort");
		assertThat(server.received()).isEmpty();
		assertThat(observed()).containsExactly("[1, unavailable, orders]", "[2, unavailable, orders]",
				"[3, unavailable, orders]");
	}

	@Test
	void delayedAttemptIsSentAfterItsDelay() throws Exception {
		HttpTestServer server = server("a");
		known(version(server, "1"));
		rules("""
				- fault: {delay: {fixedDelay: 300ms, percentage: {value: 100}}}
				  route: [{destination: {host: orders}}]
				  timeout: 5s
				""");
		assertThat(get("http://orders/").body()).isEqualTo("a");
		assertThat(server.received()).singleElement()
			.satisfies((request) -> assertThat(request.header("Mesh-Timeout-Ms")).isEqualTo("4700"));
	}

	@Test
	void delayThatIsTooLongIsATimeout() {
		HttpTestServer server = server("a");
		known(version(server, "1"));
		rules("""
				- fault: {delay: {fixedDelay: 7s, percentage: {value: 100}}}
				  route: [{destination: {host: orders}}]
				  timeout: 300ms
				""");
		assertThatThrownBy(() -> get("http://orders/")).hasStackTraceContaining("a traffic rule delays it");
		assertThat(server.received()).isEmpty();
	}

	@Test
	void ruleRespondsItself() throws Exception {
		HttpTestServer server = server("a");
		known(version(server, "1"));
		rules("""
				- match: [{uri: {exact: /closed}}]
				  directResponse: {status: 418, body: {string: "closed for tea"}}
				  headers: {response: {add: {x-rule: orders}}}
				- match: [{uri: {prefix: /old}}]
				  redirect: {uri: /new, redirectCode: 307}
				- match: [{uri: {prefix: /new}}]
				  route: [{destination: {host: orders}}]
				""");
		assertThat(get("http://orders/closed")).isEqualTo(new Answer(418, "closed for tea"));
		assertThat(this.answered.get("x-rule")).containsExactly("orders");
		assertThat(get("http://orders/nowhere").status()).isEqualTo(404);
		assertThat(server.received()).isEmpty();
		assertThat(send(this.calls, "PUT", URI.create("http://orders/old?q=1"), Map.of(), "the body").body())
			.isEqualTo("a");
		assertThat(server.received()).singleElement().satisfies((request) -> {
			assertThat(request.uri()).isEqualTo(URI.create("/new?q=1"));
			assertThat(request.body()).isEqualTo("the body");
		});
	}

	@Test
	void redirectOfARuleLeadsToAnotherService() throws Exception {
		HttpTestServer stock = server("stock");
		known(Map.of("orders", List.of(server("orders").instance("orders")), "stock",
				List.of(stock.instance("stock"))));
		rules("- redirect: {authority: stock}");
		assertThat(get("http://orders/items?x=1").body()).isEqualTo("stock");
		assertThat(stock.received()).singleElement()
			.satisfies((request) -> assertThat(request.uri()).isEqualTo(URI.create("/items?x=1")));
	}

	@Test
	void hashKeyOfARuleKeepsCallsTogether() throws Exception {
		known(server("a").instance("orders"), server("b").instance("orders"), server("c").instance("orders"));
		this.rules.replace(List.of(TestRules.ordersPolicy("""
				trafficPolicy:
				  loadBalancer: {consistentHash: {httpHeaderName: X-User}}
				""")), "r1");
		HttpCalls calls = calls(CallPolicy.DEFAULT.with(LoadBalancing.ROUND_ROBIN));
		Map<String, String> of = new HashMap<>();
		for (int call = 0; call < 60; call++) {
			String user = "user-" + call % 20;
			String body = send(calls, "GET", URI.create("http://orders/"), Map.of("X-User", user), "").body();
			assertThat(of.putIfAbsent(user, body)).isIn(null, body);
		}
		assertThat(of.values()).containsOnly("a", "b", "c");
	}

	@Test
	void rulesMayChangeWhileCallsAreMade() throws Exception {
		known(version(server("v1"), "1"), version(server("v2"), "2"));
		for (int call = 0; call < 40; call++) {
			String subset = (call % 2 == 0) ? "v1" : "v2";
			rules("- route: [{destination: {host: orders, subset: %s}}]".formatted(subset));
			assertThat(get("http://orders/").body()).isEqualTo(subset);
		}
	}

	private void rules(String http) {
		this.rules.replace(TestRules.rules(TestRules.ordersYaml(http) + "\n---\n" + SUBSETS), http);
	}

	private static Instance version(HttpTestServer server, String version) {
		return server.instance("orders").withLabels(Map.of("version", version));
	}

	private static Instance dead(String id, String version) throws IOException {
		return Instance.of("orders", id, "127.0.0.1", Ports.closed()).withLabels(Map.of("version", version));
	}

}
