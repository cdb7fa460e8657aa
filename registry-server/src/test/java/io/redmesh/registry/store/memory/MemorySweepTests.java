package io.redmesh.registry.store.memory;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

import io.redmesh.core.instance.Instance;
import io.redmesh.core.registry.Cursor;
import io.redmesh.core.time.ManualTime;
import io.redmesh.registry.store.EvictionRules;
import io.redmesh.registry.store.Guard;
import io.redmesh.registry.store.Guard.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests of the table of guards in {@code docs/operations/monitoring.md}, row by row. */
class MemorySweepTests {

	private static final Duration TTL = Duration.ofSeconds(15);

	private static final Duration PATIENCE = Duration.ofMinutes(10);

	private static final EvictionRules RULES = new EvictionRules(200, PATIENCE);

	private static final Cursor CURSOR = new Cursor("lineage", 1, 1);

	private final ManualTime time = new ManualTime();

	private final MemorySweep sweep = new MemorySweep(this.time.nanos(), this.time.nanos());

	private final List<Registration> all = new ArrayList<>();

	// GRACE

	@ParameterizedTest
	@CsvSource({ "3000000000, false", "3000000001, true" })
	void graceBeginsWhenNoServerHasSweptForThreeSeconds(long pause, boolean grace) {
		settle();
		add("orders", 1, Duration.ZERO);
		add("orders", 5, TTL);
		this.time.forward(Duration.ofNanos(pause));
		MemorySweep.Decision decision = decide();
		assertThat(decision.guards().contains(Guard.GRACE)).isEqualTo(grace);
		assertThat(decision.evicted()).hasSize(grace ? 0 : 1);
	}

	@Test
	void graceLastsForOneLeaseTimeOfEachInstance() {
		settle();
		this.time.forward(Duration.ofSeconds(4));
		long from = this.time.nanos();
		add("orders", 20, PATIENCE);
		add("short", 1, (i) -> registration("short", i, Duration.ofSeconds(3), from, 0));
		add("usual", 1, (i) -> registration("usual", i, TTL, from, 0));
		add("long", 1, (i) -> registration("long", i, Duration.ofSeconds(60), from, 0));
		List<String> gone = new ArrayList<>();
		for (int second = 0; second <= 60; second++) {
			MemorySweep.Decision decision = decide(new EvictionRules(200, Duration.ZERO));
			assertThat(decision.guards().contains(Guard.GRACE)).as("after %d s", second).isEqualTo(second < 15);
			for (Registration one : decision.evicted()) {
				gone.add(one.own().service() + " " + second);
				this.all.remove(one);
			}
			this.time.forward(Duration.ofSeconds(1));
		}
		assertThat(gone).containsExactly("short 3", "usual 15", "long 60");
	}

	@Test
	void newEpochBeginsWithGrace() {
		add("orders", 1, Duration.ZERO);
		assertThat(decide().guards()).containsExactly(Guard.GRACE);
		assertThat(decide().evicted()).isEmpty();
	}

	@Test
	void timeInWhichNoServerSweptDoesNotCountForTheAgeOfTheHistory() {
		assertThat(this.sweep.incompleteFor(this.time.nanos())).isEqualTo(TTL.toNanos());
		this.time.forward(Duration.ofSeconds(2));
		assertThat(this.sweep.incompleteFor(this.time.nanos())).isEqualTo(TTL.minusSeconds(2).toNanos());
		this.time.forward(Duration.ofSeconds(2));
		assertThat(this.sweep.incompleteFor(this.time.nanos())).as("no server swept for four seconds")
			.isEqualTo(TTL.toNanos());
		for (int second = 0; second < 15; second++) {
			decide();
			assertThat(this.sweep.incompleteFor(this.time.nanos())).isEqualTo(TTL.minusSeconds(second).toNanos());
			this.time.forward(Duration.ofSeconds(1));
		}
		decide();
		this.time.forward(Duration.ofHours(1));
		assertThat(this.sweep.incompleteFor(this.time.nanos())).as("a history that was complete stays so").isZero();
	}

	// NAMESPACE

