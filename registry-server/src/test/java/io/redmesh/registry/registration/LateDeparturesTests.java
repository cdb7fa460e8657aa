package io.redmesh.registry.registration;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

import io.redmesh.core.instance.Instance;
import io.redmesh.core.time.ManualTime;
import io.redmesh.registry.store.Claim;
import io.redmesh.registry.store.FeedEvent;
import io.redmesh.registry.store.LeaseKey;
import io.redmesh.registry.store.RegistryStore;
import io.redmesh.registry.store.StoreProxy;
import io.redmesh.registry.store.StoreUnavailableException;
import io.redmesh.registry.store.memory.MemoryRegistryStore;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests of deregistrations that are repeated until the store is back. */
class LateDeparturesTests {

	private static final String NAMESPACE = "default";

	private static final Duration TTL = Duration.ofMinutes(10);

	private final ManualTime time = new ManualTime();

	private final RegistryStore memory = new MemoryRegistryStore(this.time);

	private final List<Duration> attempts = new ArrayList<>();

	private final RegistryStore store = StoreProxy.changing(this.memory, "deregister",
			(namespace, result) -> Mono.defer(() -> attempt(namespace, (Mono<?>) result)));

	private final long started = this.time.nanos();

	private final LateDepartures late = new LateDepartures(this.store, this.time, this.time);

	private final Set<String> awayFor = new HashSet<>();

	private boolean away = true;

	private Mono<?> attempt(String namespace, Mono<?> result) {
		this.attempts.add(Duration.ofNanos(this.time.nanos() - this.started));
		return (this.away || this.awayFor.contains(namespace))
				? Mono.error(new StoreUnavailableException("away for a test")) : later(result);
	}

	/** Answers at the same time, but not before the call has returned. */
	private <T> Mono<T> later(Mono<T> result) {
		return Mono.create((sink) -> this.time.schedule(Duration.ZERO,
				() -> result.subscribe(sink::success, sink::error, sink::success)));
	}

	@Test
	void departureIsRepeatedEveryHalfSecondUntilTheStoreIsBack() {
		LeaseKey lease = register("a");
		this.late.remember(NAMESPACE, lease);
		this.time.forward(Duration.ofMillis(499));
		assertThat(this.attempts).isEmpty();
		this.time.forward(Duration.ofMillis(1001));
		assertThat(this.attempts).containsExactly(Duration.ofMillis(500), Duration.ofMillis(1000),
				Duration.ofMillis(1500));
		this.away = false;
		this.time.forward(Duration.ofMillis(500));
		assertThat(ids()).isEmpty();
		assertThat(this.time.pending()).as("nothing is repeated any more").isEmpty();
	}

	@Test
	void allThatWaitDepartAtOnceInTheirOrder() {
		for (int i = 0; i < 5; i++) {
			this.late.remember(NAMESPACE, register("i" + i));
			this.time.forward(Duration.ofMillis(100));
		}
		assertThat(this.time.pending()).as("one attempt for all of them").hasSize(1);
		this.time.forward(Duration.ofSeconds(5));
		int before = this.attempts.size();
		this.away = false;
		this.time.forward(Duration.ofMillis(500));
		assertThat(this.attempts.subList(before, this.attempts.size())).hasSize(5)
			.containsOnly(this.attempts.get(before));
		assertThat(ids()).isEmpty();
	}

	@Test
	void instanceThatRenewedMeanwhileStays() {
		LeaseKey renewed = register("renewed");
		LeaseKey silent = register("silent");
		this.late.remember(NAMESPACE, renewed);
		this.late.remember(NAMESPACE, silent);
		this.time.forward(Duration.ofSeconds(2));
		this.memory.renew(NAMESPACE, List.of(renewed)).block();
		this.time.forward(Duration.ofSeconds(2));
		this.away = false;
		this.time.forward(Duration.ofSeconds(1));
		assertThat(ids()).containsExactly("renewed");
		assertThat(this.time.pending()).isEmpty();
	}

	@Test
	void newIncarnationOfTheIdStaysAndDoesNotHoldUpOthers() {
		this.late.remember(NAMESPACE, register("taken"));
		this.late.remember(NAMESPACE, register("silent"));
		register("taken");
		this.away = false;
		this.time.forward(Duration.ofMillis(500));
		assertThat(ids()).containsExactly("taken");
		assertThat(this.time.pending()).isEmpty();
	}

