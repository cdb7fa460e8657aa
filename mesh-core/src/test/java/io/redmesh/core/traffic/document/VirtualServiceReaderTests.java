package io.redmesh.core.traffic.document;

import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;

import io.redmesh.core.traffic.Compatibility;
import io.redmesh.core.traffic.DestinationKey;
import io.redmesh.core.traffic.DirectResponse;
import io.redmesh.core.traffic.FaultRule;
import io.redmesh.core.traffic.Finding;
import io.redmesh.core.traffic.Forward;
import io.redmesh.core.traffic.HeaderChange;
import io.redmesh.core.traffic.Mirror;
import io.redmesh.core.traffic.Percentage;
import io.redmesh.core.traffic.RetryCondition;
import io.redmesh.core.traffic.RetryOn;
import io.redmesh.core.traffic.RetryRule;
import io.redmesh.core.traffic.Route;
import io.redmesh.core.traffic.Rule;
import io.redmesh.core.traffic.Severity;
import io.redmesh.core.traffic.TestRules;
import io.redmesh.core.traffic.VirtualService;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

class VirtualServiceReaderTests {

	private static final String TO_ORDERS = "route: [{destination: {host: orders}}]";

	@Test
	void whatARouteLeavesOutIsTheClientsOrNothing() {
		Route route = route(TO_ORDERS);
		assertThat(route.fault()).isNull();
		assertThat(route.action())
			.isEqualTo(new Forward(route.forward().destinations(), null, null, null, null, List.of()));
	}

	@Test
	void faultWithoutAPercentageAffectsNoRequest() {
		FaultRule fault = route("fault: {delay: {fixedDelay: 2s}, abort: {httpStatus: 503}}, " + TO_ORDERS).fault();
		assertThat(fault).isEqualTo(new FaultRule(new FaultRule.Delay(Duration.ofSeconds(2), Percentage.NONE),
				new FaultRule.Abort(503, Percentage.NONE)));
		assertThat(route("fault: {abort: {httpStatus: 503, percentage: {value: 0.01}}}, " + TO_ORDERS).fault()
			.abort()
			.percentage()).isEqualTo(new Percentage(0.01));
	}

	@Test
	void mirrorWithoutAPercentageCopiesEveryRequest() {
		Mirror all = new Mirror(new DestinationKey("copy", "v2"), Percentage.ALL);
		assertThat(mirrors("mirror: {host: copy, subset: v2}")).containsExactly(all);
		assertThat(mirrors("mirrors: [{destination: {host: copy, subset: v2}}]")).containsExactly(all);
		assertThat(mirrors("mirror: {host: copy}, mirrorPercentage: {value: 5}")).extracting(Mirror::percentage)
			.containsExactly(new Percentage(5));
		assertThat(mirrors("mirrors: [{destination: {host: a}, percentage: {value: 5}}, {destination: {host: b}}]"))
			.hasSize(2);
		assertThat(mirrors("mirrorPercentage: {value: 0}, mirror: {host: copy}")).isEmpty();
	}

	@Test
	void attemptsAreRetries() {
		assertThat(retries("attempts: 2"))
			.isEqualTo(new RetryRule(2, null, RetryOn.DEFAULT, Duration.ofMillis(25), true));
		assertThat(retries("attempts: 0").attempts()).isZero();
		assertThat(retries("perTryTimeout: 250ms"))
			.isEqualTo(new RetryRule(2, Duration.ofMillis(250), RetryOn.DEFAULT, Duration.ofMillis(25), true));
		assertThat(retries("attempts: 3, retryOn: '5xx, reset,429', backoff: 1s, retryIgnorePreviousHosts: false"))
			.isEqualTo(new RetryRule(3, null,
					new RetryOn(EnumSet.of(RetryCondition.SERVER_ERROR, RetryCondition.RESET), List.of(429)),
					Duration.ofSeconds(1), false));
	}

