package io.redmesh.core.call;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

import io.redmesh.core.endpoint.EjectionPolicy;
import io.redmesh.core.endpoint.Endpoint;
import io.redmesh.core.endpoint.EndpointPools;
import io.redmesh.core.endpoint.EndpointSubset;
import io.redmesh.core.endpoint.Requirement;
import io.redmesh.core.instance.Instance;
import io.redmesh.core.instance.Locality;
import io.redmesh.core.instance.Status;
import io.redmesh.core.loadbalance.LoadBalancing;
import io.redmesh.core.registry.Catalog;
import io.redmesh.core.registry.Cursor;
import io.redmesh.core.time.ManualTime;
import io.redmesh.core.traffic.DestinationKey;
import io.redmesh.core.traffic.HostRoutes;
import io.redmesh.core.traffic.RequestFacts;
import io.redmesh.core.traffic.RuleBook;
import io.redmesh.core.traffic.TestRequest;
import io.redmesh.core.traffic.TestRules;
import org.assertj.core.data.Offset;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static io.redmesh.core.call.Sent.sent;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** Tests of calls that traffic rules route: where they go, how long, and how often. */
class CallRoutingTests {

	private static final int CALLS = 20_000;

	private static final String SUBSETS = """
			subsets:
			- name: v1
			  labels: {version: "1"}
			- name: v2
			  labels: {version: "2"}
			""";

	private final ManualTime time = new ManualTime();

	private final Random random = new Random(16);

	private final Catalog catalog = new Catalog();

	private final RuleBook book = new RuleBook(TestRules.client());

	private final EndpointPools pools = new EndpointPools(this.catalog, this.time,
			(service) -> TrafficPolicies.ejection(EjectionPolicy.DEFAULT, this.book.table(), service), Locality.UNKNOWN,
			() -> this.random);

	private CallPolicy policy = CallPolicy.DEFAULT.with(LoadBalancing.ROUND_ROBIN);

	private final CallPlanner planner = new CallPlanner(this.pools, (destination) -> this.policy, this.time,
			() -> this.random, this.book::table);

	private int revision;

	CallRoutingTests() {
		this.book.listen((table) -> {
			this.pools.refreshPolicies();
			this.planner.refreshPolicies();
		});
	}

	@Test
	void aHostWithoutRulesHasNoRoutes() {
		see(instance("orders", "a", "1"));
		assertThat(this.planner.routes("orders")).isNull();
		assertThat(this.planner.readsRequests("orders")).isFalse();
		route("- route: [{destination: {host: orders}}]");
		assertThat(this.planner.routes("orders")).isNotNull();
		assertThat(this.planner.readsRequests("ORDERS")).isTrue();
		assertThat(this.planner.routes("stock")).isNull();
		assertThat(this.planner.readsRequests("stock")).isFalse();
	}

	@Test
	void callsAreSplitByWeight() throws Exception {
		see(instance("orders", "a", "1"), instance("orders", "b", "2"));
		rules("""
				- route:
				  - destination: {host: orders, subset: v1}
				    weight: 80
				  - destination: {host: orders, subset: v2}
				    weight: 20
				""", SUBSETS);
		Map<String, Integer> called = new HashMap<>();
		for (int call = 0; call < CALLS; call++) {
			called.merge(called(TestRequest.get("/")), 1, Integer::sum);
		}
		assertThat(called.get("b") / (double) CALLS).isCloseTo(0.2, Offset.offset(0.01));
		assertThat(called.get("a") + called.get("b")).isEqualTo(CALLS);
	}

	@Test
	void aCohortStaysWhereItIsWhenItsDestinationGains() throws Exception {
		see(instance("orders", "a", "1"), instance("orders", "b", "2"));
		Set<String> before = new HashSet<>();
		for (int share : new int[] { 10, 20, 50 }) {
			this.book.replace(TestRules.rules("""
					apiVersion: networking.istio.io/v1
					kind: VirtualService
					metadata:
					  name: orders
					  annotations: {redmesh.io/cohort-header: X-User}
					spec:
					  hosts: [orders]
					  http:
					  - route:
					    - destination: {host: orders, subset: v1}
					      weight: %d
					    - destination: {host: orders, subset: v2}
					      weight: %d
					---
					""".formatted(100 - share, share) + TestRules.ordersPolicyYaml(SUBSETS)), "r" + share);
			Set<String> now = new HashSet<>();
			for (int user = 0; user < 2_000; user++) {
				if (called(TestRequest.get("/").header("x-user", "user-" + user)).equals("b")) {
					now.add("user-" + user);
				}
			}
			assertThat(now).containsAll(before);
			assertThat(now.size() / 2_000.0).isCloseTo(share / 100.0, Offset.offset(0.03));
			before = now;
		}
	}

