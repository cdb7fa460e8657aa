package io.redmesh.core.traffic.document;

import java.time.Duration;
import java.util.List;
import java.util.Set;

import io.redmesh.core.traffic.Compatibility;
import io.redmesh.core.traffic.DestinationKey;
import io.redmesh.core.traffic.Finding;
import io.redmesh.core.traffic.Forward;
import io.redmesh.core.traffic.HeaderOperations;
import io.redmesh.core.traffic.RouteDestination;
import io.redmesh.core.traffic.RouteTable;
import io.redmesh.core.traffic.Rule;
import io.redmesh.core.traffic.Severity;
import io.redmesh.core.traffic.TestRequest;
import io.redmesh.core.traffic.TestRules;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

/** Tests of the document that this project began with. Istio would not apply it. */
class SeedDocumentTests {

	@Test
	void worksVerbatim() {
		Rule rule = read(TestRules.SEED, Compatibility.FRIENDLY).rule();
		RouteTable table = RouteTable.of(List.of(rule), TestRules.client());
		Forward forward = table.host("my-service").route(TestRequest.get("/")).forward();
		assertThat(forward.timeout()).isEqualTo(Duration.ofSeconds(1));
		assertThat(forward.retries()).isNull();
		assertThat(forward.destinations())
			.containsExactly(new RouteDestination(new DestinationKey("my-service", ""), 100, HeaderOperations.NONE));
		assertThat(forward.destination(-1)).isEqualTo(forward.stickyDestination(7));
	}

	@Test
	void findingsSayWhatIstioWouldDoAndHowToWriteIt() {
		List<Finding> findings = read(TestRules.SEED, Compatibility.FRIENDLY).findings();
		assertThat(findings).extracting(Finding::code, Finding::severity, Finding::path)
			.containsExactlyInAnyOrder(tuple("RM0108", Severity.WARNING, "spec.http[0].weight"),
					tuple("RM0109", Severity.WARNING, "spec.gateways"),
					tuple("RM0110", Severity.INFO, "spec.http[0].route[0].destination.port.number"));
		assertThat(finding(findings, "RM0108").message()).startsWith("Istio refuses or drops the field");
		assertThat(finding(findings, "RM0108").fix()).isEqualTo("""
				route:
				- destination:
				    host: my-service
				    port:
				      number: 80
				  weight: 100""");
		assertThat(finding(findings, "RM0109").message()).startsWith("Istio would not apply the rule");
		assertThat(finding(findings, "RM0109").fix()).isEqualTo("""
				gateways:
				- my-gateway
				- mesh""");
	}

	@Test
	void correctedDocumentIsTheSameRuleForTheMeshWithoutWarnings() {
		Reading corrected = read(TestRules.SEED.replace("    weight: 100\n", "")
			.replace("          number: 80\n", "          number: 80\n      weight: 100\n")
			.replace("  - my-gateway\n", "  - my-gateway\n  - mesh\n"), Compatibility.STRICT);
		assertThat(corrected.rule()).isNotNull();
		assertThat(corrected.findings()).extracting(Finding::code).containsExactly("RM0110");
		RouteTable table = RouteTable.of(List.of(corrected.rule()), TestRules.client(), Set.of("my-gateway"));
		assertThat(table.host("my-service").route(TestRequest.get("/")).forward().destinations().get(0).weight())
			.isEqualTo(100);
	}

	@Test
	void registeredGatewayTakesTheRuleFromTheMesh() {
		List<Rule> rules = List.of(read(TestRules.SEED, Compatibility.FRIENDLY).rule());
		assertThat(RouteTable.of(rules, TestRules.client(), Set.of("my-gateway")).host("my-service")).isNull();
		assertThat(RouteTable.of(rules, TestRules.gateway("my-gateway"), Set.of("my-gateway")).host("my-service"))
			.isNotNull();
	}

	@Test
	void strictReaderRefusesTheWeight() {
		Reading reading = read(TestRules.SEED, Compatibility.STRICT);
		assertThat(reading.rule()).isNull();
		assertThat(finding(reading.findings(), "RM0108").severity()).isEqualTo(Severity.ERROR);
		Reading without = read(TestRules.SEED.replace("    weight: 100\n", ""), Compatibility.STRICT);
		assertThat(RouteTable.of(List.of(without.rule()), TestRules.client()).host("my-service")).isNull();
		assertThat(finding(without.findings(), "RM0109").message()).startsWith("the rule does not apply");
	}

	@Test
	void misplacedWeightOfOneOfSeveralDestinationsIsAnError() {
		Reading reading = read(
				TestRules.SEED.replace("    weight: 100\n",
						"    - destination:\n        host: b\n      weight: 1\n    weight: 100\n"),
				Compatibility.FRIENDLY);
		assertThat(reading.rule()).isNull();
		assertThat(finding(reading.findings(), "RM0108").fix()).isNull();
	}

	private static Reading read(String yaml, Compatibility compatibility) {
		List<Reading> readings = TestRules.readings(yaml, compatibility);
		assertThat(readings).hasSize(1);
		return readings.get(0);
	}

	private static Finding finding(List<Finding> findings, String code) {
		return findings.stream().filter((finding) -> finding.code().equals(code)).findFirst().orElseThrow();
	}

}