	@Test
	void conditionsOfGrpcHaveNoEffect() {
		String yaml = TestRules
			.ordersYaml("- {retries: {attempts: 1, retryOn: 'connect-failure,unavailable,retriable-status-codes,503'}, "
					+ TO_ORDERS + "}");
		Reading reading = TestRules.readings(yaml, Compatibility.STRICT).get(0);
		assertThat(reading.findings()).extracting(Finding::severity, Finding::code)
			.containsExactly(tuple(Severity.INFO, "RM0111"));
	}

	@Test
	void headersAreChanged() {
		String headers = "headers: {request: {set: {a: '100%%'}, add: {b: c}, remove: [d]}, response: {remove: [e]}}";
		Route route = route(headers + ", " + TO_ORDERS);
		assertThat(route.headers().request())
			.isEqualTo(new HeaderChange(List.of("d"), Map.of("a", "100%"), Map.of("b", "c")));
		assertThat(route.headers().response()).isEqualTo(new HeaderChange(List.of("e"), Map.of(), Map.of()));
	}

	@Test
	void responseNeedsNoDestination() {
		assertThat(route("directResponse: {status: 503, body: {string: 'closed'}}").action())
			.isEqualTo(new DirectResponse(503, "closed"));
		assertThat(route("directResponse: {status: 204}").action()).isEqualTo(new DirectResponse(204, ""));
		assertThat(route("directResponse: {status: 204}").forward()).isNull();
	}