	@ParameterizedTest
	@CsvSource({ "9, 0, false", "9, 3, false", "10, 39, true", "10, 40, false", "11, 43, true", "11, 44, false",
			"200, 799, true", "200, 800, false" })
	void namespaceIsGuardedFromTenInstancesAndAboveAFifth(int overdue, int alive, boolean guarded) {
		settle();
		for (int i = 0; i < overdue; i++) {
			add("s" + i, 1, Duration.ZERO);
		}
		for (int i = 0; i < alive; i++) {
			add("s" + i % overdue, 1, TTL);
		}
		assertThat(decide().guards().contains(new Guard(Kind.NAMESPACE, null))).isEqualTo(guarded);
	}

	@Test
	void missedRenewalCountsBeforeTheLeaseEnds() {
		settle();
		add("dead", 1, Duration.ZERO);
		add("orders", 20, TTL);
		for (int i = 0; i < 9; i++) {
			add("s" + i, 1, TTL.dividedBy(2));
		}
		assertThat(decide().guards()).as("half of the lease is left").containsExactly(new Guard(Kind.LAST, "dead"));
		this.time.forward(Duration.ofNanos(1));
		MemorySweep.Decision decision = decide();
		assertThat(decision.guards()).containsExactly(new Guard(Kind.NAMESPACE, null));
		assertThat(decision.suspected()).extracting((one) -> one.own().service()).containsExactly("dead");
	}

	@ParameterizedTest
	@CsvSource({ "38, true", "39, false" })
	void evictionsOfTheLastMinuteCountForTheNamespace(int alive, boolean guarded) {
		settle();
		IntStream.range(0, 9).forEach((i) -> evict("gone" + i));
		add("orders", alive, TTL);
		add("stock", 1, TTL);
		add("stock", 1, Duration.ZERO);
		// Nine are gone and one is overdue, of all that were there a minute ago.
		assertThat(decide().guards().contains(new Guard(Kind.NAMESPACE, null))).isEqualTo(guarded);
		if (guarded) {
			for (int second = 0; second < 60; second++) {
				assertThat(decide().evicted()).as("after %d s", second).isEmpty();
				this.time.forward(Duration.ofSeconds(1));
				keepAlive();
			}
			assertThat(services(decide().evicted())).as("a minute later").isEqualTo("stock");
		}
	}

	@Test
	void evictionsOfTheLastMinuteCountForTheirService() {
		settle();
		evict("orders");
		evict("orders");
		add("orders", 1, Duration.ZERO);
		add("orders", 2, TTL);
		add("stock", 20, TTL);
		assertThat(decide().guards()).as("three of five").containsExactly(new Guard(Kind.SERVICE, "orders"));
		add("orders", 1, TTL);
		assertThat(services(decide().evicted())).as("three of six").isEqualTo("orders");
	}

	// SERVICE

	@ParameterizedTest
	@CsvSource({ "2, 1, false", "3, 3, false", "3, 2, true", "4, 3, true", "4, 4, false", "5, 4, true" })
	void serviceIsGuardedFromThreeInstancesAndAboveAHalf(int overdue, int alive, boolean guarded) {
		settle();
		add("orders", overdue, Duration.ZERO);
		add("orders", alive, TTL);
		add("stock", 2, Duration.ZERO);
		add("stock", 100, TTL);
		MemorySweep.Decision decision = decide();
		Guard guard = new Guard(Kind.SERVICE, "orders");
		assertThat(decision.guards()).isEqualTo(guarded ? Set.of(guard) : Set.of());
		assertThat(services(decision.suspected())).isEqualTo("orders".repeat(guarded ? overdue : 0));
		assertThat(services(decision.evicted())).isEqualTo("orders".repeat(guarded ? 0 : overdue) + "stockstock");
	}

	// LAST

	@Test
	void lastInstanceOfAServiceIsKeptAlsoIfAllLeaveAtOnce() {
		settle();
		add("two", 2, (i) -> registration("two", i, TTL, this.time.nanos() - 2 + i, 0));
		add("one", 1, Duration.ZERO);
		add("other", 10, TTL);
		MemorySweep.Decision decision = decide();
		assertThat(decision.guards()).containsExactly(new Guard(Kind.LAST, "one"), new Guard(Kind.LAST, "two"));
		assertThat(decision.evicted()).as("that whose lease ended first")
			.extracting((one) -> one.own().id())
			.containsExactly("e0");
		assertThat(services(decision.suspected())).isEqualTo("twoone");
	}

