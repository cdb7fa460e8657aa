package io.redmesh.autoconfigure.call;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.micrometer.common.KeyValue;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.redmesh.core.call.CallPlanner;
import io.redmesh.core.call.CallPolicy;
import io.redmesh.core.call.Deadline;
import io.redmesh.core.call.DeadlinePassedException;
import io.redmesh.core.call.NoEndpointException;
import io.redmesh.core.endpoint.EjectionPolicy;
import io.redmesh.core.endpoint.Endpoint;
import io.redmesh.core.endpoint.EndpointPool;
import io.redmesh.core.endpoint.EndpointPools;
import io.redmesh.core.instance.Instance;
import io.redmesh.core.instance.Status;
import io.redmesh.core.loadbalance.LoadBalancing;
import io.redmesh.core.registry.Catalog;
import io.redmesh.core.registry.Cursor;
import io.redmesh.core.time.ManualTime;
import io.redmesh.core.time.Time;
import io.redmesh.core.traffic.RuleBook;
import io.redmesh.core.traffic.TestRules;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.http.HttpHeaders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

/** Tests that hold for every driver of calls, over real sockets. */
public abstract class CallDriverContract {

	private static final String ORDERS = "orders";

	private static final int MAX_BODY_SIZE = 2000;

	private static final EjectionPolicy AT_ONCE = new EjectionPolicy(Duration.ofSeconds(1), Duration.ofSeconds(8), 0.5,
			0.5, Duration.ZERO);

	private static final CallPolicy POLICY = CallPolicy.DEFAULT.with(LoadBalancing.ROUND_ROBIN);

	/** The read timeout of the client, usually longer than any busy machine needs. */
	protected Duration readTimeout = Duration.ofSeconds(20);

	/** The attributes of each request. */
	protected final Map<String, Object> attributes = new HashMap<>();

	/** The headers of the last response. */
	protected volatile HttpHeaders answered = HttpHeaders.EMPTY;

	/** Code of the app that runs before each request, as an interceptor or a filter. */
	protected final List<AppCode> appCode = new ArrayList<>();

	private final List<AutoCloseable> opened = new ArrayList<>();

	private final List<Observation.Context> observed = new CopyOnWriteArrayList<>();

	private final Catalog catalog = new Catalog();

	protected final ManualTime time = new ManualTime();

	// No slow start, so that the instances take turns.
	private final EndpointPools pools = new EndpointPools(this.catalog, this.time, (service) -> AT_ONCE);

	/** The traffic rules, none unless a test has some. */
	protected final RuleBook rules = new RuleBook(TestRules.client());

	protected final HttpCalls calls = calls(POLICY);

	private int revision;

	/**
	 * Sends a request and reads the response.
	 * @param calls the calls that the driver carries out
	 * @param body the body, which is not sent if it is empty
	 * @throws Exception an exception of the client
	 */
	protected abstract Answer send(HttpCalls calls, String method, URI uri, Map<String, String> headers, String body)
			throws Exception;

	/**
	 * Makes a call that ends as its {@link RandomEndings.Ending} says.
	 * @param calls the calls that the driver carries out
	 * @param call the request, and the action of its caller
	 * @throws Exception an exception of the client
	 */
	protected abstract void end(HttpCalls calls, RandomEndings.Call call) throws Exception;

	@AfterEach
	void closeServers() throws Exception {
		for (AutoCloseable server : this.opened) {
			server.close();
		}
		assertThat(this.pools.all()).flatExtracting(EndpointPool::all)
			.as("attempts that were begun and never reported")
			.allMatch((endpoint) -> endpoint.inFlight() == 0);
	}

	@Test
	void callGoesToAnInstanceAndNamesTheServiceItMeans() throws Exception {
		HttpTestServer server = server("a");
		known(server.instance(ORDERS));
		assertThat(get("http://orders/items")).isEqualTo(new Answer(200, "a"));
		assertThat(server.received()).singleElement().satisfies((request) -> {
			assertThat(request.method()).isEqualTo("GET");
			assertThat(request.header("Mesh-Destination")).isEqualTo("orders");
		});
	}

	@Test
	void pathAndQueryArriveAsTheyAre() throws Exception {
		HttpTestServer server = server("a");
		known(server.instance(ORDERS));
		get("http://ORDERS:80/a%2Fb%20c/%C3%A4?q=%26+%25&empty=&r=a/b?c");
		assertThat(server.received()).singleElement()
			.satisfies((request) -> assertThat(request.uri())
				.isEqualTo(URI.create("/a%2Fb%20c/%C3%A4?q=%26+%25&empty=&r=a/b?c")));
	}

	@Test
	void hostThatIsNoServicePassesUntouched() throws Exception {
		HttpTestServer server = server("a");
		known(server("b").instance(ORDERS));
		assertThat(get("http://127.0.0.1:" + server.port() + "/x").body()).isEqualTo("a");
		assertThat(server.received()).singleElement()
			.satisfies((request) -> assertThat(request.header("Mesh-Destination")).isNull());
	}

