package io.redmesh.core.traffic.document;

import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

import io.redmesh.core.traffic.Compatibility;
import io.redmesh.core.traffic.Finding;
import io.redmesh.core.traffic.HashKey;
import io.redmesh.core.traffic.Severity;
import io.redmesh.core.traffic.TestRules;
import io.redmesh.core.traffic.VirtualService;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class RuleReaderTests {

	private static final String ROUTE = "- {route: [{destination: {host: orders}}]}";

	@Test
	void unknownFieldIsAnErrorWithTheNearestName() {
		Finding finding = only(TestRules.ordersYaml("- {timeot: 1s, route: [{destination: {host: orders}}]}"));
		assertThat(finding).isEqualTo(new Finding("RM0101", Severity.ERROR, "spec.http[0].timeot",
				"the field does not exist; did you mean timeout?", "timeout: 1s"));
	}

	@Test
	void lenientReaderWarnsOfWhatHasNoEffect() {
		String yaml = TestRules.ordersYaml("- {colour: 1s, corsPolicy: {}, route: [{destination: {host: orders}}]}");
		Reading reading = TestRules.readings(yaml, Compatibility.LENIENT).get(0);
		assertThat(reading.rule()).isEqualTo(TestRules.orders(ROUTE));
		assertThat(reading.findings()).extracting(Finding::severity).containsOnly(Severity.WARNING);
		assertThat(reading.findings()).extracting(Finding::code).containsExactlyInAnyOrder("RM0101", "RM0102");
		assertThat(reading.findings()).extracting(Finding::message)
			.allMatch((message) -> message.endsWith("; it has no effect"));
		assertThat(TestRules.readings(yaml, Compatibility.FRIENDLY).get(0).rule()).isNull();
		assertThat(TestRules.readings(yaml, Compatibility.STRICT).get(0).rule()).isNull();
	}

	@ParameterizedTest
	@CsvSource({ "Gateway, RM0106", "ServiceEntry, RM0106", "HTTPRoute, RM0106", "AuthorizationPolicy, RM0106",
			"Deployment, RM0106", "virtualservice, RM0103" })
	void kindThatIsNotExecutedIsRefusedByName(String kind, String code) {
		Finding finding = only(TestRules.ordersYaml(ROUTE).replace("VirtualService", kind));
		assertThat(finding.code()).isEqualTo(code);
		assertThat(finding.path()).isEqualTo("kind");
		assertThat(finding.message()).contains(kind);
	}

	@Test
	void kindThatIsMisspelledIsCorrected() {
		assertThat(only(TestRules.ordersYaml(ROUTE).replace("VirtualService", "VirtualServise")).fix())
			.isEqualTo("kind: VirtualService");
	}

	@Test
	void threeVersionsOfTheInterfaceAreAccepted() {
		for (String version : List.of("v1", "v1beta1", "v1alpha3")) {
			TestRules.rule(TestRules.ordersYaml(ROUTE).replace("istio.io/v1", "istio.io/" + version));
		}
		assertThat(only(TestRules.ordersYaml(ROUTE).replace("istio.io/v1", "istio.io/v2")).fix())
			.isEqualTo("apiVersion: networking.istio.io/v1");
	}

	@ParameterizedTest
	@ValueSource(strings = { "apiVersion", "kind", "metadata", "spec" })
	void partsOfADocumentAreRequired(String part) {
		Map<String, Object> document = new HashMap<>(TestRules.documents(TestRules.ordersYaml(ROUTE)).get(0));
		document.remove(part);
		Reading reading = new RuleReader(Compatibility.LENIENT).read(document);
		assertThat(reading.rule()).isNull();
		assertThat(reading.findings())
			.contains(new Finding("RM0104", Severity.ERROR, part, "the field is required", null));
	}

	@Test
	void metadataOfKubernetesIsAccepted() {
		TestRules.rule(TestRules.ordersYaml(ROUTE).replace("  name: orders\n", """
				  name: orders
				  namespace: default
				  uid: 1b2c
				  creationTimestamp: 2026-11-30T00:00:00Z
				  labels: {app: orders}
				  annotations: {example.org/a: b}
				""") + "status: {}\n");
		assertThat(only(TestRules.ordersYaml(ROUTE).replace("name: orders", "name: Orders")).path())
			.isEqualTo("metadata.name");
	}

	@Test
	void annotationNamesTheCohort() {
		assertThat(cohort("redmesh.io/cohort-header: X-User")).isEqualTo(new HashKey.Header("x-user"));
		assertThat(cohort("redmesh.io/cohort-cookie: user")).isEqualTo(new HashKey.Cookie("user"));
		assertThat(cohort("redmesh.io/cohort-query-parameter: u")).isEqualTo(new HashKey.QueryParameter("u"));
		assertThat(cohort("example.org/a: b")).isNull();
		assertThat(only(annotated("redmesh.io/cohort: user")).path())
			.isEqualTo("metadata.annotations[redmesh.io/cohort]");
		assertThat(only(annotated("redmesh.io/cohort-header: a, redmesh.io/cohort-cookie: b")).code())
			.isEqualTo("RM0105");
	}

	@Test
	void allMistakesAreFoundAtOnce() {
		Reading reading = TestRules.readings(TestRules.ordersYaml("""
				- timeout: soon
				  retries: {attempts: -1}
				  route: [{destination: {port: {number: 0}}}]
				- {}
				"""), Compatibility.FRIENDLY).get(0);
		assertThat(reading.findings()).extracting(Finding::path)
			.containsExactlyInAnyOrder("spec.http[0].timeout", "spec.http[0].retries.attempts",
					"spec.http[0].route[0].destination.host", "spec.http[0].route[0].destination.port.number",
					"spec.http[1]");
	}

	/** Breaks documents at random: the reader finds something, and never fails. */
	@Test
	void brokenDocumentIsNeverAFailure() {
		SplittableRandom random = new SplittableRandom(16);
		List<Object> values = Arrays.asList(null, "", "*", -1, 1.5, true, List.of(), Map.of(), List.of(Map.of()),
				"a\nb", Map.of("a", "b"), Collections.singletonList(null), "\u0000", Long.MAX_VALUE, Double.NaN);
		for (String file : List.of("virtual-service-ratings-test-delay", "virtual-service-reviews-80-20",
				"bookinfo-gateway-virtual-service", "destination-rule-all-mtls")) {
			for (int trial = 0; trial < 3_000; trial++) {
				Map<String, ?> document = TestRules.documents(TestRules.bookinfo(file)).get(0);
				breakIn(document, random, values);
				Reading reading = new RuleReader(Compatibility.values()[trial % 3]).read(document);
				boolean error = reading.findings().stream().anyMatch((finding) -> finding.severity() == Severity.ERROR);
				assertThat(reading.rule() == null).isEqualTo(error);
			}
		}
	}

	@SuppressWarnings("unchecked")
	private static void breakIn(Object tree, SplittableRandom random, List<Object> values) {
		Object value = values.get(random.nextInt(values.size()));
		if (tree instanceof Map<?, ?> map && !map.isEmpty()) {
			Object key = map.keySet().toArray()[random.nextInt(map.size())];
			if (random.nextInt(4) == 0 || map.get(key) == null) {
				((Map<Object, Object>) map).put(key, value);
			}
			else {
				breakIn(map.get(key), random, values);
			}
		}
		else if (tree instanceof List<?> list && !list.isEmpty()) {
			int index = random.nextInt(list.size());
			if (random.nextInt(4) == 0 || list.get(index) == null) {
				((List<Object>) list).set(index, value);
			}
			else {
				breakIn(list.get(index), random, values);
			}
		}
	}

	private static String annotated(String annotations) {
		return TestRules.ordersYaml(ROUTE)
			.replace("  name: orders\n", "  name: orders\n  annotations: {" + annotations + "}\n");
	}

	private static HashKey cohort(String annotations) {
		return ((VirtualService) TestRules.rule(annotated(annotations))).routes().get(0).route().forward().cohort();
	}

	private static Finding only(String yaml) {
		Reading reading = TestRules.readings(yaml, Compatibility.FRIENDLY).get(0);
		assertThat(reading.rule()).isNull();
		assertThat(reading.findings()).hasSize(1);
		return reading.findings().get(0);
	}

}