	@Test
	void allAttemptsStayInTheSubsetOfTheRoute() throws Exception {
		see(instance("orders", "a", "1"), instance("orders", "b", "2"), instance("orders", "c", "1"),
				instance("orders", "d", "2"));
		rules("- route: [{destination: {host: orders, subset: v2}}]", SUBSETS);
		Set<String> called = new HashSet<>();
		for (int call = 0; call < 20; call++) {
			CallPlan plan = plan(TestRequest.get("/"));
			for (Attempt attempt = sent(plan.first()); attempt != null; attempt = sent(
					plan.after(Outcome.BROKEN, 0, null))) {
				called.add(attempt.instance().id());
			}
			this.time.forward(Duration.ofSeconds(1));
		}
		assertThat(called).containsExactlyInAnyOrder("b", "d");
	}

	@Test
	void aRouteThatLeadsToNoInstanceSaysSoAndWhichRuleItIs() {
		see(instance("orders", "a", "1"));
		rules("- route: [{destination: {host: orders, subset: v2}}]", SUBSETS);
		assertThatExceptionOfType(NoEndpointException.class).isThrownBy(() -> plan(TestRequest.get("/")).first())
			.withMessage("No instance of 'orders' is in subset 'v2' {version=2} (known: 1) "
					+ "(VirtualService/orders spec.http[0])");
		route("- route: [{destination: {host: orders, subset: v9}}]");
		assertThatExceptionOfType(NoEndpointException.class).isThrownBy(() -> plan(TestRequest.get("/")).first())
			.withMessageContaining("is in subset 'v9', which no DestinationRule defines");
		route("- route: [{destination: {host: stock}}]");
		assertThatExceptionOfType(NoEndpointException.class).isThrownBy(() -> plan(TestRequest.get("/")).first())
			.withMessageContaining("No instance of 'stock' can be called (known: none)");
	}

	@Test
	void aVirtualHostNeedsNoInstances() throws Exception {
		see(instance("orders", "a", "1"), instance("stock", "s", "1"));
		this.book.replace(TestRules.rules(TestRules.SHOP), "r1");
		assertThat(called("shop", null, TestRequest.get("/stock/7"))).isEqualTo("s");
		assertThat(called("shop", null, TestRequest.get("/"))).isEqualTo("a");
		assertThat(called("shop", new Requirement(false, 8080), TestRequest.get("/"))).isEqualTo("a");
		assertThat(plan("shop", null, TestRequest.get("/")).service()).isEqualTo("orders");
		assertThatExceptionOfType(NoEndpointException.class)
			.isThrownBy(() -> plan("shop", new Requirement(true, 8443), TestRequest.get("/")).first())
			.withMessageContaining("serves https");
	}

	@Test
	void aPortOfTheHostThatNoInstanceHasPasses() throws Exception {
		see(instance("orders", "a", "1"));
		route("- route: [{destination: {host: orders}}]");
		HostRoutes routes = this.planner.routes("orders");
		assertThat(this.planner.route("orders", routes, new Requirement(false, 81), TestRequest.get("/"))).isNull();
		assertThat(called("orders", new Requirement(false, 80), TestRequest.get("/"))).isEqualTo("a");
	}

	@Test
	void aRequestThatFulfilsNoMatchIsAnsweredWith404() throws Exception {
		see(instance("orders", "a", "1"));
		route("""
				- match: [{uri: {exact: /items}}]
				  route: [{destination: {host: orders}}]
				""");
		CallPlan plan = plan(TestRequest.get("/other"));
		assertThat(plan.first()).isInstanceOfSatisfying(Step.Respond.class, (response) -> {
			assertThat(response.status()).isEqualTo(404);
			assertThat(response.delay()).isZero();
		});
		assertThat(plan.after(Outcome.REJECTED, 404, null)).isNull();
		plan.release();
		assertThat(called(TestRequest.get("/items"))).isEqualTo("a");
	}