	@Test
	void whenOneOfTwoIsKilledNoCallFailsAndTheDeadOneIsAvoided() throws Exception {
		HttpTestServer killed = server("killed");
		HttpTestServer survivor = server("survivor");
		known(killed.instance(ORDERS), survivor.instance(ORDERS));
		for (int i = 0; i < 10; i++) {
			get("http://orders/");
		}
		assertThat(killed.received()).hasSize(5);
		killed.close();
		for (int i = 0; i < 20; i++) {
			assertThat(get("http://orders/").body()).isEqualTo("survivor");
		}
		assertThat(candidates()).extracting((endpoint) -> endpoint.instance().id()).containsExactly("survivor");
	}

	@Test
	void postIsSentAgainAfterARefusedConnection() throws Exception {
		HttpTestServer server = server("a");
		known(Instance.of(ORDERS, "dead", "127.0.0.1", Ports.closed()), server.instance(ORDERS));
		for (int i = 0; i < 3; i++) {
			assertThat(post("http://orders/", Map.of(), "the body").body()).isEqualTo("a");
		}
		assertThat(server.received()).hasSize(3).allMatch((request) -> request.body().equals("the body"));
	}

	@Test
	void postIsNotSentAgainAfterABrokenConnection() throws Exception {
		FaultyServer faulty = opened(FaultyServer.resetting());
		HttpTestServer server = server("a");
		known(faulty.instance(ORDERS, "faulty"), server.instance(ORDERS));
		Throwable first = catchThrowable(() -> post("http://orders/", Map.of(), "one"));
		Throwable second = catchThrowable(() -> post("http://orders/", Map.of(), "two"));
		assertThat(Arrays.asList(first, second)).containsOnlyOnce((Throwable) null);
		assertThat(faulty.requests()).isEqualTo(1);
		assertThat(server.received()).hasSize(1);
	}

	@Test
	void postWithAnIdempotencyKeyIsSentAgainAfterABrokenConnection() throws Exception {
		FaultyServer faulty = opened(FaultyServer.resetting());
		HttpTestServer server = server("a");
		known(faulty.instance(ORDERS, "faulty"), server.instance(ORDERS));
		for (int i = 0; i < 2; i++) {
			post("http://orders/", Map.of("Idempotency-Key", "key-" + i), "the body");
		}
		assertThat(faulty.requests()).isPositive();
		assertThat(server.received()).hasSize(2).allMatch((request) -> request.body().equals("the body"));
	}

	@Test
	void postThatIsMarkedIsSentAgainAfterABrokenConnection() throws Exception {
		FaultyServer faulty = opened(FaultyServer.resetting());
		HttpTestServer server = server("a");
		known(faulty.instance(ORDERS, "faulty"), server.instance(ORDERS));
		this.attributes.put(MeshClient.REPEATABLE, true);
		for (int i = 0; i < 2; i++) {
			assertThat(post("http://orders/", Map.of(), "the body").body()).isEqualTo("a");
		}
		assertThat(faulty.requests()).isPositive();
	}

	@Test
	void getThatIsMarkedIsNotSentAgainAfterABrokenConnection() {
		FaultyServer faulty = opened(FaultyServer.resetting());
		known(faulty.instance(ORDERS, "faulty"), server("a").instance(ORDERS));
		this.attributes.put(MeshClient.REPEATABLE, false);
		Throwable first = catchThrowable(() -> get("http://orders/"));
		Throwable second = catchThrowable(() -> get("http://orders/"));
		assertThat(Arrays.asList(first, second)).containsOnlyOnce((Throwable) null);
		assertThat(faulty.requests()).isEqualTo(arrivalsOfOneAttempt("GET"));
	}

	@ParameterizedTest
	@CsvSource({ "GET, RESET", "GET, CLOSED", "PUT, RESET", "PUT, CLOSED", "POST, RESET", "POST, CLOSED" })
	void noClientMakesAttemptsOfItsOwn(String method, String fate) throws Exception {
		FatefulServer server = opened(new FatefulServer());
		known(server.instance(ORDERS, "a"));
		HttpCalls once = calls(new CallPolicy(LoadBalancing.ROUND_ROBIN, POLICY.retries().withMaxAttempts(1),
				POLICY.outliers(), POLICY.timeout(), POLICY.attemptTimeout(), 0, 0));
		String body = method.equals("GET") ? "" : "the body";
		assertThat(send(once, method, URI.create("http://orders/FINE"), Map.of(), body).status()).isEqualTo(200);
		assertThatThrownBy(() -> send(once, method, URI.create("http://orders/" + fate), Map.of(), body));
		assertThat(server.requests() - 1).isEqualTo(arrivalsOfOneAttempt(method));
	}

	/**
	 * Returns how often a server receives a broken attempt: more than once if the client
	 * repeats it and that cannot be switched off.
	 */
	protected int arrivalsOfOneAttempt(String method) {
		return 1;
	}

	@Test
	void largeBodyIsSentElsewhereOnlyIfNoInstanceReceivedIt() throws Exception {
		FaultyServer faulty = opened(FaultyServer.resetting());
		HttpTestServer server = server("a");
		String large = "x".repeat(MAX_BODY_SIZE + 1);
		known(Instance.of(ORDERS, "dead", "127.0.0.1", Ports.closed()), server.instance(ORDERS));
		for (int i = 0; i < 3; i++) {
			assertThat(send("PUT", "http://orders/", Map.of(), large).body()).isEqualTo("a");
		}
		known(faulty.instance(ORDERS, "faulty"), server.instance(ORDERS));
		Throwable first = catchThrowable(() -> send("PUT", "http://orders/", Map.of(), large));
		Throwable second = catchThrowable(() -> send("PUT", "http://orders/", Map.of(), large));
		assertThat(Arrays.asList(first, second)).containsOnlyOnce((Throwable) null);
	}