	// Ends of the guards

	@ParameterizedTest
	@CsvSource({ "0, false", "1, true" })
	void suspectIsEvictedWhenPatienceHasPassedForIt(long nanos, boolean evicted) {
		settle();
		long since = this.time.nanos() - PATIENCE.toNanos() + 1 - nanos;
		add("orders", 1, (i) -> registration("orders", i, TTL, this.time.nanos(), since));
		MemorySweep.Decision decision = decide();
		assertThat(decision.evicted()).hasSize(evicted ? 1 : 0);
		assertThat(decision.suspected()).as("it is one already").isEmpty();
		assertThat(decision.guards().isEmpty()).isEqualTo(evicted);
	}

	@Test
	void withoutPatienceNoShareKeepsAnInstance() {
		settle();
		add("orders", 50, Duration.ZERO);
		MemorySweep.Decision decision = decide(new EvictionRules(200, Duration.ZERO));
		assertThat(decision.evicted()).hasSize(50);
		assertThat(decision.guards()).isEmpty();
	}

	// RATE

	@Test
	void evictionsOfOneSecondAreLimitedAndTheOldestLeasesGoFirst() {
		settle();
		add("orders", 10, (i) -> registration("orders", i, TTL, this.time.nanos() - i, 0));
		EvictionRules rules = new EvictionRules(4, Duration.ZERO);
		List<String> gone = new ArrayList<>();
		for (int i = 0; i < 3; i++) {
			MemorySweep.Decision decision = decide(rules);
			decision.evicted().forEach((one) -> gone.add(one.own().id()));
			this.all.removeAll(decision.evicted());
			assertThat(decision.guards()).isEqualTo((i < 2) ? Set.of(new Guard(Kind.RATE, null)) : Set.of());
			this.time.forward(Duration.ofNanos(999_999_999));
			MemorySweep.Decision early = decide(rules);
			assertThat(early.evicted()).as("within the same second").isEmpty();
			this.time.forward(Duration.ofNanos(1));
		}
		assertThat(gone).containsExactly("e9", "e8", "e7", "e6", "e5", "e4", "e3", "e2", "e1", "e0");
	}

	@Test
	void evictionOfARefusingInstanceCountsForTheSecond() {
		settle();
		EvictionRules rules = new EvictionRules(2, PATIENCE);
		evict("orders");
		assertThat(this.sweep.mayEvict(rules, this.time.nanos())).isTrue();
		evict("orders");
		assertThat(this.sweep.mayEvict(rules, this.time.nanos())).isFalse();
		this.time.forward(Duration.ofSeconds(1));
		assertThat(this.sweep.mayEvict(rules, this.time.nanos())).isTrue();
	}

	/** Sweeps until the grace of the beginning is over. */
	private void settle() {
		for (int second = 0; second < 20; second++) {
			decide();
			this.time.forward(Duration.ofSeconds(1));
		}
		decide();
	}

	private MemorySweep.Decision decide() {
		return decide(RULES);
	}

	private MemorySweep.Decision decide(EvictionRules rules) {
		return this.sweep.decide(List.copyOf(this.all), rules, this.time.nanos());
	}

	private void evict(String service) {
		this.sweep.evicted(registration(service, 0, TTL, this.time.nanos(), 0), this.time.nanos());
	}

	private void add(String service, int count, Duration left) {
		add(service, count, (i) -> registration(service, i, TTL, this.time.nanos() + left.toNanos(), 0));
	}

	private void add(String service, int count, IntFunction<Registration> kinds) {
		for (int i = 0; i < count; i++) {
			this.all.add(kinds.apply(i));
		}
	}

	private void keepAlive() {
		this.all.replaceAll((one) -> one.isExpired(this.time.nanos()) ? one : one.renewed(this.time.nanos()));
	}

	private static Registration registration(String service, int number, Duration ttl, long expiresAt,
			long suspectSince) {
		Instance own = Instance.of(service, "e" + number, "10.0.0.7", 8080).withSuspect(suspectSince != 0);
		return new Registration(own, ttl, "1-x", expiresAt, suspectSince, CURSOR);
	}

	private static String services(List<Registration> registrations) {
		StringBuilder services = new StringBuilder();
		registrations.forEach((one) -> services.append(one.own().service()));
		return services.toString();
	}

}
