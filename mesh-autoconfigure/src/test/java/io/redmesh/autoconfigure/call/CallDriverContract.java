package io.redmesh.autoconfigure.call;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import io.micrometer.common.KeyValue;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.redmesh.core.call.CallPlanner;
import io.redmesh.core.call.NoEndpointException;
import io.redmesh.core.call.RetryPolicy;
import io.redmesh.core.endpoint.Endpoint;
import io.redmesh.core.endpoint.EndpointPool;
import io.redmesh.core.endpoint.EndpointPools;
import io.redmesh.core.instance.Instance;
import io.redmesh.core.instance.Status;
import io.redmesh.core.loadbalance.LoadBalancing;
import io.redmesh.core.registry.Catalog;
import io.redmesh.core.registry.Cursor;
import io.redmesh.core.time.ManualTime;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

/** What every driver of calls does, over real sockets. */
public abstract class CallDriverContract {

	private static final String ORDERS = "orders";

	/**
	 * How long the client waits for an answer: usually longer than any busy machine
	 * needs.
	 */
	protected Duration readTimeout = Duration.ofSeconds(20);

	private final List<AutoCloseable> opened = new ArrayList<>();

	private final List<Observation.Context> observed = new CopyOnWriteArrayList<>();

	private final Catalog catalog = new Catalog();

	private final ManualTime time = new ManualTime();

	private final EndpointPools pools = new EndpointPools(this.catalog, this.time);

	protected final HttpCalls calls = begin();

	private int revision;

	/**
	 * Sends a request and reads the answer.
	 * @param calls what the driver drives
	 * @param body not sent if empty
	 * @throws Exception what the client throws
	 */
	protected abstract Answer send(HttpCalls calls, String method, URI uri, Map<String, String> headers, String body)
			throws Exception;

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
	void whatTookTooLongIsNotTriedAgain() throws Exception {
		FaultyServer silent = opened(FaultyServer.silent());
		known(silent.instance(ORDERS, "silent"));
		this.readTimeout = Duration.ofMillis(300);
		assertThatThrownBy(() -> get("http://orders/"));
		assertThat(silent.requests()).isEqualTo(1);
		assertThat(candidates()).hasSize(1);
	}

	@Test
	void misdirectedCallGoesElsewhere() throws Exception {
		HttpTestServer stranger = opened(HttpTestServer.answering("stranger", 421));
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
		HttpTestServer stranger = opened(HttpTestServer.answering("stranger", 421));
		HttpTestServer other = opened(HttpTestServer.answering("other", 421));
		known(stranger.instance(ORDERS), other.instance(ORDERS));
		assertThat(get("http://orders/").status()).isEqualTo(421);
		assertThat(stranger.received().size() + other.received().size()).isEqualTo(2);
	}

	@Test
	void errorStatusIsAnAnswer() throws Exception {
		HttpTestServer server = opened(HttpTestServer.answering("a", 503));
		known(server.instance(ORDERS));
		assertThat(get("http://orders/")).isEqualTo(new Answer(503, "a"));
		assertThat(server.received()).hasSize(1);
	}

	@Test
	void whenNobodyCanBeCalledTheErrorSaysSo() {
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
	void eachAttemptIsObserved() throws Exception {
		HttpTestServer stranger = opened(HttpTestServer.answering("stranger", 421));
		HttpTestServer server = server("a");
		known(stranger.instance(ORDERS), server.instance(ORDERS));
		get("http://orders/");
		get("http://orders/");
		assertThat(this.observed).hasSize(3).allMatch((context) -> context.getName().equals("mesh.client.attempt"));
		assertThat(this.observed).extracting(
				(context) -> context.getLowCardinalityKeyValues().stream().map(KeyValue::getValue).toList().toString())
			.containsOnlyOnce("[1, misdirected, orders]", "[2, responded, orders]")
			.contains("[1, responded, orders]");
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

	protected final HttpTestServer server(String id) {
		return opened(HttpTestServer.start(id));
	}

	protected final <T extends AutoCloseable> T opened(T server) {
		this.opened.add(server);
		return server;
	}

	protected final void known(Instance... instances) {
		Cursor cursor = new Cursor("lineage", 1, ++this.revision);
		this.catalog.snapshot(cursor, true, Map.of(ORDERS, List.of(instances)));
	}

	private HttpCalls begin() {
		ObservationRegistry registry = ObservationRegistry.create();
		registry.observationConfig().observationHandler(new ObservationHandler<>() {

			@Override
			public void onStop(Observation.Context context) {
				CallDriverContract.this.observed.add(context);
			}

			@Override
			public boolean supportsContext(Observation.Context context) {
				return true;
			}

		});
		CallPlanner planner = new CallPlanner(this.pools, LoadBalancing.ROUND_ROBIN, new RetryPolicy(3), this.time);
		return new HttpCalls(planner, registry);
	}

	protected final List<Endpoint> candidates() {
		return this.pools.pool(ORDERS).candidates(this.time.nanos());
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

	/** What came back. */
	public record Answer(int status, String body) {

	}

}