	@Test
	void idempotentRequestIsSentAgainWithItsBodyAfterABrokenConnection() throws Exception {
		FaultyServer faulty = opened(FaultyServer.endingInTheHeader());
		HttpTestServer server = server("a");
		known(faulty.instance(ORDERS, "faulty"), server.instance(ORDERS));
		for (int i = 0; i < 2; i++) {
			assertThat(send("PUT", "http://orders/", Map.of(), "the body").body()).isEqualTo("a");
			assertThat(get("http://orders/").body()).isEqualTo("a");
		}
		assertThat(faulty.requests()).isPositive();
		assertThat(server.received()).extracting(HttpTestServer.Received::body)
			.containsExactly("the body", "", "the body", "");
	}

	@Test
	void timedOutAttemptIsRetriedElsewhereIfIdempotent() throws Exception {
		FaultyServer silent = opened(FaultyServer.silent());
		HttpTestServer server = server("a");
		known(silent.instance(ORDERS, "silent"), server.instance(ORDERS));
		HttpCalls impatient = calls(new CallPolicy(LoadBalancing.ROUND_ROBIN, POLICY.retries(), POLICY.outliers(),
				Duration.ofSeconds(20), Duration.ofMillis(300), 0, 0));
		for (int i = 0; i < 2; i++) {
			assertThat(send(impatient, "GET", URI.create("http://orders/"), Map.of(), "").body()).isEqualTo("a");
		}
		int before = silent.requests();
		assertThat(before).isBetween(1, 2);
		Throwable one = catchThrowable(() -> send(impatient, "POST", URI.create("http://orders/"), Map.of(), "x"));
		Throwable other = catchThrowable(() -> send(impatient, "POST", URI.create("http://orders/"), Map.of(), "x"));
		assertThat(Arrays.asList(one, other)).containsOnlyOnce((Throwable) null);
		assertThat((one != null) ? one : other).hasStackTraceContaining("No response from 127.0.0.1:");
		assertThat(silent.requests()).isEqualTo(before + 1);
		assertThat(Thread.interrupted()).isFalse();
	}

	@Test
	void aCallEndsInTimeHoweverManyAttemptsItHas() {
		FaultyServer silent = opened(FaultyServer.silent());
		FaultyServer other = opened(FaultyServer.silent());
		known(silent.instance(ORDERS, "silent"), other.instance(ORDERS, "other"));
		HttpCalls impatient = calls(new CallPolicy(LoadBalancing.ROUND_ROBIN, POLICY.retries(), POLICY.outliers(),
				Duration.ofMillis(400), Duration.ZERO, 0, 0));
		long begun = Time.system().nanos();
		assertThatThrownBy(() -> send(impatient, "GET", URI.create("http://orders/"), Map.of(), ""));
		assertThat(Duration.ofNanos(Time.system().nanos() - begun)).isBetween(Duration.ofMillis(400),
				Duration.ofSeconds(5));
		assertThat(silent.requests() + other.requests()).isBetween(1, 2);
	}

	@Test
	void noMoreCallsThanPermittedAreInFlightAndAllOfThemEnd() throws Exception {
		HttpTestServer server = server("a");
		FaultyServer silent = opened(FaultyServer.silent());
		known(server.instance(ORDERS));
		HttpCalls one = calls(new CallPolicy(LoadBalancing.ROUND_ROBIN, POLICY.retries(), POLICY.outliers(),
				Duration.ofMillis(500), Duration.ZERO, 1, 0));
		for (int i = 0; i < 3; i++) {
			assertThat(send(one, "GET", URI.create("http://orders/"), Map.of(), "").body()).isEqualTo("a");
		}
		known(silent.instance(ORDERS, "silent"));
		for (int i = 0; i < 2; i++) {
			assertThatThrownBy(() -> send(one, "GET", URI.create("http://orders/"), Map.of(), ""))
				.hasStackTraceContaining("No response from");
		}
	}

	@Test
	void furtherCallsQueueUntilAPermitIsFree() throws Exception {
		HttpTestServer server = server("a");
		known(server.instance(ORDERS));
		HttpCalls one = calls(new CallPolicy(LoadBalancing.ROUND_ROBIN, POLICY.retries(), POLICY.outliers(),
				Duration.ofSeconds(20), Duration.ZERO, 1, 3));
		List<CompletableFuture<Answer>> together = new ArrayList<>();
		for (int i = 0; i < 4; i++) {
			together.add(CompletableFuture.supplyAsync(() -> {
				try {
					return send(one, "GET", URI.create("http://orders/"), Map.of(), "");
				}
				catch (Exception ex) {
					throw new IllegalStateException(ex);
				}
			}));
		}
		for (CompletableFuture<Answer> call : together) {
			assertThat(call.get(20, TimeUnit.SECONDS)).isEqualTo(new Answer(200, "a"));
		}
	}