	@ParameterizedTest
	@CsvSource({ "'directResponse: {status: 503, body: {string: closed}}', 503, closed",
			"'redirect: {uri: /new, redirectCode: 308}', 308, ''" })
	void aRuleThatRespondsNeedsNoInstanceAndNoPermitAndIsNotRetried(String action, int status, String body)
			throws Exception {
		this.policy = new CallPolicy(LoadBalancing.ROUND_ROBIN, RetryPolicy.DEFAULT, this.policy.outliers(),
				Duration.ZERO, Duration.ZERO, 1, 0);
		see(instance("orders", "a", "1"));
		sent(this.planner.service("orders").plan(CallTerms.ONCE).first());
		route("- " + action);
		for (int call = 0; call < 3; call++) {
			CallPlan plan = plan(TestRequest.get("/"));
			assertThat(plan.acquirePermit()).isNull();
			assertThat(plan.first()).isInstanceOfSatisfying(Step.Respond.class, (response) -> {
				assertThat(response.status()).isEqualTo(status);
				assertThat(response.body()).isEqualTo(body);
			});
			assertThat(plan.preview().refusal()).contains("responds with status " + status);
			assertThat(plan.after(Outcome.UNAVAILABLE, status, null)).isNull();
		}
	}

	@Test
	void theTimeoutOfARouteIsThatOfTheCallAndOfAnAttempt() throws Exception {
		see(instance("orders", "a", "1"), instance("orders", "b", "1"));
		route("""
				- route: [{destination: {host: orders}}]
				  timeout: 60s
				""");
		assertThat(timeout(plan(TestRequest.get("/")))).isEqualTo(Duration.ofSeconds(60));
		route("""
				- route: [{destination: {host: orders}}]
				  timeout: 1s
				  retries: {attempts: 4, perTryTimeout: 400ms, retryOn: 5xx}
				""");
		CallPlan plan = plan(TestRequest.get("/"));
		assertThat(timeout(plan)).isEqualTo(Duration.ofMillis(400));
		this.time.forward(Duration.ofMillis(400));
		assertThat(plan.after(Outcome.TIMED_OUT, 0, null)).isNotNull();
		this.time.forward(Duration.ofMillis(600));
		assertThat(plan.after(Outcome.TIMED_OUT, 0, null)).as("the call is over").isNull();
		route("- route: [{destination: {host: orders}}]");
		assertThat(timeout(plan(TestRequest.get("/")))).as("that of the client").isEqualTo(Duration.ofSeconds(10));
	}

	private static Duration timeout(CallPlan plan) throws Exception {
		return Duration.ofNanos(sent(plan.first()).timeout());
	}

	@ParameterizedTest
	@CsvSource({ "5xx, FAILED, 500, true", "5xx, UNAVAILABLE, 503, true", "5xx, BROKEN, 0, true",
			"5xx, REJECTED, 404, false", "gateway-error, FAILED, 500, false", "gateway-error, UNAVAILABLE, 502, true",
			"'503,409', UNAVAILABLE, 503, true", "'503,409', UNAVAILABLE, 502, false",
			"'503,409', RESPONDED, 409, true", "'503,409', BROKEN, 0, false", "'503,409', CONNECT_FAILED, 0, true",
			"'', UNAVAILABLE, 503, false", "'', CONNECT_FAILED, 0, true", "'', SHED, 503, true",
			"reset, TIMED_OUT, 0, true", "connect-failure, TIMED_OUT, 0, false", "5xx, RELAYED, 500, false",
			"5xx, EXPIRED, 504, false" })
	void retriesOfARouteFollowItsConditions(String on, Outcome outcome, int status, boolean retried) throws Exception {
		see(instance("orders", "a", "1"), instance("orders", "b", "1"));
		route("""
				- route: [{destination: {host: orders}}]
				  retries: {attempts: 2%s}
				""".formatted(on.isEmpty() ? "" : ", retryOn: \"" + on + "\""));
		CallPlan plan = plan(TestRequest.get("/"));
		Endpoint first = sent(plan.first()).endpoint();
		Attempt next = sent(plan.after(outcome, status, null));
		assertThat(next != null).isEqualTo(retried);
		if (next != null) {
			assertThat(next.endpoint()).isNotSameAs(first);
		}
		plan.release();
	}

	@Test
	void retriesOfARouteDoNoHarm() throws Exception {
		see(instance("orders", "a", "1"), instance("orders", "b", "1"));
		route("""
				- route: [{destination: {host: orders}}]
				  retries: {attempts: 2, retryOn: 5xx}
				""");
		Routing routing = routing("orders", null, TestRequest.get("/"));
		CallPlan post = routing.destination().plan(CallTerms.ONCE.routed(routing));
		post.first();
		assertThat(post.after(Outcome.UNAVAILABLE, 503, null)).isNull();
	}