	@Test
	void timeoutOfZeroSwitchesItOffUnlessStrict() {
		assertThat(route("timeout: 0s, " + TO_ORDERS).forward().timeout()).isZero();
		assertThat(TestRules.readings(TestRules.ordersYaml("- {timeout: 0s, " + TO_ORDERS + "}"), Compatibility.STRICT)
			.get(0)
			.rule()).isNull();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = { "{} | RM0104 spec.http[0]",
			"{redirect: {uri: /a}, route: [{destination: {host: a}}]} | RM0105 spec.http[0].redirect",
			"{redirect: {uri: /a}, fault: {abort: {httpStatus: 500}}} | RM0105 spec.http[0].fault",
			"{redirect: {uri: /a}, rewrite: {uri: /b}} | RM0105 spec.http[0].rewrite",
			"{redirect: {uri: /a, redirectCode: 304}} | RM0103 spec.http[0].redirect.redirectCode",
			"{redirect: {uri: /a, prefixRewrite: /b}} | RM0105 spec.http[0].redirect.prefixRewrite",
			"{redirect: {scheme: ftp}} | RM0103 spec.http[0].redirect.scheme",
			"{directResponse: {}} | RM0104 spec.http[0].directResponse.status",
			"{directResponse: {status: 600}} | RM0103 spec.http[0].directResponse.status",
			"{route: []} | RM0103 spec.http[0].route", "{route: [{}]} | RM0104 spec.http[0].route[0].destination",
			"{route: [{destination: {host: '*'}}]} | RM0103 spec.http[0].route[0].destination.host",
			"{route: [{destination: {host: 'a b'}}]} | RM0103 spec.http[0].route[0].destination.host",
			"{route: [{destination: {host: a, subset: V1}}]} | RM0103 spec.http[0].route[0].destination.subset",
			"{route: [{destination: {host: a}}, {destination: {host: b}}]} | RM0103 spec.http[0].route",
			"{route: [{destination: {host: a}, weight: 0}, {destination: {host: b}, weight: 0}]} | RM0103 spec.http[0].route",
			"{route: [{destination: {host: a}, weight: -1}]} | RM0103 spec.http[0].route[0].weight",
			"{route: [{destination: {host: a}, weight: 1.5}]} | RM0103 spec.http[0].route[0].weight",
			"{route: [{destination: {host: a}, weight: 2147483647}, {destination: {host: b}, weight: 1}]} | RM0103 spec.http[0].route",
			"{delegate: {name: a}, redirect: {uri: /}} | RM0102 spec.http[0].delegate",
			"{redirect: {uri: /}, match: [{uri: {exact: a, prefix: b}}]} | RM0105 spec.http[0].match[0].uri.prefix",
			"{redirect: {uri: /}, match: [{uri: {regex: '('}}]} | RM0103 spec.http[0].match[0].uri.regex",
			"{redirect: {uri: /}, match: [{method: {prefix: ''}}]} | RM0103 spec.http[0].match[0].method",
			"{redirect: {uri: /}, match: [{headers: {x: {prefix: ''}}}]} | RM0103 spec.http[0].match[0].headers[x]",
			"{redirect: {uri: /}, match: [{headers: {'a b': {}}}]} | RM0103 spec.http[0].match[0].headers[a b]",
			"{redirect: {uri: /}, match: [{headers: {'@request.auth.claims.a': {}}}]} | RM0102 spec.http[0].match[0].headers[@request.auth.claims.a]",
			"{redirect: {uri: /}, match: [{port: 70000}]} | RM0103 spec.http[0].match[0].port",
			"{redirect: {uri: /}, match: [{sourceNamespace: A}]} | RM0103 spec.http[0].match[0].sourceNamespace",
			"{redirect: {uri: /}, match: []} | ''", "{redirect: {uri: /}, match: [{uri: {prefix: ''}}]} | ''",
			"{redirect: {uri: /}, match: [null]} | RM0103 spec.http[0].match[0]" })
	void istiosChecksAreMade(String http, String finding) {
		assertThat(errors(TestRules.ordersYaml("- " + http))).isEqualTo(finding);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = { "timeout: 1 | RM0103 spec.http[0].timeout",
			"timeout: -1s | RM0103 spec.http[0].timeout", "timeout: 1us | RM0103 spec.http[0].timeout",
			"retries: {attempts: 10} | RM0103 spec.http[0].retries.attempts",
			"retries: {retryOn: sometimes} | RM0103 spec.http[0].retries.retryOn",
			"retries: {perTryTimeout: 0s} | RM0103 spec.http[0].retries.perTryTimeout",
			"fault: {delay: {}} | RM0104 spec.http[0].fault.delay.fixedDelay",
			"fault: {delay: {fixedDelay: 0s}} | RM0103 spec.http[0].fault.delay.fixedDelay",
			"fault: {abort: {httpStatus: 199}} | RM0103 spec.http[0].fault.abort.httpStatus",
			"fault: {abort: {httpStatus: 500, percentage: {value: 101}}} | RM0103 spec.http[0].fault.abort.percentage.value",
			"fault: {abort: {httpStatus: 500, percentage: {value: 0.00001}}} | RM0103 spec.http[0].fault.abort.percentage.value",
			"fault: {abort: {httpStatus: 500, percentage: 5}} | RM0103 spec.http[0].fault.abort.percentage",
			"fault: {abort: {httpStatus: 500, percentage: {value: 1}, percent: 2}} | RM0105 spec.http[0].fault.abort.percent",
			"fault: {abort: {httpStatus: 500, grpcStatus: UNAVAILABLE}} | RM0102 spec.http[0].fault.abort.grpcStatus",
			"mirror: {host: a} | RM0102 spec.http[0].mirror", "mirrors: [] | RM0102 spec.http[0].mirrors",
			"rewrite: {uri: /a, uriRegexRewrite: {match: a, rewrite: b}} | RM0105 spec.http[0].rewrite.uriRegexRewrite",
			"rewrite: {uriRegexRewrite: {match: a, rewrite: \\1}} | RM0103 spec.http[0].rewrite.uriRegexRewrite.rewrite",
			"headers: {request: {set: {Host: a}}} | RM0103 spec.http[0].headers.request.set[Host]",
			"headers: {request: {add: {a: '%START_TIME%'}}} | RM0103 spec.http[0].headers.request.add[a]",
			"headers: {request: {add: {a: 1}}} | RM0103 spec.http[0].headers.request.add[a]",
			"headers: {request: {remove: [':path']}} | RM0103 spec.http[0].headers.request.remove[0]",
			"corsPolicy: {} | RM0102 spec.http[0].corsPolicy" })
	void istiosChecksOfRoutesWithADestinationAreMade(String fields, String finding) {
		assertThat(errors(TestRules.ordersYaml("- {" + fields + ", " + TO_ORDERS + "}"))).isEqualTo(finding);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			value = { "hosts: [] | RM0103 spec.hosts", "hosts: [a, A] | RM0103 spec.hosts[1]",
					"hosts: [a, a.default.svc.cluster.local] | RM0103 spec.hosts[1]",
					"hosts: ['*'] | RM0103 spec.hosts", "hosts: ['a.*'] | RM0103 spec.hosts[0]",
					"hosts: orders | RM0103 spec.hosts", "hosts: [a], tls: [] | RM0102 spec.tls",
					"hosts: [a], tcp: [] | RM0102 spec.tcp", "hosts: [a], gateways: [A] | RM0103 spec.gateways[0]",
					"hosts: [a], exportTo: [other] | RM0102 spec.exportTo[0]",
					"hosts: [a], exportTo: ['*', '.', default] | ''", "hosts: ['*'], gateways: [front] | ''",
					"hosts: ['*'], gateways: [front, mesh] | RM0103 spec.hosts", "hosts: [10.0.0.7, a.b, '*.c'] | ''" })
	void hostsAndGatewaysAreChecked(String fields, String finding) {
		String yaml = """
				apiVersion: networking.istio.io/v1
				kind: VirtualService
				metadata: {name: orders}
				spec: {%s, http: [{route: [{destination: {host: a}}]}]}
				""".formatted(fields);
		assertThat(errors(yaml)).isEqualTo(finding);
	}

