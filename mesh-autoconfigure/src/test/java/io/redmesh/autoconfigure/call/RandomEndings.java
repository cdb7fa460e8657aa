package io.redmesh.autoconfigure.call;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.redmesh.core.call.CallPlanner;
import io.redmesh.core.call.CallPolicy;
import io.redmesh.core.call.Deadline;
import io.redmesh.core.call.HedgePolicy;
import io.redmesh.core.call.RetryPolicy;
import io.redmesh.core.call.TooManyCallsException;
import io.redmesh.core.endpoint.EjectionCause;
import io.redmesh.core.endpoint.EjectionPolicy;
import io.redmesh.core.endpoint.Endpoint;
import io.redmesh.core.endpoint.EndpointListener;
import io.redmesh.core.endpoint.EndpointPool;
import io.redmesh.core.endpoint.EndpointPools;
import io.redmesh.core.instance.Instance;
import io.redmesh.core.loadbalance.LoadBalancing;
import io.redmesh.core.outlier.OutlierPolicy;
import io.redmesh.core.registry.Catalog;
import io.redmesh.core.registry.Cursor;
import io.redmesh.core.time.Time;
import org.awaitility.Awaitility;

import org.springframework.http.HttpMethod;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Many concurrent calls that end in every possible way. A seed decides what servers do to
 * them, how long their callers wait, and what callers do with the response. It also
 * decides where the mesh itself fails: any code that is called on the way throws now and
 * then. In each case every attempt must be reported once, and none may stay in flight.
 */
public final class RandomEndings {

	private static final int THREADS = 8;

	private static final int CALLS = 60;

	private static final int MAX_CALLS = 6;

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private static final Set<String> RESULTS = Set.of("responded", "rejected", "failed", "unavailable", "relayed",
			"misdirected", "shed", "expired", "connect_failed", "broken", "timed_out", "abandoned");

	private static final CallPolicy POLICY = new CallPolicy(LoadBalancing.RANDOM,
			new RetryPolicy(3, Duration.ofMillis(15), Duration.ofMillis(30), 1, 1000, HedgePolicy.NEVER),
			new OutlierPolicy(0, 0, 10), Duration.ofMillis(300), Duration.ofMillis(120), MAX_CALLS, THREADS);

	private static final EjectionPolicy EJECTION = new EjectionPolicy(Duration.ofMillis(20), Duration.ofMillis(20), 0,
			0, Duration.ZERO);

	private final Catalog catalog = new Catalog();

	private final EndpointPools pools = new EndpointPools(this.catalog, Time.system(), (service) -> EJECTION);

	private final Set<Observation.Context> begun = Collections
		.synchronizedSet(Collections.newSetFromMap(new IdentityHashMap<>()));

	private final List<Observation.Context> ended = new CopyOnWriteArrayList<>();

	private final Faults faults = new Faults();

	private final HttpCalls calls;

	RandomEndings() {
		ObservationRegistry observations = ObservationRegistry.create();
		// Handlers are notified of a start in this order, and of a stop in reverse order.
		observations.observationConfig().observationHandler(new Failing());
		observations.observationConfig().observationHandler(new Counting());
		this.pools.listen(new FailingListener());
		this.calls = new HttpCalls(new CallPlanner(this.pools, (service) -> POLICY, Time.system()),
				this.faults.in(Set.of(502, 503, 504)), Time.system(), observations);
	}

	void play(long seed, Driver driver) throws Exception {
		Random random = new Random(seed);
		this.faults.begin(random.nextLong());
		try (FatefulServer a = new FatefulServer(); FatefulServer b = new FatefulServer()) {
			this.catalog.snapshot(new Cursor("lineage", 1, 1), true, Map.of("orders", List.of(a.instance("orders", "a"),
					b.instance("orders", "b"), Instance.of("orders", "dead", "127.0.0.1", Ports.closed()))));
			ExecutorService threads = Executors.newFixedThreadPool(THREADS);
			try {
				List<Future<?>> callers = new ArrayList<>();
				for (int i = 0; i < THREADS; i++) {
					long own = random.nextLong();
					callers.add(threads.submit(() -> callOften(new Random(own), driver)));
				}
				for (Future<?> caller : callers) {
					assertThat(caller).as(RandomEndings::describeAllThreads).succeedsWithin(Duration.ofMinutes(2));
				}
				this.faults.end();
				playUntilAllResultsWereSeen(random, driver);
				assertNothingIsLeft();
			}
			finally {
				threads.shutdownNow();
			}
		}
	}

	// On a slow machine, the timeout of an attempt may hide what its server does.
	private void playUntilAllResultsWereSeen(Random random, Driver driver) {
		long begun = Time.system().nanos();
		while (!results().containsAll(RESULTS)) {
			assertThat(Duration.ofNanos(Time.system().nanos() - begun)).as("%s of %s", results(), RESULTS)
				.isLessThan(PATIENCE);
			callOften(random, driver);
		}
	}