	@Test
	void queuedCallWaitsNoLongerThanItsTimeout() throws Exception {
		FaultyServer silent = opened(FaultyServer.silent());
		known(silent.instance(ORDERS, "silent"));
		HttpCalls one = calls(new CallPolicy(LoadBalancing.ROUND_ROBIN, POLICY.retries(), POLICY.outliers(),
				Duration.ofMillis(400), Duration.ZERO, 1, 1));
		HttpCall first = Objects.requireNonNull(one.plan(ORDERS, false, null, null)).await();
		long begun = Time.system().nanos();
		assertThatThrownBy(() -> send(one, "GET", URI.create("http://orders/"), Map.of(), ""))
			.hasStackTraceContaining("No more calls of 'orders'");
		assertThat(Duration.ofNanos(Time.system().nanos() - begun)).isBetween(Duration.ofMillis(400),
				Duration.ofMillis(4000));
		first.abandon();
		// The call has left the queue and freed its place there.
		assertThatThrownBy(() -> send(one, "GET", URI.create("http://orders/"), Map.of(), ""))
			.hasStackTraceContaining("No response from");
	}

	@Test
	void unavailableResponseIsRetriedElsewhereIfIdempotent() throws Exception {
		HttpTestServer busy = opened(HttpTestServer.answering("busy", 503));
		HttpTestServer server = server("a");
		known(busy.instance(ORDERS), server.instance(ORDERS));
		for (int i = 0; i < 2; i++) {
			assertThat(get("http://orders/")).isEqualTo(new Answer(200, "a"));
		}
		assertThat(
				List.of(post("http://orders/", Map.of(), "x").status(), post("http://orders/", Map.of(), "x").status()))
			.containsExactlyInAnyOrder(200, 503);
	}

	@Test
	void shedRequestGoesElsewhereEvenIfNotIdempotent() throws Exception {
		HttpTestServer busy = opened(HttpTestServer.refusing("busy", 503));
		HttpTestServer server = server("a");
		known(busy.instance(ORDERS), server.instance(ORDERS));
		for (int i = 0; i < 3; i++) {
			assertThat(post("http://orders/", Map.of(), "the body")).isEqualTo(new Answer(200, "a"));
		}
		assertThat(busy.received()).isNotEmpty();
	}

	@Test
	void requestPastItsDeadlineIsNotRetriedAndBlamesNoInstance() throws Exception {
		HttpTestServer late = opened(HttpTestServer.refusing("late", 504));
		known(late.instance(ORDERS), server("a").instance(ORDERS));
		for (int i = 0; i < 20; i++) {
			get("http://orders/");
		}
		assertThat(late.received()).hasSize(10);
		assertThat(candidates()).hasSize(2);
	}

	@Test
	void callPastTheDeadlineIsNotSent() {
		HttpTestServer server = server("a");
		known(server.instance(ORDERS));
		ServedRequest served = new ServedRequest(1, new Deadline(true, this.time.nanos()));
		ServedRequest.setCurrent(served);
		try {
			assertThatThrownBy(() -> get("http://orders/")).hasRootCauseInstanceOf(DeadlinePassedException.class)
				.hasMessageContaining("A call of 'orders' would come too late");
		}
		finally {
			ServedRequest.setCurrent(null);
		}
		assertThat(server.received()).isEmpty();
		assertThat(this.observed).isEmpty();
		assertThat(candidates().get(0).attempts(this.time.nanos())).isZero();
		assertThat(served.failedAt()).isNull();
	}

	@Test
	void callForARequestWhoseAnswerHasBegunHasNoDeadline() throws Exception {
		HttpTestServer server = server("a");
		known(server.instance(ORDERS));
		ServedRequest served = new ServedRequest(1, new Deadline(true, this.time.nanos()));
		served.answerBegan();
		ServedRequest.setCurrent(served);
		try {
			assertThat(get("http://orders/").status()).isEqualTo(200);
		}
		finally {
			ServedRequest.setCurrent(null);
		}
		assertThat(server.received()).singleElement()
			.satisfies((request) -> assertThat(request.header("Mesh-Timeout-Ms")).isEqualTo("10000"));
	}

	@Test
	void headersNameTheAttemptAndTheTimeLeft() throws Exception {
		HttpTestServer busy = opened(HttpTestServer.answering("busy", 503));
		HttpTestServer server = server("a");
		known(busy.instance(ORDERS), server.instance(ORDERS));
		get("http://orders/");
		get("http://orders/");
		assertThat(busy.received()).isNotEmpty().allSatisfy((request) -> {
			assertThat(request.header("Mesh-Attempt")).isNull();
			assertThat(request.header("Mesh-Timeout-Ms")).isEqualTo("10000");
		});
		assertThat(server.received()).hasSize(2).extracting((request) -> request.header("Mesh-Attempt")).contains("2");
	}