	@ParameterizedTest
	@ValueSource(strings = { "http: []", "", "http: {}" })
	void atLeastOneRouteIsRequired(String http) {
		String yaml = "{apiVersion: networking.istio.io/v1, kind: VirtualService, metadata: {name: a}, spec: {hosts: [a], "
				+ http + "}}";
		assertThat(errors(yaml)).endsWith("spec.http");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			value = { "timeout: 5 | 'timeout: 5s'", "headers: {request: {set: {a: 1}}} | 'a: \"1\"'",
					"fault: {abort: {httpStatus: 500, percentage: 5}} | 'percentage:\n  value: 5'",
					"match: [{headers: {x: z}}] | 'x:\n  exact: z\n'" })
	void correctedTextIsOffered(String fields, String fix) {
		Reading reading = TestRules
			.readings(TestRules.ordersYaml("- {" + fields + ", " + TO_ORDERS + "}"), Compatibility.FRIENDLY)
			.get(0);
		assertThat(reading.findings()).hasSize(1);
		assertThat(reading.findings().get(0).fix()).isEqualTo(fix.strip());
	}

	private static String errors(String yaml) {
		Reading reading = TestRules.readings(yaml, Compatibility.FRIENDLY).get(0);
		List<String> errors = reading.findings()
			.stream()
			.filter((finding) -> finding.severity() == Severity.ERROR)
			.map((finding) -> finding.code() + " " + finding.path())
			.toList();
		assertThat(reading.rule() == null).isEqualTo(!errors.isEmpty());
		return String.join(", ", errors);
	}

	private static Route route(String fields) {
		return TestRules.orders("- {" + fields + "}").routes().get(0).route();
	}

	private static List<Mirror> mirrors(String fields) {
		String yaml = TestRules.ordersYaml("- {" + fields + ", " + TO_ORDERS + "}");
		Rule rule = TestRules.readings(yaml, Compatibility.LENIENT).get(0).rule();
		return ((VirtualService) rule).routes().get(0).route().forward().mirrors();
	}

	private static RetryRule retries(String fields) {
		return route("retries: {" + fields + "}, " + TO_ORDERS).forward().retries();
	}

}