	@ParameterizedTest
	@CsvSource({ "0, 1", "1, 2", "2, 3", "9, 10" })
	void aRouteSaysHowOftenACallIsRetriedAlsoAtItsOnlyInstance(int attempts, int made) throws Exception {
		this.policy = new CallPolicy(LoadBalancing.ROUND_ROBIN,
				new RetryPolicy(3, Duration.ZERO, Duration.ZERO, 0, 100, HedgePolicy.NEVER), this.policy.outliers(),
				Duration.ZERO, Duration.ZERO, 0, 0);
		see(instance("orders", "a", "1"));
		route("""
				- route: [{destination: {host: orders}}]
				  retries: {attempts: %d%s}
				""".formatted(attempts, (attempts > 0) ? ", retryOn: 5xx, backoff: 10ms" : ""));
		CallPlan plan = plan(TestRequest.get("/"));
		int count = 0;
		for (Attempt attempt = sent(plan.first()); attempt != null; attempt = sent(
				plan.after(Outcome.UNAVAILABLE, 503, null))) {
			count++;
			assertThat(Duration.ofNanos(attempt.delay())).isLessThanOrEqualTo(Duration.ofMillis(100));
			this.time.forward(Duration.ofMillis(200));
		}
		assertThat(count).isEqualTo(made);
	}

	@Test
	void anAbortIsInjectedIntoEachAttemptAndRetried() throws Exception {
		see(instance("orders", "a", "1"));
		route("""
				- route: [{destination: {host: orders}}]
				  fault: {abort: {httpStatus: 503, percentage: {value: 100}}}
				  retries: {attempts: 2, retryOn: 5xx}
				""");
		CallPlan plan = plan(TestRequest.get("/"));
		List<Integer> numbers = new ArrayList<>();
		for (Step step = plan.first(); step != null; step = plan.after(Outcome.UNAVAILABLE, 503, null)) {
			assertThat(step).isInstanceOfSatisfying(Step.Respond.class,
					(response) -> assertThat(response.status()).isEqualTo(503));
			numbers.add(step.number());
		}
		plan.release();
		assertThat(numbers).containsExactly(1, 2, 3);
		Endpoint a = this.pools.pool("orders").all().get(0);
		assertThat(a.attempts(this.time.nanos())).isZero();
		assertThat(a.inFlight()).isZero();
	}

	@Test
	void retriesMayEscapeAFaultOfSomeAttempts() throws Exception {
		see(instance("orders", "a", "1"));
		route("""
				- route: [{destination: {host: orders}}]
				  fault: {abort: {httpStatus: 500, percentage: {value: 30}}}
				""");
		int aborted = 0;
		for (int call = 0; call < CALLS; call++) {
			CallPlan plan = plan(TestRequest.get("/"));
			Step step = plan.first();
			aborted += (step instanceof Step.Respond) ? 1 : 0;
			plan.after((step instanceof Step.Respond) ? Outcome.FAILED : Outcome.RESPONDED, 0, null);
			plan.release();
		}
		assertThat(aborted / (double) CALLS).isCloseTo(0.3, Offset.offset(0.01));
	}

	@Test
	void aDelayIsPartOfTheTimeOfTheAttempt() throws Exception {
		see(instance("orders", "a", "1"), instance("orders", "b", "1"));
		route("""
				- route: [{destination: {host: orders}}]
				  fault: {delay: {fixedDelay: 2s, percentage: {value: 100}}}
				  timeout: 5s
				""");
		CallPlan plan = plan(TestRequest.get("/"));
		Attempt attempt = sent(plan.first());
		assertThat(Duration.ofNanos(attempt.delay())).isEqualTo(Duration.ofSeconds(2));
		assertThat(Duration.ofNanos(attempt.timeout())).isEqualTo(Duration.ofSeconds(3));
		this.time.forward(Duration.ofSeconds(5));
		assertThat(plan.after(Outcome.TIMED_OUT, 0, null)).isNull();
		assertThat(attempt.endpoint().failures(this.time.nanos())).as("the rule has taken its time").isZero();
	}

