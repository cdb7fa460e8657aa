package io.redmesh.core.traffic.document;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

import io.redmesh.core.traffic.Compatibility;
import io.redmesh.core.traffic.DestinationKey;
import io.redmesh.core.traffic.FaultRule;
import io.redmesh.core.traffic.Finding;
import io.redmesh.core.traffic.LoadBalancerRule;
import io.redmesh.core.traffic.Percentage;
import io.redmesh.core.traffic.RequestFacts;
import io.redmesh.core.traffic.Route;
import io.redmesh.core.traffic.RouteTable;
import io.redmesh.core.traffic.Severity;
import io.redmesh.core.traffic.TestRequest;
import io.redmesh.core.traffic.TestRules;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

/** Tests of the rules of Istio's example application. */
class BookinfoTests {

	private static final int CALLS = 20_000;

	@ParameterizedTest
	@ValueSource(strings = { "virtual-service-all-v1", "virtual-service-details-v2", "virtual-service-ratings-db",
			"virtual-service-ratings-mysql", "virtual-service-ratings-mysql-vm", "virtual-service-ratings-test-abort",
			"virtual-service-ratings-test-delay", "virtual-service-ratings-test-delay-50",
			"virtual-service-reviews-50-v3", "virtual-service-reviews-80-20", "virtual-service-reviews-90-10",
			"virtual-service-reviews-jason-v2-v3", "virtual-service-reviews-test-v2", "virtual-service-reviews-v2-v3",
			"virtual-service-reviews-v3", "fault-injection-details-v1", "destination-rule-all",
			"destination-rule-reviews" })
	void rulesAreReadWithoutAnyFinding(String file) {
		for (Compatibility compatibility : Compatibility.values()) {
			assertThat(TestRules.readings(TestRules.bookinfo(file), compatibility)).isNotEmpty()
				.allSatisfy((reading) -> {
					assertThat(reading.findings()).isEmpty();
					assertThat(reading.rule()).isNotNull();
				});
		}
	}

	@ParameterizedTest
	@EnumSource(Compatibility.class)
	void rulesForGatewaysOrWithMutualTlsAreReadWithFindings(Compatibility compatibility) {
		for (String file : List.of("bookinfo-gateway-virtual-service", "certmanager-gateway-virtual-service")) {
			assertThat(TestRules.readings(TestRules.bookinfo(file), compatibility)).hasSize(1)
				.allSatisfy((reading) -> assertThat(reading.findings()).extracting(Finding::code)
					.containsExactlyInAnyOrder("RM0109", "RM0110"));
		}
		assertThat(TestRules.readings(TestRules.bookinfo("destination-rule-all-mtls"), compatibility)).hasSize(4)
			.allSatisfy((reading) -> {
				assertThat(reading.rule()).isNotNull();
				assertThat(reading.findings()).extracting(Finding::code, Finding::severity)
					.containsExactly(tuple("RM0111", Severity.WARNING));
			});
	}

	@ParameterizedTest
	@CsvSource({ "virtual-service-reviews-50-v3, v3, 50", "virtual-service-reviews-v2-v3, v2, 50",
			"virtual-service-reviews-80-20, v2, 20", "virtual-service-reviews-90-10, v2, 10",
			"virtual-service-reviews-v3, v3, 100", "virtual-service-ratings-db, v3, 100" })
	void callsOfReviewsAreSplit(String file, String subset, int percent) {
		Route route = route(file, "reviews", TestRequest.get("/reviews/0"));
		SplittableRandom random = new SplittableRandom(1);
		Map<DestinationKey, Integer> calls = new HashMap<>();
		for (int i = 0; i < CALLS; i++) {
			calls.merge(route.forward().destination(random.nextLong()).key(), 1, Integer::sum);
		}
		assertThat(calls.get(new DestinationKey("reviews", subset))).isCloseTo(CALLS * percent / 100,
				Offset.offset(CALLS / 100));
	}

	@ParameterizedTest
	@CsvSource({ "virtual-service-reviews-jason-v2-v3, v2, v3", "virtual-service-reviews-test-v2, v2, v1" })
	void jasonSeesAnotherVersion(String file, String jason, String others) {
		assertThat(subset(route(file, "reviews", TestRequest.get("/").header("end-user", "jason")))).isEqualTo(jason);
		assertThat(subset(route(file, "reviews", TestRequest.get("/").header("end-user", "eva")))).isEqualTo(others);
		assertThat(subset(route(file, "reviews", TestRequest.get("/")))).isEqualTo(others);
	}

	@Test
	void jasonWaitsForRatings() {
		RequestFacts jason = TestRequest.get("/").header("end-user", "jason");
		FaultRule.Delay delay = new FaultRule.Delay(Duration.ofSeconds(7), Percentage.ALL);
		assertThat(route("virtual-service-ratings-test-delay", "ratings", jason).fault())
			.isEqualTo(new FaultRule(delay, null));
		assertThat(route("virtual-service-ratings-test-delay-50", "ratings", jason).fault().delay().percentage())
			.isEqualTo(new Percentage(50));
		assertThat(route("virtual-service-ratings-test-delay", "ratings", TestRequest.get("/")).fault()).isNull();
	}

	@Test
	void jasonGetsNoRatings() {
		RequestFacts jason = TestRequest.get("/").header("end-user", "jason");
		assertThat(route("virtual-service-ratings-test-abort", "ratings", jason).fault())
			.isEqualTo(new FaultRule(null, new FaultRule.Abort(500, Percentage.ALL)));
		assertThat(route("fault-injection-details-v1", "details", TestRequest.get("/")).fault().abort().status())
			.isEqualTo(555);
	}

	@Test
	void subsetsHaveTheirLabels() {
		RouteTable table = RouteTable.of(TestRules.rules(TestRules.bookinfo("destination-rule-all")),
				TestRules.client());
		assertThat(table.subset(new DestinationKey("ratings", "v2-mysql-vm")))
			.isEqualTo(Map.of("version", "v2-mysql-vm"));
		assertThat(table.subset(new DestinationKey("productpage", "v2"))).isNull();
		RouteTable reviews = RouteTable.of(TestRules.rules(TestRules.bookinfo("destination-rule-reviews")),
				TestRules.client());
		assertThat(reviews.policy(new DestinationKey("reviews", "v1")).loadBalancer().algorithm())
			.isEqualTo(LoadBalancerRule.Algorithm.RANDOM);
	}

	@Test
	void everyServiceIsRoutedToItsFirstVersion() {
		for (String service : List.of("productpage", "reviews", "ratings", "details")) {
			assertThat(subset(route("virtual-service-all-v1", service, TestRequest.get("/")))).isEqualTo("v1");
		}
	}

	@Test
	void olderFormOfPercentagesIsDeprecated() {
		String older = TestRules.bookinfo("virtual-service-ratings-test-abort")
			.replace("percentage:\n          value: 100.0", "percent: 100");
		Reading reading = TestRules.readings(older, Compatibility.STRICT).get(0);
		assertThat(reading.rule()).isEqualTo(TestRules.rule(TestRules.bookinfo("virtual-service-ratings-test-abort")));
		assertThat(reading.findings()).extracting(Finding::code).containsExactly("RM0107");
	}

	private static Route route(String file, String host, RequestFacts request) {
		return RouteTable.of(TestRules.rules(TestRules.bookinfo(file)), TestRules.client()).host(host).route(request);
	}

	private static String subset(Route route) {
		return route.forward().destination(7).key().subset();
	}

}