	@Test
	void departureIsForgottenAfterTenMinutes() {
		LeaseKey first = register("first");
		LeaseKey second = register("second");
		this.late.remember(NAMESPACE, first);
		this.time.forward(Duration.ofMillis(600));
		this.late.remember(NAMESPACE, second);
		this.time.forward(TTL.minusMillis(400));
		this.away = false;
		this.time.forward(Duration.ofMillis(300));
		assertThat(ids()).as("the first is older than ten minutes").containsExactly("first");
		assertThat(this.time.pending()).isEmpty();
	}

	@Test
	void nothingIsRepeatedOnceAllAreForgotten() {
		this.late.remember(NAMESPACE, register("a"));
		this.time.forward(TTL.plusSeconds(1));
		assertThat(this.attempts).hasSize(1200).last().isEqualTo(TTL);
		assertThat(this.time.pending()).isEmpty();
	}

	@Test
	void departureAfterAllHaveLeftIsRepeatedAgain() {
		this.late.remember(NAMESPACE, register("a"));
		this.away = false;
		this.time.forward(Duration.ofSeconds(1));
		this.late.remember(NAMESPACE, register("b"));
		this.time.forward(Duration.ofMillis(500));
		assertThat(ids()).isEmpty();
	}

	@Test
	void oldestIsForgottenWhenMoreThanTenThousandWait() {
		LeaseKey first = register("first");
		LeaseKey second = register("second");
		this.late.remember(NAMESPACE, first);
		this.late.remember(NAMESPACE, second);
		for (int i = 2; i <= 10_000; i++) {
			this.late.remember(NAMESPACE, new LeaseKey("absent", "i" + i, "1-x"));
		}
		this.away = false;
		this.time.forward(Duration.ofMillis(500));
		assertThat(this.attempts).hasSize(10_000);
		assertThat(ids()).containsExactly("first");
	}

	@Test
	void departuresOfSeveralNamespacesAreApart() {
		LeaseKey here = register("a");
		this.memory.register("other", Instance.of("orders", "a", "h", 1), TTL, Claim.NONE).block();
		this.late.remember("other", here);
		this.away = false;
		this.time.forward(Duration.ofMillis(500));
		assertThat(ids()).as("the token holds nothing in the other namespace").containsExactly("a");
	}

	@Test
	void namespaceForWhichTheStoreStaysAwayDoesNotHoldUpOthers() {
		this.late.remember("other", new LeaseKey("orders", "a", "1-x"));
		this.late.remember(NAMESPACE, register("b"));
		this.away = false;
		this.awayFor.add("other");
		this.time.forward(Duration.ofMillis(500));
		assertThat(ids()).isEmpty();
		assertThat(this.time.pending()).as("the other namespace is retried").hasSize(1);
		this.awayFor.clear();
		this.time.forward(Duration.ofMillis(500));
		assertThat(this.time.pending()).isEmpty();
	}

	@Test
	void tenThousandDepartAtOnceFromAStoreThatAnswersOnTheSameThread() {
		LateDepartures departures = new LateDepartures(this.memory, this.time, this.time);
		LeaseKey last = register("last");
		for (int i = 1; i < 10_000; i++) {
			departures.remember(NAMESPACE, new LeaseKey("absent", "i" + i, "1-x"));
		}
		departures.remember(NAMESPACE, last);
		this.time.forward(Duration.ofMillis(500));
		assertThat(ids()).isEmpty();
		assertThat(this.time.pending()).isEmpty();
	}

	private LeaseKey register(String id) {
		Instance instance = Instance.of("orders", id, "10.0.0.7", 8080);
		String token = Objects
			.requireNonNull(this.memory.register(NAMESPACE, instance, TTL, Claim.NONE).block().lease())
			.token();
		return new LeaseKey("orders", id, token);
	}

	private List<String> ids() {
		FeedEvent.Reset reset = this.memory.follow(NAMESPACE).ofType(FeedEvent.Reset.class).blockFirst();
		return reset.instances().stream().map((stored) -> stored.own().id()).toList();
	}

}
