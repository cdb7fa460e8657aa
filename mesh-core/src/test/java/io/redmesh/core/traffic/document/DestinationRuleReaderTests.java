package io.redmesh.core.traffic.document;

import java.time.Duration;
import java.util.List;

import io.redmesh.core.traffic.Compatibility;
import io.redmesh.core.traffic.ConnectionPoolRule;
import io.redmesh.core.traffic.Finding;
import io.redmesh.core.traffic.HashKey;
import io.redmesh.core.traffic.LoadBalancerRule;
import io.redmesh.core.traffic.LoadBalancerRule.Algorithm;
import io.redmesh.core.traffic.OutlierRule;
import io.redmesh.core.traffic.RetryBudgetRule;
import io.redmesh.core.traffic.Severity;
import io.redmesh.core.traffic.TestRules;
import io.redmesh.core.traffic.TrafficPolicy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class DestinationRuleReaderTests {

	@Test
	void outlierDetectionHasIstiosDefaults() {
		assertThat(policy("outlierDetection: {}").outlierDetection())
			.isEqualTo(new OutlierRule(5, 0, null, Duration.ofSeconds(30), 10, 0));
		assertThat(
				policy("""
						outlierDetection: {consecutive5xxErrors: 0, consecutiveGatewayErrors: 3, interval: 1s, baseEjectionTime: 1m,
						  maxEjectionPercent: 50, minHealthPercent: 20, splitExternalLocalOriginErrors: true}""")
					.outlierDetection())
			.isEqualTo(new OutlierRule(0, 3, 5, Duration.ofMinutes(1), 50, 20));
	}

	@Test
	void retryBudgetHasIstiosDefaults() {
		assertThat(policy("retryBudget: {}").retryBudget()).isEqualTo(new RetryBudgetRule(20, 3));
		assertThat(policy("retryBudget: {percent: 12.5, minRetryConcurrency: 9}").retryBudget())
			.isEqualTo(new RetryBudgetRule(12.5, 9));
	}

	@ParameterizedTest
	@CsvSource({ "{tcp: {maxConnections: 5}}, 5", "{http: {http2MaxRequests: 7}}, 7",
			"'{tcp: {maxConnections: 5}, http: {http2MaxRequests: 7}}', 5",
			"'{tcp: {maxConnections: 9}, http: {http2MaxRequests: 7}}', 7", "{}, 0" })
	void connectionsAndRequestsAreTheSameLimit(String pool, int maxCalls) {
		assertThat(policy("connectionPool: " + pool).connectionPool())
			.isEqualTo(new ConnectionPoolRule(maxCalls, null));
	}

	@ParameterizedTest
	@CsvSource({ "UNSPECIFIED,", "LEAST_REQUEST, LEAST_REQUEST", "LEAST_CONN, LEAST_REQUEST",
			"ROUND_ROBIN, ROUND_ROBIN", "RANDOM, RANDOM" })
	void simpleAlgorithmsHaveTheirNames(String word, Algorithm algorithm) {
		assertThat(policy("loadBalancer: {simple: %s}".formatted(word)).loadBalancer())
			.isEqualTo(new LoadBalancerRule(algorithm, null, null));
	}

	@Test
	void hashKeysArePartsOfRequests() {
		assertThat(hashing("httpHeaderName: X-User"))
			.isEqualTo(rule(Algorithm.RING_HASH, new HashKey.Header("x-user")));
		assertThat(hashing("httpQueryParameterName: user, maglev: {}"))
			.isEqualTo(rule(Algorithm.MAGLEV, new HashKey.QueryParameter("user")));
		assertThat(hashing("httpCookie: {name: user}, ringHash: {}"))
			.isEqualTo(rule(Algorithm.RING_HASH, new HashKey.Cookie("user")));
		assertThat(hashing("useSourceIp: true")).isEqualTo(rule(Algorithm.RING_HASH, new HashKey.SourceIp()));
	}

	@Test
	void warmupIsRead() {
		LoadBalancerRule warmup = new LoadBalancerRule(null, null, Duration.ofSeconds(30));
		assertThat(policy("loadBalancer: {localityLbSetting: {enabled: true}, warmup: {duration: 30s}}").loadBalancer())
			.isEqualTo(warmup);
		assertThat(policy("loadBalancer: {localityLbSetting: {}, warmupDurationSecs: 30s}").loadBalancer())
			.isEqualTo(warmup);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = { "{} | RM0103 spec.trafficPolicy",
			"{loadBalancer: {simple: RANDOM, consistentHash: {useSourceIp: true}}} | RM0105 spec.trafficPolicy.loadBalancer.consistentHash",
			"{loadBalancer: {localityLbSetting: {enabled: false}}} | RM0102 spec.trafficPolicy.loadBalancer.localityLbSetting.enabled",
			"{loadBalancer: {consistentHash: {httpCookie: {name: a, ttl: 0s}}}} | RM0102 spec.trafficPolicy.loadBalancer.consistentHash.httpCookie.ttl",
			"{loadBalancer: {consistentHash: {}}} | RM0103 spec.trafficPolicy.loadBalancer.consistentHash",
			"{loadBalancer: {consistentHash: {useSourceIp: true, httpHeaderName: a}}} | RM0105 spec.trafficPolicy.loadBalancer.consistentHash.useSourceIp",
			"{loadBalancer: {simple: PASSTHROUGH}} | RM0102 spec.trafficPolicy.loadBalancer.simple",
			"{loadBalancer: {simple: FASTEST}} | RM0103 spec.trafficPolicy.loadBalancer.simple",
			"{loadBalancer: {localityLbSetting: {distribute: []}}} | RM0102 spec.trafficPolicy.loadBalancer.localityLbSetting.distribute",
			"{loadBalancer: {zoneAwareLbSetting: {}}} | RM0102 spec.trafficPolicy.loadBalancer.zoneAwareLbSetting",
			"{loadBalancer: {warmup: {}}} | RM0104 spec.trafficPolicy.loadBalancer.warmup.duration",
			"{loadBalancer: {warmup: {duration: 1s, aggression: 2}}} | RM0103 spec.trafficPolicy.loadBalancer.warmup.aggression",
			"{outlierDetection: {consecutiveLocalOriginFailures: 3}} | RM0103 spec.trafficPolicy.outlierDetection.consecutiveLocalOriginFailures",
			"{outlierDetection: {maxEjectionPercent: 101}} | RM0103 spec.trafficPolicy.outlierDetection.maxEjectionPercent",
			"{outlierDetection: {baseEjectionTime: 0s}} | RM0103 spec.trafficPolicy.outlierDetection.baseEjectionTime",
			"{tls: {mode: SIMPLE}} | RM0102 spec.trafficPolicy.tls.mode",
			"{tls: {mode: ISTIO_MUTUAL, sni: a}} | RM0102 spec.trafficPolicy.tls.sni",
			"{tunnel: {}} | RM0102 spec.trafficPolicy.tunnel",
			"{proxyProtocol: {}} | RM0102 spec.trafficPolicy.proxyProtocol",
			"{portLevelSettings: [{}]} | RM0104 spec.trafficPolicy.portLevelSettings[0].port",
			"{portLevelSettings: [{port: {number: 1}}, {port: {number: 2}}]} | RM0102 spec.trafficPolicy.portLevelSettings[1]",
			"{retryBudget: {percent: 101}} | RM0103 spec.trafficPolicy.retryBudget.percent" })
	void policiesAreChecked(String policy, String finding) {
		assertThat(errors("trafficPolicy: " + policy)).isEqualTo(finding);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = { "subsets: [{}] | RM0104 spec.subsets[0].name",
			"subsets: [{name: v1}, {name: v1}] | RM0103 spec.subsets[1].name",
			"subsets: [{name: V1}] | RM0103 spec.subsets[0].name",
			"subsets: [{name: v1, labels: {version: 1}}] | RM0103 spec.subsets[0].labels[version]",
			"workloadSelector: {} | RM0102 spec.workloadSelector", "exportTo: [other] | RM0102 spec.exportTo[0]" })
	void subsetsAreChecked(String spec, String finding) {
		assertThat(errors(spec)).isEqualTo(finding);
	}

	@Test
	void hostIsRequired() {
		Reading reading = TestRules
			.readings(TestRules.ordersPolicyYaml("").replace("  host: orders", "  subsets: []"), Compatibility.FRIENDLY)
			.get(0);
		assertThat(reading.findings()).extracting(Finding::path).containsExactly("spec.host");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			value = { "connectionPool: {http: {maxRetries: 3, idleTimeout: 1s}} | 2",
					"connectionPool: {tcp: {idleTimeout: 1s, tcpKeepalive: {}}} | 2",
					"outlierDetection: {interval: 1s} | 1", "retryBudget: {budgetInterval: 1s} | 1",
					"loadBalancer: {consistentHash: {useSourceIp: true, minimumRingSize: 2048}} | 1" })
	void fieldsWithoutEffectAreNamed(String policy, int findings) {
		Reading reading = TestRules
			.readings(TestRules.ordersPolicyYaml("trafficPolicy: {" + policy + "}"), Compatibility.STRICT)
			.get(0);
		assertThat(reading.rule()).isNotNull();
		assertThat(reading.findings()).hasSize(findings)
			.allMatch((finding) -> finding.code().equals("RM0111") && finding.severity() == Severity.INFO);
	}

	private static LoadBalancerRule rule(Algorithm algorithm, HashKey key) {
		return new LoadBalancerRule(algorithm, key, null);
	}

	private static LoadBalancerRule hashing(String fields) {
		return policy("loadBalancer: {consistentHash: {" + fields + "}}").loadBalancer();
	}

	private static TrafficPolicy policy(String fields) {
		return TestRules.ordersPolicy("trafficPolicy: {" + fields + "}").policy();
	}

	private static String errors(String spec) {
		Reading reading = TestRules.readings(TestRules.ordersPolicyYaml(spec), Compatibility.FRIENDLY).get(0);
		List<String> errors = reading.findings()
			.stream()
			.filter((finding) -> finding.severity() == Severity.ERROR)
			.map((finding) -> finding.code() + " " + finding.path())
			.toList();
		assertThat(reading.rule() == null).isEqualTo(!errors.isEmpty());
		return String.join(", ", errors);
	}

}