	private Set<String> results() {
		return this.ended.stream()
			.map((context) -> context.getLowCardinalityKeyValue("mesh.result").getValue())
			.collect(Collectors.toSet());
	}

	private static String describeAllThreads() {
		StringBuilder all = new StringBuilder("a call has no end");
		Thread.getAllStackTraces().forEach((thread, frames) -> {
			all.append("%n%n%s".formatted(thread));
			Stream.of(frames).forEach((frame) -> all.append("%n\t%s".formatted(frame)));
		});
		return all.toString();
	}

	private void callOften(Random random, Driver driver) {
		for (int i = 0; i < CALLS; i++) {
			Call call = call(random);
			boolean limited = random.nextInt(5) == 0;
			long deadline = Time.system().nanos() + Duration.ofMillis(random.nextInt(60)).toNanos();
			ServedRequest.setCurrent(limited ? new ServedRequest(1, new Deadline(true, deadline)) : null);
			try {
				driver.drive(this.calls, call);
			}
			catch (Exception | AssertionError ex) {
				// The call has ended in this way.
			}
			finally {
				ServedRequest.setCurrent(null);
				Thread.interrupted();
			}
		}
	}

	private static Call call(Random random) {
		HttpMethod method = List.of(HttpMethod.GET, HttpMethod.PUT, HttpMethod.POST).get(random.nextInt(3));
		StringBuilder path = new StringBuilder();
		for (int attempt = 1; attempt <= 3; attempt++) {
			FatefulServer.Fate[] fates = FatefulServer.Fate.values();
			path.append('/').append(fates[random.nextInt(fates.length)].name());
		}
		Ending[] endings = Ending.values();
		return new Call(method, URI.create("http://orders" + path), endings[random.nextInt(endings.length)],
				Duration.ofMillis(random.nextInt(40)));
	}

	private void assertNothingIsLeft() throws Exception {
		Awaitility.await()
			.atMost(PATIENCE)
			.untilAsserted(() -> assertThat(this.pools.all()).flatExtracting(EndpointPool::all)
				.allSatisfy((endpoint) -> assertThat(endpoint.inFlight()).as("in flight at %s", endpoint).isZero()));
		assertThat(this.faults.seams()).as("places that have failed").contains("statuses", "listener", "observation");
		assertThat(this.ended).doesNotHaveDuplicates().hasSameSizeAs(this.begun);
		List<HttpCall> all = new ArrayList<>();
		for (int i = 0; i < MAX_CALLS; i++) {
			all.add(this.calls.plan("orders", false, null, null).begin());
		}
		assertThatExceptionOfType(TooManyCallsException.class)
			.isThrownBy(() -> this.calls.plan("orders", false, null, null).begin());
		all.forEach(HttpCall::abandon);
	}

	private final class Failing implements ObservationHandler<Observation.Context> {

		@Override
		public void onStart(Observation.Context context) {
			RandomEndings.this.faults.at("observation", 60);
		}

		@Override
		public void onStop(Observation.Context context) {
			RandomEndings.this.faults.at("observation", 60);
		}

		@Override
		public boolean supportsContext(Observation.Context context) {
			return true;
		}

	}

	private final class FailingListener implements EndpointListener {

		@Override
		public void ejected(Endpoint endpoint, EjectionCause cause, Duration until) {
			RandomEndings.this.faults.at("listener", 2);
		}

		@Override
		public void stillEjected(Endpoint endpoint, EjectionCause cause) {
			RandomEndings.this.faults.at("listener", 2);
		}

		@Override
		public void restored(Endpoint endpoint) {
			RandomEndings.this.faults.at("listener", 2);
		}

	}

	/** Makes a call with one of the clients. */
	@FunctionalInterface
	public interface Driver {

		void drive(HttpCalls calls, Call call) throws Exception;

	}

	/** The action by which the caller ends a call. */
	public enum Ending {

		/** Reads the response. */
		READ,

		/** Closes the response without reading it. */
		UNREAD,

		/** Cancels the call at some time. */
		BROKEN_OFF,

		/** Fails to write the request. */
		BODY_FAILS

	}

	/**
	 * A call to be made.
	 *
	 * @param after the time after which its caller cancels it
	 */
	public record Call(HttpMethod method, URI uri, Ending ending, Duration after) {

	}

	private final class Counting implements ObservationHandler<Observation.Context> {

		@Override
		public void onStart(Observation.Context context) {
			RandomEndings.this.begun.add(context);
		}

		@Override
		public void onStop(Observation.Context context) {
			RandomEndings.this.ended.add(context);
		}

		@Override
		public boolean supportsContext(Observation.Context context) {
			return true;
		}

	}

}
