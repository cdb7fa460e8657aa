package io.redmesh.core.traffic;

import java.util.Map;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests of policies of services and subsets together. */
class TrafficPolicyTests {

	private static final DestinationKey ALL = new DestinationKey("orders", "");

	private static final DestinationKey V1 = new DestinationKey("orders", "v1");

	private static final DestinationKey V2 = new DestinationKey("orders", "v2");

	@Test
	void subsetReplacesBlocksOfTheService() {
		RouteTable table = TestRules.table(TestRules.ordersPolicy("""
				trafficPolicy:
				  loadBalancer: {simple: RANDOM}
				  connectionPool: {http: {http2MaxRequests: 10, http1MaxPendingRequests: 5}}
				  retryBudget: {percent: 50}
				subsets:
				- name: v1
				  labels: {version: v1}
				  trafficPolicy:
				    connectionPool: {http: {http2MaxRequests: 3}}
				- name: v2
				  labels: {version: v2}
				"""));
		TrafficPolicy v1 = table.policy(V1);
		assertThat(v1.loadBalancer().algorithm()).isEqualTo(LoadBalancerRule.Algorithm.RANDOM);
		// Within a block nothing is inherited.
		assertThat(v1.connectionPool()).isEqualTo(new ConnectionPoolRule(3, null));
		assertThat(v1.retryBudget()).isEqualTo(new RetryBudgetRule(50, 3));
		assertThat(v1.outlierDetection()).isNull();
		assertThat(table.policy(V2)).isEqualTo(table.policy(ALL));
		assertThat(table.policy(ALL).connectionPool()).isEqualTo(new ConnectionPoolRule(10, 5));
	}

	@Test
	void settingsOfThePortReplaceThePolicyAsAWhole() {
		RouteTable table = TestRules.table(TestRules.ordersPolicy("""
				trafficPolicy:
				  loadBalancer: {simple: RANDOM}
				  outlierDetection: {consecutive5xxErrors: 7}
				subsets:
				- name: v1
				  trafficPolicy:
				    loadBalancer: {simple: ROUND_ROBIN}
				    portLevelSettings:
				    - port: {number: 80}
				      connectionPool: {tcp: {maxConnections: 3}}
				- name: v2
				  trafficPolicy:
				    loadBalancer: {simple: ROUND_ROBIN}
				"""));
		assertThat(table.policy(V1))
			.isEqualTo(new TrafficPolicy(null, new ConnectionPoolRule(3, null), null, null, false));
		assertThat(table.policy(V2).outlierDetection().consecutiveErrors()).isEqualTo(7);
	}

	@Test
	void subsetsHaveLabels() {
		RouteTable table = TestRules.table(TestRules.ordersPolicy("""
				subsets:
				- name: v1
				  labels: {version: v1, track: stable}
				- name: all
				"""));
		assertThat(table.subset(V1)).isEqualTo(Map.of("version", "v1", "track", "stable"));
		assertThat(table.subset(new DestinationKey("orders", "all"))).isEmpty();
		assertThat(table.subset(ALL)).isEmpty();
		assertThat(table.subset(V2)).isNull();
		assertThat(table.subset(new DestinationKey("other", "v1"))).isNull();
		assertThat(table.policy(ALL)).isNull();
	}

	@Test
	void rulesOfOneServiceAddSubsetsToTheFirstByName() {
		Rule first = named("a", """
				subsets:
				- name: v1
				  labels: {version: first}
				  trafficPolicy: {loadBalancer: {simple: RANDOM}}
				""");
		Rule second = named("b", """
				trafficPolicy: {retryBudget: {percent: 5}}
				subsets:
				- name: v1
				  labels: {version: second}
				- name: v2
				  labels: {version: v2}
				""");
		for (RouteTable table : new RouteTable[] { TestRules.table(first, second), TestRules.table(second, first) }) {
			assertThat(table.subset(V1)).isEqualTo(Map.of("version", "first"));
			assertThat(table.subset(V2)).isEqualTo(Map.of("version", "v2"));
			assertThat(table.policy(V1).retryBudget().percent()).isEqualTo(5);
			assertThat(table.policy(V1).loadBalancer()).isNotNull();
			assertThat(table.policy(V2).loadBalancer()).isNull();
		}
	}

	@Test
	void wildcardIsForServicesWithoutARule() {
		Rule all = named("all", "trafficPolicy: {loadBalancer: {simple: RANDOM}}", "\"*.example.org\"");
		Rule one = named("one", "subsets: [{name: v1}]", "a.example.org");
		RouteTable table = TestRules.table(all, one);
		assertThat(table.policy(new DestinationKey("b.example.org", ""))).isNotNull();
		assertThat(table.policy(new DestinationKey("a.example.org", ""))).isNull();
	}

	private static Rule named(String name, String spec) {
		return named(name, spec, "orders");
	}

	private static Rule named(String name, String spec, String host) {
		return TestRules.rule(TestRules.ordersPolicyYaml(spec)
			.replace("name: orders", "name: " + name)
			.replace("host: orders", "host: " + host));
	}

}