	@Test
	void servedRequestLimitsTheCallsMadeForIt() throws Exception {
		HttpTestServer busy = opened(HttpTestServer.answering("busy", 503));
		HttpTestServer other = opened(HttpTestServer.answering("other", 503));
		known(busy.instance(ORDERS), other.instance(ORDERS));
		ServedRequest served = new ServedRequest(2,
				new Deadline(true, this.time.nanos() + Duration.ofMillis(1500).toNanos()));
		ServedRequest.setCurrent(served);
		try {
			assertThat(get("http://orders/").status()).isEqualTo(503);
		}
		finally {
			ServedRequest.setCurrent(null);
		}
		List<HttpTestServer.Received> received = new ArrayList<>(busy.received());
		received.addAll(other.received());
		assertThat(received).singleElement()
			.satisfies((request) -> assertThat(request.header("Mesh-Timeout-Ms")).isEqualTo("1500"));
	}

	@Test
	void relayedFailureBlamesNoInstanceAndIsNotRetried() throws Exception {
		HttpTestServer middle = opened(HttpTestServer.relaying("middle", 503, "stock"));
		HttpTestServer other = opened(HttpTestServer.relaying("other", 503, "stock"));
		known(middle.instance(ORDERS), other.instance(ORDERS));
		for (int i = 0; i < 20; i++) {
			assertThat(get("http://orders/").status()).isEqualTo(503);
		}
		assertThat(middle.received()).hasSize(10);
		assertThat(other.received()).hasSize(10);
		assertThat(candidates()).hasSize(2);
	}

	@Test
	void onlyInstanceThatRelaysFailuresIsEjected() throws Exception {
		HttpTestServer middle = opened(HttpTestServer.relaying("middle", 503, "stock"));
		known(middle.instance(ORDERS), server("a").instance(ORDERS), server("b").instance(ORDERS));
		for (int i = 0; i < 60; i++) {
			get("http://orders/");
		}
		assertThat(middle.received()).hasSize(10);
		assertThat(candidates()).hasSize(2);
	}

	@Test
	void timedOutAttemptIsNotRetriedAtTheSameInstance() throws Exception {
		FaultyServer silent = opened(FaultyServer.silent());
		known(silent.instance(ORDERS, "silent"));
		this.readTimeout = Duration.ofMillis(300);
		assertThatThrownBy(() -> get("http://orders/"));
		assertThat(silent.requests()).isEqualTo(1);
		assertThat(candidates()).hasSize(1);
	}

	@Test
	void misdirectedCallGoesElsewhere() throws Exception {
		HttpTestServer stranger = opened(HttpTestServer.refusing("stranger", 421));
		HttpTestServer server = server("a");
		known(stranger.instance(ORDERS), server.instance(ORDERS));
		for (int i = 0; i < 3; i++) {
			assertThat(post("http://orders/", Map.of(), "the body")).isEqualTo(new Answer(200, "a"));
		}
		assertThat(stranger.received()).hasSize(1);
		assertThat(candidates()).extracting((endpoint) -> endpoint.instance().id()).containsExactly("a");
	}

	@Test
	void whenAllAreMisdirectedTheLastAnswerIsHandedOut() throws Exception {
		HttpTestServer stranger = opened(HttpTestServer.refusing("stranger", 421));
		HttpTestServer other = opened(HttpTestServer.refusing("other", 421));
		known(stranger.instance(ORDERS), other.instance(ORDERS));
		assertThat(get("http://orders/").status()).isEqualTo(421);
		assertThat(stranger.received().size() + other.received().size()).isEqualTo(2);
	}

	@ParameterizedTest
	@ValueSource(ints = { 301, 302, 303, 307, 308 })
	void redirectThatCannotBeFollowedRepeatsNothingAndBlamesNoInstance(int status) throws Exception {
		HttpTestServer redirecting = opened(
				HttpTestServer.redirecting("a", status, "http://127.0.0.1:" + Ports.closed() + "/done"));
		HttpTestServer other = opened(
				HttpTestServer.redirecting("b", status, "http://127.0.0.1:" + Ports.closed() + "/done"));
		known(redirecting.instance(ORDERS), other.instance(ORDERS));
		for (int call = 0; call < 4; call++) {
			assertThatThrownBy(() -> post("http://orders/", Map.of(), "the body"));
		}
		assertThat(redirecting.received()).hasSize(2);
		assertThat(other.received()).hasSize(2);
		assertThat(candidates()).hasSize(2).allMatch((endpoint) -> endpoint.failures(this.time.nanos()) == 0);
	}