	@Test
	void aDelayThatIsTooLongIsATimeoutThatIsRetried() throws Exception {
		see(instance("orders", "a", "1"));
		route("""
				- route: [{destination: {host: orders}}]
				  fault: {delay: {fixedDelay: 7s, percentage: {value: 100}}}
				  retries: {attempts: 1, perTryTimeout: 2s, retryOn: reset}
				""");
		CallPlan plan = plan(TestRequest.get("/"));
		for (int number = 1; number <= 2; number++) {
			Step step = (number == 1) ? plan.first() : plan.after(Outcome.TIMED_OUT, 0, null);
			assertThat(step).isInstanceOfSatisfying(Step.Fail.class, (failure) -> {
				assertThat(Duration.ofNanos(failure.delay())).isBetween(Duration.ofSeconds(2), Duration.ofMillis(2250));
				assertThat(failure.message()).contains("within PT2S");
			});
			assertThat(step.number()).isEqualTo(number);
			this.time.forward(Duration.ofNanos(step.delay()));
		}
		assertThat(plan.after(Outcome.TIMED_OUT, 0, null)).isNull();
		plan.release();
		assertThat(this.pools.pool("orders").all().get(0).attempts(this.time.nanos())).isZero();
	}

	@Test
	void aDelayPrecedesAnAbort() throws Exception {
		see(instance("orders", "a", "1"));
		route("""
				- route: [{destination: {host: orders}}]
				  fault:
				    delay: {fixedDelay: 3s, percentage: {value: 100}}
				    abort: {httpStatus: 418, percentage: {value: 100}}
				""");
		assertThat(plan(TestRequest.get("/")).first()).isInstanceOfSatisfying(Step.Respond.class, (response) -> {
			assertThat(response.status()).isEqualTo(418);
			assertThat(Duration.ofNanos(response.delay())).isEqualTo(Duration.ofSeconds(3));
		});
	}

	@Test
	void aCallKeepsItsRouteToItsEnd() throws Exception {
		see(instance("orders", "a", "1"), instance("orders", "b", "2"), instance("orders", "c", "1"));
		rules("""
				- route: [{destination: {host: orders, subset: v1}}]
				  timeout: 7s
				  retries: {attempts: 1, retryOn: 5xx}
				""", SUBSETS);
		CallPlan before = plan(TestRequest.get("/"));
		before.first();
		rules("- route: [{destination: {host: orders, subset: v2}}]", SUBSETS.replace("\"1\"", "\"3\""));
		Attempt second = sent(before.after(Outcome.UNAVAILABLE, 503, null));
		assertThat(second).isNotNull();
		assertThat(second.instance().labels()).containsEntry("version", "1");
		assertThat(before.policy().timeout()).isEqualTo(Duration.ofSeconds(7));
		assertThat(called(TestRequest.get("/"))).isEqualTo("b");
		before.release();
		this.book.replace(List.of(), "none");
		assertThat(this.planner.routes("orders")).isNull();
	}

	@Test
	void thePolicyOfADestinationRuleIsInForceAtOnce() throws Exception {
		see(instance("orders", "a", "1"), instance("orders", "b", "2"));
		Destination all = this.planner.service("orders");
		rules("- route: [{destination: {host: orders, subset: v2}}]", """
				trafficPolicy:
				  loadBalancer:
				    simple: RANDOM
				    warmup: {duration: 30s}
				  connectionPool:
				    http: {http2MaxRequests: 5, http1MaxPendingRequests: 2}
				  outlierDetection:
				    consecutive5xxErrors: 3
				    consecutiveGatewayErrors: 2
				    baseEjectionTime: 20s
				    maxEjectionPercent: 40
				  retryBudget: {percent: 50, minRetryConcurrency: 7}
				subsets:
				- name: v2
				  labels: {version: "2"}
				  trafficPolicy:
				    loadBalancer: {consistentHash: {httpHeaderName: X-User}}
				    outlierDetection: {consecutive5xxErrors: 9, baseEjectionTime: 1s, minHealthPercent: 30}
				""");
		CallPolicy ofAll = all.policy();
		assertThat(ofAll.loadBalancing()).isEqualTo(LoadBalancing.RANDOM);
		assertThat(ofAll.maxCalls()).isEqualTo(5);
		assertThat(ofAll.maxPending()).isEqualTo(2);
		assertThat(ofAll.outliers().consecutiveFailures()).isEqualTo(3);
		assertThat(ofAll.outliers().consecutiveGatewayFailures()).isEqualTo(2);
		assertThat(ofAll.retries().budgetShare()).isEqualTo(0.5);
		assertThat(ofAll.retries().budgetMinimum()).isEqualTo(7);
		assertThat(ofAll.timeout()).as("what no rule says is configured").isEqualTo(this.policy.timeout());
		EjectionPolicy ejection = this.pools.pool("orders").policy();
		assertThat(ejection.firstEjection()).isEqualTo(Duration.ofSeconds(20));
		assertThat(ejection.maxEjectedShare()).isEqualTo(0.4);
		assertThat(ejection.panicThreshold()).isZero();
		assertThat(ejection.slowStart()).isEqualTo(Duration.ofSeconds(30));
		Destination v2 = this.planner.destination(new DestinationKey("orders", "v2"));
		assertThat(v2.policy().loadBalancing()).isEqualTo(LoadBalancing.RING_HASH);
		assertThat(v2.hashKey().read(TestRequest.get("/").header("x-user", "jo"))).isEqualTo("jo");
		assertThat(v2.policy().maxCalls()).as("of the service").isEqualTo(5);
		assertThat(v2.policy().outliers().consecutiveFailures()).isEqualTo(9);
		assertThat(v2.policy().subset().ejection().panicThreshold()).isEqualTo(0.3);
		this.book.replace(List.of(), "none");
		assertThat(all.policy()).isEqualTo(this.policy);
		assertThat(this.pools.pool("orders").policy()).isEqualTo(EjectionPolicy.DEFAULT);
		assertThat(all.hashKey()).isNull();
	}

