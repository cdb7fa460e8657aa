package io.redmesh.core.traffic;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class RouteTableTests {

	@Test
	void firstMatchWinsAndNotTheMostSpecific() {
		HostRoutes routes = TestRules.table(TestRules.orders("""
				- name: wide
				  match:
				  - uri: {prefix: /a}
				  route:
				  - destination: {host: one}
				- name: narrow
				  match:
				  - uri: {exact: /a/b}
				  route:
				  - destination: {host: two}
				""")).host("orders");
		assertThat(routes.route(TestRequest.get("/a/b")).origin().name()).isEqualTo("wide");
		assertThat(routes.route(TestRequest.get("/b"))).isNull();
	}

	@Test
	void oneOfSeveralBlocksOfAMatchSuffices() {
		HostRoutes routes = TestRules.table(TestRules.orders("""
				- name: both
				  match:
				  - name: path
				    uri: {exact: /a}
				  - headers: {x: {exact: b}}
				  route:
				  - destination: {host: one}
				""")).host("orders");
		assertThat(routes.route(TestRequest.get("/a")).origin())
			.hasToString("VirtualService/orders spec.http[0].match[0] (both.path)");
		assertThat(routes.route(TestRequest.get("/c").header("x", "b")).origin())
			.hasToString("VirtualService/orders spec.http[0].match[1] (both)");
		assertThat(routes.route(TestRequest.get("/c"))).isNull();
	}

	@Test
	void routesAfterACatchAllAreLeftOut() {
		HostRoutes routes = TestRules.table(TestRules.orders("""
				- route:
				  - destination: {host: one}
				- match:
				  - uri: {exact: /a}
				  route:
				  - destination: {host: two}
				""")).host("orders");
		assertThat(routes.routes()).hasSize(1);
		assertThat(routes.route(TestRequest.get("/a")).origin()).hasToString("VirtualService/orders spec.http[0]");
	}

	@Test
	void hostHasSeveralSpellings() {
		RouteTable table = TestRules.table(TestRules.orders("- route: [{destination: {host: one}}]"));
		assertThat(table.host("orders")).isNotNull();
		assertThat(table.host("Orders")).isSameAs(table.host("orders"));
		assertThat(table.host("orders.default.svc.cluster.local")).isSameAs(table.host("orders"));
		assertThat(table.host("orders.other.svc.cluster.local")).isNull();
		assertThat(table.host("orders.default")).isNull();
		assertThat(table.host("order")).isNull();
	}

	@Test
	void shortNamesBelongToTheNamespaceOfTheRule() {
		Rule rule = TestRules.rule("""
				apiVersion: networking.istio.io/v1
				kind: VirtualService
				metadata: {name: orders, namespace: shop}
				spec:
				  hosts: [orders.shop.svc.cluster.local]
				  http:
				  - route:
				    - destination: {host: Orders.Shop.svc.cluster.local, subset: v1}
				    - destination: {host: orders.bank.svc.cluster.local}
				      weight: 1
				""");
		RouteTable table = RouteTable.of(List.of(rule), new Client("a", "shop", Map.of(), Set.of()));
		Forward forward = table.host("orders").route(TestRequest.get("/")).forward();
		assertThat(forward.destinations()).extracting((destination) -> destination.key().toString())
			.containsExactly("orders/v1", "orders.bank.svc.cluster.local");
		assertThat(table.host("orders.shop.svc.cluster.local")).isNotNull();
	}

	@Test
	void exactHostPrecedesTheLongestWildcard() {
		RouteTable table = TestRules.table(host("a", "\"*.example.org\""), host("b", "\"*.eu.example.org\""),
				host("c", "shop.eu.example.org"), host("d", "example.org"));
		assertThat(rule(table, "shop.eu.example.org")).isEqualTo("c");
		assertThat(rule(table, "other.eu.example.org")).isEqualTo("b");
		assertThat(rule(table, "x.y.example.org")).isEqualTo("a");
		assertThat(rule(table, "eu.example.org")).isEqualTo("a");
		assertThat(rule(table, "example.org")).isEqualTo("d");
		assertThat(table.host(".example.org")).isNull();
		assertThat(table.host("example.com")).isNull();
		assertThat(table.hosts()).extracting(HostRoutes::host)
			.containsExactly("example.org", "shop.eu.example.org", "*.eu.example.org", "*.example.org");
	}

	@Test
	void rulesOfOneHostFollowTheOrderOfTheirNames() {
		List<Rule> rules = new ArrayList<>(List.of(host("b", "orders"), host("a", "orders")));
		assertThat(rule(RouteTable.of(rules, TestRules.client()), "orders")).isEqualTo("a");
	}

	@Test
	void hostWithoutARouteForTheClientIsNotInTheTable() {
		Rule rule = TestRules.orders("""
				- match:
				  - sourceLabels: {app: other}
				  route:
				  - destination: {host: one}
				""");
		assertThat(TestRules.table(rule).host("orders")).isNull();
		assertThat(RouteTable.of(List.of(rule), TestRules.client(Map.of("app", "other"))).host("orders")).isNotNull();
	}

	@Test
	void ruleForAGatewayAppliesThereAndInTheMeshAsLongAsThereIsNone() {
		List<Rule> rules = TestRules.rules(TestRules.ordersYaml("- route: [{destination: {host: one}}]")
			.replace("  http:", "  gateways:\n  - shop/front\n  http:"));
		assertThat(RouteTable.of(rules, TestRules.gateway("front")).host("orders")).isNotNull();
		assertThat(RouteTable.of(rules, TestRules.gateway("back")).host("orders")).isNull();
		assertThat(RouteTable.of(rules, TestRules.client()).host("orders")).isNotNull();
		assertThat(RouteTable.of(rules, TestRules.client(), Set.of("front")).host("orders")).isNull();
		assertThat(RouteTable.of(rules, TestRules.client(), Set.of("back")).host("orders")).isNotNull();
	}

	@Test
	void ruleForTheMeshDoesNotApplyInAGateway() {
		List<Rule> rules = List.of(TestRules.orders("- route: [{destination: {host: one}}]"));
		assertThat(RouteTable.of(rules, TestRules.gateway("front")).host("orders")).isNull();
	}

	@Test
	void ruleForEveryHostNeverAppliesToAppsOfTheMesh() {
		List<Rule> rules = TestRules.rules(TestRules.bookinfo("bookinfo-gateway-virtual-service"));
		assertThat(RouteTable.of(rules, TestRules.client()).host("productpage")).isNull();
		HostRoutes routes = RouteTable.of(rules, TestRules.gateway("bookinfo-gateway")).host("shop.example.org");
		assertThat(routes.route(TestRequest.get("/productpage"))).isNotNull();
		assertThat(routes.route(TestRequest.get("/productpages"))).isNull();
		assertThat(routes.route(TestRequest.get("/static/a.css"))).isNotNull();
	}

	@Test
	void emptyTableKnowsNoHost() {
		assertThat(RouteTable.EMPTY.host("orders")).isNull();
		assertThat(RouteTable.EMPTY.policy(new DestinationKey("orders", ""))).isNull();
		assertThat(RouteTable.EMPTY.subset(new DestinationKey("orders", ""))).isEmpty();
		assertThat(RouteTable.EMPTY.subset(new DestinationKey("orders", "v1"))).isNull();
	}

	private static String rule(RouteTable table, String host) {
		return table.host(host).route(TestRequest.get("/")).origin().rule().name();
	}

	private static Rule host(String name, String host) {
		return TestRules.rule("""
				apiVersion: networking.istio.io/v1
				kind: VirtualService
				metadata: {name: %s}
				spec:
				  hosts: [%s]
				  http:
				  - route: [{destination: {host: one}}]
				""".formatted(name, host));
	}

}
