package io.redmesh.core.traffic;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class RuleAnalysisTests {

	private static final String SUBSETS = "subsets: [{name: v1, labels: {version: v1}}, {name: v3, labels: {version: v3}}]";

	private final TestRegistry registry = new TestRegistry();

	RuleAnalysisTests() {
		this.registry.add("orders", Map.of("version", "v1"));
		this.registry.add("orders", Map.of("version", "v2"));
		this.registry.add("inventory", Map.of());
	}

	@Test
	void rulesWhoseServicesAreThereHaveNoFindings() {
		assertThat(findings(TestRules.orders("""
				- match: [{uri: {prefix: /a}}]
				  retries: {attempts: 2, perTryTimeout: 1s}
				  timeout: 3s
				  rewrite: {uri: /b}
				  route: [{destination: {host: orders, subset: v1}}]
				- route: [{destination: {host: orders}}]
				"""), TestRules.ordersPolicy(SUBSETS))).isEmpty();
	}

	@Test
	void unknownHostComesWithTheNearestNames() {
		assertThat(findings(TestRules.orders("- {route: [{destination: {host: inventori}}]}"))).containsExactly(
				"RM0201 spec.http[0].route[0].destination.host no service inventori is registered; did you mean inventory?");
		assertThat(findings(TestRules.lenientOrders("- {mirror: {host: x}, route: [{destination: {host: orders}}]}")))
			.containsExactly("RM0201 spec.http[0].mirror.host no service x is registered");
	}

	@Test
	void hostOfRoutesMayExistByItsRuleOnly() {
		assertThat(findings(renamed("shop.example.org"))).containsExactly(
				"RM0201 spec.hosts[0] no service shop.example.org is registered; the host exists by this rule only");
		assertThat(findings(renamed("order")))
			.containsExactly("RM0201 spec.hosts[0] no service order is registered; did you mean orders?");
		assertThat(findings(renamed("\"*.example.org\""))).isEmpty();
	}

	@Test
	void subsetMustBeDefinedAndHaveInstances() {
		Rule rule = TestRules.orders("- {route: [{destination: {host: orders, subset: v3}}]}");
		assertThat(findings(rule)).containsExactly("RM0202 spec.http[0].route[0].destination.subset "
				+ "no DestinationRule of orders defines a subset v3; every call there fails");
		assertThat(findings(rule, TestRules.ordersPolicy(SUBSETS)))
			.containsExactly("RM0203 spec.http[0].route[0].destination "
					+ "no instance of orders is registered with the labels {version=v3}; every call there fails");
	}

	@Test
	void allWeightWithoutInstancesIsFound() {
		Rule rule = TestRules.orders("""
				- route:
				  - {destination: {host: orders, subset: v3}, weight: 100}
				  - {destination: {host: orders, subset: v1}, weight: 0}
				""");
		assertThat(findings(rule, TestRules.ordersPolicy(SUBSETS)))
			.contains("RM0206 spec.http[0].route every call fails: no destination with a weight has an instance")
			.hasSize(2);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			value = { "{} | {uri: {exact: /a}}", "uri: {prefix: /a} | uri: {prefix: /a/b}",
					"uri: {prefix: /a} | {uri: {exact: /ab}, method: {exact: GET}}",
					"uri: {exact: /a} | uri: {exact: /a}", "headers: {x: {}} | headers: {x: {exact: y}}",
					"uri: {regex: '/[a-z]+'} | uri: {exact: /abc}", "uri: {prefix: /} | headers: {x: {}}",
					"withoutHeaders: {x: {}} | withoutHeaders: {x: {}}", "{} | sourceLabels: {app: x}",
					"{ignoreUriCase: true, uri: {prefix: /a}} | {ignoreUriCase: true, uri: {exact: /A}}" })
	void routeThatAnEarlierOneCoversIsUnreachable(String wide, String narrow) {
		assertThat(findings(twoRoutes(wide, narrow))).containsExactly(
				"RM0204 spec.http[1] no request reaches the route: spec.http[0].match[0] takes all requests before");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			value = { "uri: {prefix: /a/b} | uri: {prefix: /a}", "uri: {exact: /a} | uri: {exact: /b}",
					"headers: {x: {exact: y}} | headers: {x: {}}", "uri: {prefix: /a} | headers: {x: {}}",
					"sourceLabels: {app: x} | {}", "port: 80 | {}",
					"withoutHeaders: {x: {exact: a}} | withoutHeaders: {x: {}}",
					"{ignoreUriCase: false, uri: {prefix: /a}} | {ignoreUriCase: true, uri: {exact: /a}}",
					"headers: {x: {}} | withoutHeaders: {x: {}}", "headers: {x: {}} | queryParams: {x: {}}",
					"uri: {regex: '/[a-z]+'} | uri: {prefix: /abc}" })
	void routeThatAnEarlierOneLeavesSomethingIsReachable(String first, String second) {
		assertThat(findings(twoRoutes(first, second))).isEmpty();
	}

	@Test
	void matchThatAnEarlierOneCoversIsIneffective() {
		assertThat(findings(TestRules.orders("""
				- match: [{uri: {prefix: /a}}, {uri: {prefix: /ab}}]
				  route: [{destination: {host: orders}}]
				"""))).containsExactly("RM0205 spec.http[0].match[1] spec.http[0].match[0] takes all requests before");
	}

	@Test
	void rulesOfOneHostAreFound() {
		Rule other = TestRules.rule(
				TestRules.ordersYaml("- {route: [{destination: {host: orders}}]}").replace("name: orders", "name: a"));
		assertThat(findings(TestRules.orders("- {route: [{destination: {host: orders}}]}"), other))
			.containsExactly("RM0207 spec.hosts[0] VirtualService/a is for orders, too; its routes are tried first, "
					+ "because rules for the same host follow the order of their names");
		Rule policy = TestRules.rule(TestRules.ordersPolicyYaml(SUBSETS).replace("name: orders", "name: z"));
		assertThat(RuleAnalysis.analyze(List.of(policy, TestRules.ordersPolicy(SUBSETS)), this.registry))
			.containsOnlyKeys(new RuleKey(RuleKind.DESTINATION_RULE, "z"));
	}

	@Test
	void gatewayMustBeRegistered() {
		Rule rule = TestRules.rule(TestRules.ordersYaml("- {route: [{destination: {host: orders}}]}")
			.replace("  http:", "  gateways: [mesh, front]\n  http:"));
		assertThat(findings(rule)).containsExactly("RM0208 spec.gateways no gateway front is registered");
		this.registry.add("front", Map.of());
		assertThat(findings(rule)).isEmpty();
	}

	@Test
	void policyOfAnUnknownServiceIsFound() {
		Rule rule = TestRules.rule(TestRules.ordersPolicyYaml(SUBSETS).replace("host: orders", "host: other"));
		assertThat(findings(rule)).containsExactly("RM0201 spec.host no service other is registered");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = {
			"1s | {attempts: 1, perTryTimeout: 2s} | RM0209 spec.http[0].retries.perTryTimeout the timeout of the call "
					+ "ends each attempt after 1000 ms, before its own of 2000 ms",
			"5s | {attempts: 2, perTryTimeout: 2s} | RM0210 spec.http[0].timeout 3 attempts of 2000 ms each "
					+ "do not fit into the timeout of 5000 ms" })
	void timesMustFitTogether(String timeout, String retries, String finding) {
		assertThat(findings(TestRules.orders(
				"- {timeout: %s, retries: %s, route: [{destination: {host: orders}}]}".formatted(timeout, retries))))
			.containsExactly(finding);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = { "6s | {attempts: 2, perTryTimeout: 2s}",
			"0s | {attempts: 2, perTryTimeout: 2s}", "1s | {attempts: 9}", "1s | {attempts: 0}" })
	void timesThatFitTogetherHaveNoFinding(String timeout, String retries) {
		assertThat(findings(TestRules.orders(
				"- {timeout: %s, retries: %s, route: [{destination: {host: orders}}]}".formatted(timeout, retries))))
			.isEmpty();
	}

	@Test
	void mirrorToTheDestinationItselfIsFound() {
		assertThat(
				findings(TestRules.lenientOrders("- {mirror: {host: orders}, route: [{destination: {host: orders}}]}")))
			.containsExactly("RM0211 spec.http[0].mirror orders gets requests and their copies");
	}

	@Test
	void rewriteThatDoublesASlashIsFound() {
		assertThat(findings(TestRules.orders("""
				- match: [{uri: {prefix: /v1}}]
				  rewrite: {uri: /}
				  route: [{destination: {host: orders}}]
				""")))
			.containsExactly("RM0212 spec.http[0].rewrite.uri /v1/a becomes //a: the prefix has no slash at its end, "
					+ "but its replacement has");
	}

	@ParameterizedTest
	@CsvSource({ "5xx, POST, 1", "gateway-error, PATCH, 1", "5xx, PUT, 0", "connect-failure, POST, 0" })
	void retriesOfMethodsThatAreNotIdempotentAreFound(String on, String method, int findings) {
		assertThat(findings(TestRules.orders("""
				- match: [{method: {exact: %s}}]
				  retries: {attempts: 1, retryOn: '%s'}
				  route: [{destination: {host: orders}}]
				""".formatted(method, on)))).hasSize(findings).allMatch((finding) -> finding.startsWith("RM0213"));
	}

	@Test
	void noFindingIsAnError() {
		assertThat(RuleAnalysis.analyze(List.of(twoRoutes("{}", "{}"), renamed("x")), this.registry).values())
			.flatExtracting((findings) -> findings)
			.isNotEmpty()
			.noneMatch((finding) -> finding.severity() == Severity.ERROR);
	}

	private static Rule twoRoutes(String first, String second) {
		return TestRules.orders("""
				- match:
				  -
				%s
				  route: [{destination: {host: orders}}]
				- match:
				  -
				%s
				  route: [{destination: {host: orders}}]
				""".formatted(first.indent(4), second.indent(4)));
	}

	private static Rule renamed(String host) {
		return TestRules.rule(TestRules.ordersYaml("- {route: [{destination: {host: orders}}]}")
			.replace("  - orders", "  - " + host)
			.replace("name: orders", "name: renamed"));
	}

	private List<String> findings(Rule... rules) {
		List<String> findings = new ArrayList<>();
		RuleAnalysis.analyze(List.of(rules), this.registry)
			.values()
			.forEach((found) -> found
				.forEach((finding) -> findings.add(finding.code() + " " + finding.path() + " " + finding.message())));
		return findings;
	}

	private static final class TestRegistry implements Registered {

		private final Map<String, List<Map<String, String>>> instances = new TreeMap<>();

		void add(String service, Map<String, String> labels) {
			this.instances.computeIfAbsent(service, (name) -> new ArrayList<>()).add(labels);
		}

		@Override
		public boolean isService(String service) {
			return this.instances.containsKey(service);
		}

		@Override
		public long instances(String service, Map<String, String> labels) {
			return this.instances.getOrDefault(service, List.of())
				.stream()
				.filter((instance) -> instance.entrySet().containsAll(labels.entrySet()))
				.count();
		}

		@Override
		public Collection<String> services() {
			return this.instances.keySet();
		}

	}

}