	@Test
	void whatTheAppSelectsByLabelHoldsWithinASubsetToo() throws Exception {
		this.policy = this.policy.with(new EndpointSubset("", Map.of("tier", "gold")));
		see(instance("orders", "a", "2"),
				instance("orders", "b", "2").withLabels(Map.of("version", "2", "tier", "gold")),
				instance("orders", "c", "1").withLabels(Map.of("version", "1", "tier", "gold")));
		rules("- route: [{destination: {host: orders, subset: v2}}]", SUBSETS);
		for (int call = 0; call < 5; call++) {
			assertThat(called(TestRequest.get("/"))).isEqualTo("b");
		}
	}

	@Test
	void callsWithoutARouteAreNotRandomized() throws Exception {
		see(instance("orders", "a", "1"), instance("orders", "b", "1"));
		route("- route: [{destination: {host: stock}}]");
		Map<String, Integer> called = new TreeMap<>();
		for (int call = 0; call < 10; call++) {
			CallPlan plan = this.planner.service("orders").plan(CallTerms.ONCE);
			called.merge(sent(plan.first()).instance().id(), 1, Integer::sum);
			plan.after(Outcome.RESPONDED, 200, null);
			plan.release();
		}
		assertThat(called).containsEntry("a", 5).containsEntry("b", 5);
	}

	private void route(String http) {
		this.book.replace(List.of(TestRules.orders(http)), "r" + ++this.revision);
	}

	private void rules(String http, String policy) {
		this.book.replace(List.of(TestRules.orders(http), TestRules.ordersPolicy(policy)), "r" + ++this.revision);
	}

	private String called(RequestFacts request) throws Exception {
		return called("orders", null, request);
	}

	private String called(String host, @Nullable Requirement requirement, RequestFacts request) throws Exception {
		CallPlan plan = plan(host, requirement, request);
		String id = sent(plan.first()).instance().id();
		plan.after(Outcome.RESPONDED, 200, null);
		plan.release();
		return id;
	}

	private CallPlan plan(RequestFacts request) {
		return plan("orders", null, request);
	}

	private CallPlan plan(String host, @Nullable Requirement requirement, RequestFacts request) {
		Routing routing = routing(host, requirement, request);
		return routing.destination().plan(CallTerms.IDEMPOTENT.routed(routing));
	}

	private Routing routing(String host, @Nullable Requirement requirement, RequestFacts request) {
		Routing routing = this.planner.route(host, this.planner.routes(host), requirement, request);
		assertThat(routing).isNotNull();
		return routing;
	}

	private static Instance instance(String service, String id, String version) {
		return new Instance(service, id, "10.0.0." + (id.charAt(0) - 'a' + 1), 80, false, 100, Locality.UNKNOWN,
				Map.of("version", version), Map.of(), Status.UP, 0);
	}

	private void see(Instance... instances) {
		Map<String, List<Instance>> services = new HashMap<>();
		Arrays.stream(instances)
			.forEach((each) -> services.computeIfAbsent(each.service(), (service) -> new ArrayList<>()).add(each));
		Cursor cursor = this.catalog.cursor();
		this.catalog.snapshot((cursor == null) ? new Cursor("3f", 1, 1) : cursor.at(cursor.revision() + 1), true,
				services);
	}

}