	@Test
	void redirectToAnAddressIsAPlainRequestWithoutCredentials() throws Exception {
		HttpTestServer target = server("target");
		HttpTestServer redirecting = opened(
				HttpTestServer.redirecting("a", 303, "http://127.0.0.1:" + target.port() + "/done?x=1"));
		known(redirecting.instance(ORDERS));
		assertThat(post("http://orders/", Map.of("Authorization", "Bearer x", "X-Own", "own"), "the body"))
			.isEqualTo(new Answer(200, "target"));
		assertThat(target.received()).singleElement().satisfies((request) -> {
			assertThat(request.method()).isEqualTo("GET");
			assertThat(request.uri()).isEqualTo(URI.create("/done?x=1"));
			assertThat(request.body()).isEmpty();
			assertThat(request.header("X-Own")).isEqualTo("own");
			assertThat(request.header("Authorization")).isNull();
			assertThat(request.headers().names()).noneMatch((name) -> name.toLowerCase(Locale.ROOT).startsWith("mesh-"))
				.noneMatch((name) -> name.equalsIgnoreCase("Content-Type"));
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "http://stock/done", "//stock/done" })
	void redirectToAServiceIsACallOfItsOwn(String location) throws Exception {
		HttpTestServer target = server("target");
		HttpTestServer redirecting = opened(HttpTestServer.redirecting("a", 307, location));
		known(Map.of(ORDERS, List.of(redirecting.instance(ORDERS)), "stock",
				List.of(Instance.of("stock", "dead", "127.0.0.1", Ports.closed()), target.instance("stock"))));
		for (int call = 0; call < 2; call++) {
			assertThat(send("PUT", "http://orders/x", Map.of(), "the body").body()).isEqualTo("target");
		}
		assertThat(target.received()).hasSize(2).allSatisfy((request) -> {
			assertThat(request.method()).isEqualTo("PUT");
			assertThat(request.body()).isEqualTo("the body");
			assertThat(request.header("Mesh-Destination")).isEqualTo("stock");
		});
	}

	@Test
	void redirectsInACircleEnd() throws Exception {
		HttpTestServer redirecting = opened(HttpTestServer.redirecting("a", 302, "/again"));
		known(redirecting.instance(ORDERS));
		assertThat(get("http://orders/").status()).isEqualTo(302);
		assertThat(redirecting.received()).hasSize(1 + Redirect.MAX);
	}

	@Test
	void codeOfTheAppRunsOnceACallAndSeesWhatTheAppCalls() throws Exception {
		known(Instance.of(ORDERS, "dead", "127.0.0.1", Ports.closed()),
				Instance.of(ORDERS, "dead-too", "127.0.0.1", Ports.closed()), server("a").instance(ORDERS));
		List<URI> seen = new CopyOnWriteArrayList<>();
		this.appCode.add((uri, headers) -> seen.add(uri));
		for (int call = 0; call < 3; call++) {
			assertThat(get("http://orders/items?x=1").body()).isEqualTo("a");
		}
		assertThat(seen).hasSize(3).containsOnly(URI.create("http://orders/items?x=1"));
	}

	@Test
	void failureOfTheAppsCodeIsItsOwn() throws Exception {
		HttpTestServer server = server("a");
		known(server.instance(ORDERS), server("b").instance(ORDERS));
		AtomicInteger tokens = new AtomicInteger();
		this.appCode.add((uri, headers) -> {
			tokens.incrementAndGet();
			throw new ConnectException("Connection refused by the token server");
		});
		for (int call = 0; call < 3; call++) {
			assertThatThrownBy(() -> get("http://orders/")).hasStackTraceContaining("token server");
		}
		assertThat(tokens).hasValue(3);
		assertThat(server.received()).isEmpty();
		assertThat(candidates()).hasSize(2);
	}

	@Test
	void eachAttemptHasTheHeadersOfTheAppOnce() throws Exception {
		HttpTestServer busy = opened(HttpTestServer.answering("busy", 503));
		HttpTestServer server = server("a");
		known(busy.instance(ORDERS), server.instance(ORDERS));
		this.appCode.add((uri, headers) -> headers.add("X-Request-Id", "one"));
		for (int call = 0; call < 2; call++) {
			assertThat(get("http://orders/").body()).isEqualTo("a");
		}
		assertThat(busy.received()).isNotEmpty();
		assertThat(server.received()).hasSize(2)
			.allSatisfy((request) -> assertThat(request.headers().getAll("X-Request-Id")).containsExactly("one"));
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void answerThatIsNotHandedOutHoldsNoCall(boolean trickling) throws Exception {
		FaultyServer busy = opened(trickling ? FaultyServer.trickling() : FaultyServer.stalling());
		HttpTestServer server = server("a");
		known(busy.instance(ORDERS, "busy"), server.instance(ORDERS));
		long begun = Time.system().nanos();
		for (int call = 0; call < 4; call++) {
			assertThat(get("http://orders/").body()).isEqualTo("a");
		}
		assertThat(busy.requests()).isPositive();
		assertThat(Duration.ofNanos(Time.system().nanos() - begun)).isLessThan(Duration.ofSeconds(5));
		if (closesWhatItDiscards()) {
			Awaitility.await().untilAsserted(() -> assertThat(busy.isEachConnectionClosed()).isTrue());
		}
		assertThat(Thread.interrupted()).isFalse();
	}

	/** Tells whether the client can close a connection in the middle of a response. */
	protected boolean closesWhatItDiscards() {
		return true;
	}

	@Test
	void errorStatusIsAnAnswer() throws Exception {
		HttpTestServer server = opened(HttpTestServer.answering("a", 503));
		known(server.instance(ORDERS));
		assertThat(get("http://orders/")).isEqualTo(new Answer(503, "a"));
		assertThat(server.received()).hasSize(1);
	}

	@Test
	void whenNoInstanceCanBeCalledTheErrorSaysSo() {
		known(Instance.of(ORDERS, "a", "127.0.0.1", 1).withStatus(Status.DOWN));
		assertThatThrownBy(() -> get("http://orders/")).hasMessageContaining("No instance of 'orders' can be called")
			.hasRootCauseInstanceOf(NoEndpointException.class);
	}

	@Test
	void finalFailureCarriesTheEarlierOnes() throws Exception {
		known(Instance.of(ORDERS, "a", "127.0.0.1", Ports.closed()),
				Instance.of(ORDERS, "b", "127.0.0.1", Ports.closed()),
				Instance.of(ORDERS, "c", "127.0.0.1", Ports.closed()));
		Throwable failure = catchThrowable(() -> get("http://orders/"));
		assertThat(suppressed(failure)).as("earlier failures of %s", failure).isEqualTo(2);
	}

	private static int suppressed(Throwable failure) {
		int count = 0;
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			for (Throwable earlier : cause.getSuppressed()) {
				count += (earlier instanceof IOException || earlier.getCause() instanceof IOException)
						? 1 + suppressed(earlier) : 0;
			}
		}
		return count;
	}

	@Test
	void sessionStaysAtItsInstanceUntilThatIsGone() throws Exception {
		HttpTestServer a = server("a");
		HttpTestServer b = server("b");
		known(a.instance(ORDERS), b.instance(ORDERS));
		HttpCalls sticky = sticky("place");
		Answer first = send(sticky, "GET", URI.create("http://orders/"), Map.of(), "");
		assertThat(first.cookie()).matches("place=[0-9a-f]{16}; Path=/; HttpOnly");
		Map<String, String> asking = Map.of("Cookie", "other=x; " + first.cookie().split(";", 2)[0]);
		for (int i = 0; i < 5; i++) {
			assertThat(send(sticky, "POST", URI.create("http://orders/"), asking, "x"))
				.isEqualTo(new Answer(200, first.body()));
		}
		(first.body().equals("a") ? a : b).close();
		Answer moved = send(sticky, "GET", URI.create("http://orders/"), asking, "");
		assertThat(moved.body()).isEqualTo(first.body().equals("a") ? "b" : "a");
		assertThat(moved.cookie()).startsWith("place=").isNotEqualTo(first.cookie());
		assertThat(get("http://orders/").cookie()).isNull();
	}

	@Test
	void requestWithoutAValidSessionIsBalancedAndGetsACookie() throws Exception {
		known(server("a").instance(ORDERS), server("b").instance(ORDERS));
		HttpCalls sticky = sticky("place");
		for (String nonsense : List.of("", "a", "0123456789abcdef", "0000000000000000", "xxxxxxxxxxxxxxxx",
				"0123456789abcdef0")) {
			Set<String> bodies = new HashSet<>();
			for (int i = 0; i < 2; i++) {
				Answer answer = send(sticky, "GET", URI.create("http://orders/"), Map.of("Cookie", "place=" + nonsense),
						"");
				assertThat(answer.cookie()).startsWith("place=");
				bodies.add(answer.body());
			}
			assertThat(bodies).hasSize(2);
		}
	}

	@Test
	void reportedLoadIsReadOnlyIfCallsAreWeighedByIt() throws Exception {
		known(opened(HttpTestServer.reporting("a", "inflight=50,util=0.50")).instance(ORDERS),
				opened(HttpTestServer.reporting("b", "inflight=x,util=much")).instance(ORDERS));
		for (int i = 0; i < 2; i++) {
			get("http://orders/");
		}
		assertThat(candidates()).extracting((endpoint) -> endpoint.load().utilization()).containsExactly(0F, 0F);
		HttpCalls weighing = calls(POLICY, HashKeys.NONE, Map.of(), true);
		for (int i = 0; i < 2; i++) {
			send(weighing, "GET", URI.create("http://orders/"), Map.of(), "");
		}
		assertThat(candidates()).extracting((endpoint) -> endpoint.load().utilization()).containsExactly(0.5F, 0F);
	}

	@Test
	void eachAttemptIsObserved() throws Exception {
		HttpTestServer stranger = opened(HttpTestServer.refusing("stranger", 421));
		HttpTestServer server = server("a");
		known(stranger.instance(ORDERS), server.instance(ORDERS));
		get("http://orders/");
		get("http://orders/");
		assertThat(this.observed).hasSize(3).allMatch((context) -> context.getName().equals("mesh.client.attempt"));
		assertThat(observed()).containsOnlyOnce("[1, misdirected, orders]", "[2, responded, orders]")
			.contains("[1, responded, orders]");
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void failingObservationHandlerFailsNoCall(boolean atTheEnd) throws Exception {
		HttpTestServer a = server("a");
		known(a.instance(ORDERS));
		HttpCalls observed = calls(POLICY, new FailingHandler(atTheEnd));
		assertThat(send(observed, "GET", URI.create("http://orders/"), Map.of(), "").body()).isEqualTo("a");
		Awaitility.await()
			.untilAsserted(() -> assertThat(candidates()).allMatch((endpoint) -> endpoint.inFlight() == 0));
	}

	@Test
	void manyThreadsLoseNothingWhenAServerIsKilled() throws Exception {
		HttpTestServer killed = server("killed");
		HttpTestServer survivor = server("survivor");
		known(killed.instance(ORDERS), survivor.instance(ORDERS));
		ExecutorService threads = Executors.newFixedThreadPool(8);
		try {
			List<Future<Integer>> results = new ArrayList<>();
			for (int i = 0; i < 8; i++) {
				Callable<Integer> task = () -> {
					int answered = 0;
					for (int call = 0; call < 50; call++) {
						answered += (send(this.calls, "GET", URI.create("http://orders/"), Map.of(), "")
							.status() == 200) ? 1 : 0;
					}
					return answered;
				};
				results.add(threads.submit(task));
			}
			killed.close();
			for (Future<Integer> result : results) {
				assertThat(result.get(30, TimeUnit.SECONDS)).isEqualTo(50);
			}
		}
		finally {
			threads.shutdownNow();
		}
	}

	@ParameterizedTest
	@ValueSource(longs = { 1, 2, 3 })
	void callsLeaveNothingInFlightHoweverTheyEnd(long seed) throws Exception {
		if (endsDiffer()) {
			new RandomEndings().play(seed, this::end);
		}
	}

	/** Tells whether calls end in another way here than with any other class or API. */
	protected boolean endsDiffer() {
		return true;
	}

	protected final HttpTestServer server(String id) {
		return opened(HttpTestServer.start(id));
	}

	protected final <T extends AutoCloseable> T opened(T server) {
		this.opened.add(server);
		return server;
	}

	protected final void known(Instance... instances) {
		known(Map.of(ORDERS, List.of(instances)));
	}

	protected final void known(Map<String, List<Instance>> services) {
		this.catalog.snapshot(new Cursor("lineage", 1, ++this.revision), true, services);
	}

	protected final HttpCalls calls(CallPolicy policy) {
		return calls(policy, new ObservationHandler<>() {

			@Override
			public void onStop(Observation.Context context) {
				CallDriverContract.this.observed.add(context);
			}

			@Override
			public boolean supportsContext(Observation.Context context) {
				return true;
			}

		});
	}

	private HttpCalls calls(CallPolicy policy, ObservationHandler<Observation.Context> handler) {
		ObservationRegistry registry = ObservationRegistry.create();
		registry.observationConfig().observationHandler(handler);
		CallPlanner planner = planner(policy);
		return new HttpCalls(planner, HashKeys.NONE, Map.of(),
				new ResponseClassifier(Set.of(502, 503, 504), false, this.time), MAX_BODY_SIZE, registry);
	}

	private CallPlanner planner(CallPolicy policy) {
		CallPlanner planner = new CallPlanner(this.pools, (destination) -> policy, this.time,
				ThreadLocalRandom::current, this.rules::table);
		this.rules.listen((table) -> planner.refreshPolicies());
		return planner;
	}

	/**
	 * Returns the attempts that have ended, each as its number in its call, its outcome
	 * and its service.
	 */
	protected final List<String> observed() {
		return this.observed.stream()
			.map((context) -> context.getLowCardinalityKeyValues().stream().map(KeyValue::getValue).toList().toString())
			.toList();
	}

	/** Returns calls that are balanced by a hash key. */
	protected final HttpCalls keeping(String hashKey) {
		return calls(CallPolicy.DEFAULT.with(LoadBalancing.CONSISTENT_HASH),
				new HashKeys(HashKey.parse(hashKey), Map.of()), Map.of(), false);
	}

	/** Returns calls with sticky sessions. */
	private HttpCalls sticky(String cookie) {
		return calls(POLICY, HashKeys.NONE, Map.of(ORDERS, cookie), false);
	}

	private HttpCalls calls(CallPolicy policy, HashKeys keys, Map<String, String> sessionCookies, boolean weighByLoad) {
		return new HttpCalls(planner(policy), keys, sessionCookies,
				new ResponseClassifier(Set.of(503), weighByLoad, this.time), MAX_BODY_SIZE, ObservationRegistry.NOOP);
	}

	protected final List<Endpoint> candidates() {
		return this.pools.pool(ORDERS).view().candidates();
	}

	protected final Answer get(String uri) throws Exception {
		return send("GET", uri, Map.of(), "");
	}

	protected final Answer post(String uri, Map<String, String> headers, String body) throws Exception {
		return send("POST", uri, headers, body);
	}

	private Answer send(String method, String uri, Map<String, String> headers, String body) throws Exception {
		return send(this.calls, method, URI.create(uri), headers, body);
	}

	/** Code of the app that runs before a request. */
	@FunctionalInterface
	public interface AppCode {

		void before(URI uri, HttpHeaders headers) throws IOException;

	}

	/**
	 * An observation handler that throws at the end of each observation. Unless
	 * {@code atTheEnd} is set, it throws at the start, too.
	 */
	private record FailingHandler(boolean atTheEnd) implements ObservationHandler<Observation.Context> {

		@Override
		public void onStart(Observation.Context context) {
			if (!this.atTheEnd) {
				throw new IllegalStateException("Start");
			}
		}

		@Override
		public void onStop(Observation.Context context) {
			throw new IllegalStateException("Stop");
		}

		@Override
		public boolean supportsContext(Observation.Context context) {
			return true;
		}

	}

	/** A response, and the first cookie that it sets. */
	public record Answer(int status, String body, @Nullable String cookie) {

		Answer(int status, String body) {
			this(status, body, null);
		}

	}

}
