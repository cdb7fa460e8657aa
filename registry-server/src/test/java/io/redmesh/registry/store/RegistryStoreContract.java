package io.redmesh.registry.store;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;

import io.redmesh.core.instance.Instance;
import io.redmesh.core.instance.Locality;
import io.redmesh.core.instance.Status;
import io.redmesh.core.registry.Cursor;
import io.redmesh.core.registry.Lease;
import io.redmesh.registry.store.FeedEvent.Departure;
import io.redmesh.registry.store.RegisterResult.Outcome;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import static org.assertj.core.api.Assertions.assertThat;

/** The contract of every {@link RegistryStore}, transition by transition. */
public abstract class RegistryStoreContract {

	protected static final String NAMESPACE = "default";

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	protected static final Duration TTL = Duration.ofSeconds(15);

	protected static final Instance ORDERS = Instance.of("orders", "a", "10.0.0.7", 8080);

	/** Returns the store under test, which is empty at the beginning of each test. */
	protected abstract RegistryStore store();

	/** Lets this much time pass on the store's own clock. */
	protected abstract void passTime(Duration duration);

	/** Drops all of the store's data, as if it had started anew. */
	protected abstract void loseEverything();

	// Registration

	@Test
	void registeringAFreeIdCreatesAnIncarnation() {
		RegisterResult result = register(ORDERS, null);
		assertThat(result.outcome()).isEqualTo(Outcome.CREATED);
		assertThat(result.cursor().revision()).isEqualTo(1);
		Lease lease = leaseOf(result);
		assertThat(lease.ttl()).isEqualTo(TTL);
		assertThat(lease.renewEvery()).isEqualTo(Duration.ofSeconds(5));
		assertThat(lease.fence()).isPositive();
		assertThat(lease.token()).matches(lease.fence() + "-[0-9a-f]{32}");
		assertThat(instances()).map(RegistryStoreContract::content)
			.containsExactly(new Content(ORDERS.withFence(lease.fence()), null));
	}

	@Test
	void manyRegisterAtOnceAndTwoOfThemUnderOneId() {
		List<RegisterResult> results = await(Flux.range(0, 150)
			.flatMap((i) -> store().register(NAMESPACE, withId("i" + ((i != 5) ? i : 4)), TTL, Claim.NONE), 150)
			.collectList());
		assertThat(results).extracting(RegisterResult::outcome)
			.containsOnly(Outcome.CREATED, Outcome.TAKEN_OVER)
			.containsOnlyOnce(Outcome.TAKEN_OVER);
		assertThat(results).map((result) -> leaseOf(result).token()).doesNotHaveDuplicates();
		FeedEvent.Reset reset = reset();
		assertThat(reset.cursor().revision()).isEqualTo(150);
		assertThat(reset.instances()).hasSize(149);
		RegisterResult winner = results.stream()
			.filter((result) -> result.outcome() == Outcome.TAKEN_OVER)
			.findFirst()
			.orElseThrow();
		assertThat(reset.instances()).filteredOn((one) -> one.own().id().equals("i4"))
			.extracting(StoredInstance::token)
			.containsExactly(leaseOf(winner).token());
	}

	@Test
	void everythingAnInstanceSaysIsKept() {
		Instance full = new Instance("orders", "a.b_c:1-d", "fe80::1", 8443, true, 7, new Locality("eu", "a", "r1"),
				Map.of("version", "1.0", "q", "\"\\ü€😀\u0000\n"), Map.of("m", "{}}"), Status.STARTING, 0);
		long fence = leaseOf(register(full, null)).fence();
		assertThat(instances()).map(RegistryStoreContract::content)
			.containsExactly(new Content(full.withFence(fence), null));
	}

	@Test
	void identicalContentOnlyRenews() {
		RegisterResult first = register(ORDERS.withLabels(Map.of("a", "1", "b", "2", "c", "3")), null);
		RegisterResult again = register(ORDERS.withLabels(Map.of("c", "3", "b", "2", "a", "1")),
				leaseOf(first).token());
		assertThat(again.outcome()).isEqualTo(Outcome.RENEWED);
		assertThat(again.lease()).isEqualTo(first.lease());
		assertThat(again.cursor()).isEqualTo(first.cursor());
	}

	@Test
	void otherContentUnderTheSameLeaseUpdates() {
		RegisterResult first = register(ORDERS, null);
		RegisterResult again = register(ORDERS.withWeight(7), leaseOf(first).token());
		assertThat(again.outcome()).isEqualTo(Outcome.UPDATED);
		assertThat(again.lease()).isEqualTo(first.lease());
		assertThat(again.cursor()).isEqualTo(first.cursor().at(2));
		assertThat(instances()).extracting((stored) -> stored.own().weight()).containsExactly(7);
	}

	@Test
	void anotherTtlUnderTheSameLeaseIsTakenUp() {
		String token = leaseOf(register(ORDERS, null)).token();
		RegisterResult again = await(store().register(NAMESPACE, ORDERS, Duration.ofSeconds(60), Claim.of(token)));
		assertThat(again.outcome()).isEqualTo(Outcome.RENEWED);
		assertThat(leaseOf(again).ttl()).isEqualTo(Duration.ofSeconds(60));
		assertThat(passTimeSweeping(Duration.ofSeconds(50))).isEmpty();
		assertThat(passTimeSweeping(Duration.ofSeconds(20))).hasSize(1);
	}

	@Test
	void newcomerTakesTheIdOverAndTheLoserStaysOut() {
		Lease loser = leaseOf(register(ORDERS, null));
		RegisterResult result = register(ORDERS, null);
		assertThat(result.outcome()).isEqualTo(Outcome.TAKEN_OVER);
		assertThat(result.cursor().revision()).isEqualTo(2);
		assertThat(leaseOf(result).fence()).isGreaterThan(loser.fence());
		assertSuperseded(loser.token());
		assertThat(await(store().deregister(NAMESPACE, key(loser.token()))).state()).isEqualTo(LeaseState.SUPERSEDED);
		assertThat(instances()).extracting((stored) -> stored.own().fence()).containsExactly(leaseOf(result).fence());
		// The same holds after the winner has deregistered.
		await(store().deregister(NAMESPACE, key(leaseOf(result).token())));
		assertSuperseded(loser.token());
		assertThat(instances()).isEmpty();
	}

	@Test
	void tokenThatIsNotTheHoldersIsRefused() {
		register(ORDERS, null);
		assertSuperseded("no-token");
		assertSuperseded("1-00000000000000000000000000000000");
	}

	@Test
	void tokenOfAnExpiredLeaseBeginsANewIncarnation() {
		Lease expired = leaseOf(register(ORDERS, null));
		passTimeSweeping(TTL.plusSeconds(2));
		RegisterResult result = register(ORDERS, expired.token());
		assertThat(result.outcome()).isEqualTo(Outcome.CREATED);
		assertThat(leaseOf(result).fence()).isGreaterThan(expired.fence());
		assertThat(leaseOf(result).token()).isNotEqualTo(expired.token());
	}

	@Test
	void fencesNeverFallBehindOnesThatWereShown() {
		long shown = leaseOf(register(withId("now"), null)).fence() + Duration.ofDays(364).toMillis();
		RegisterResult result = register(ORDERS, shown + "-0123456789abcdef0123456789abcdef");
		assertThat(result.outcome()).isEqualTo(Outcome.CREATED);
		assertThat(leaseOf(result).fence()).isGreaterThan(shown);
		assertThat(leaseOf(register(ORDERS, null)).fence()).isGreaterThan(leaseOf(result).fence());
	}

	@Test
	void aFenceThatWasMadeUpRaisesNoOther() {
		long now = leaseOf(register(withId("now"), null)).fence();
		RegisterResult result = register(ORDERS, "999999999999999-0123456789abcdef0123456789abcdef");
		assertThat(result.outcome()).isEqualTo(Outcome.CREATED);
		assertThat(leaseOf(result).fence()).isBetween(now, now + Duration.ofDays(1).toMillis());
		String token = leaseOf(result).token();
		await(store().deregister(NAMESPACE, key(token)));
		assertSuperseded(token);
	}

	@Test
	void registrationThatIsRepeatedAfterALostResponseGetsItsLeaseAgain() {
		Claim newcomer = new Claim(null, "0123456789abcdef0123456789abcdef");
		RegisterResult first = await(store().register(NAMESPACE, ORDERS, TTL, newcomer));
		assertThat(first.outcome()).isEqualTo(Outcome.CREATED);
		RegisterResult again = await(store().register(NAMESPACE, ORDERS, TTL, newcomer));
		assertThat(again.outcome()).isEqualTo(Outcome.RENEWED);
		assertThat(again.lease()).isEqualTo(first.lease());
		assertThat(renew(leaseOf(first).token())).isEqualTo(LeaseState.HELD);
		// The same holds after an eviction, with the token of the previous lease.
		passTimeSweeping(TTL.plusSeconds(2));
		Claim evicted = new Claim(leaseOf(first).token(), newcomer.incarnation());
		Lease next = leaseOf(await(store().register(NAMESPACE, ORDERS, TTL, evicted)));
		assertThat(next.fence()).isGreaterThan(leaseOf(first).fence());
		assertThat(leaseOf(await(store().register(NAMESPACE, ORDERS.withWeight(7), TTL, evicted)))).isEqualTo(next);
		assertThat(instances()).extracting((stored) -> stored.own().weight()).containsExactly(7);
		// A registration with another incarnation takes the id over.
		assertThat(await(store().register(NAMESPACE, ORDERS, TTL, new Claim(null, "f".repeat(32)))).outcome())
			.isEqualTo(Outcome.TAKEN_OVER);
		assertThat(await(store().register(NAMESPACE, ORDERS, TTL, evicted)).outcome()).isEqualTo(Outcome.SUPERSEDED);
	}

	@Test
	void longLeasesAreRenewedAsOftenAsDefaultOnes() {
		assertThat(leaseOf(register(ORDERS, null)).renewEvery()).isEqualTo(Duration.ofSeconds(5));
		assertThat(leaseOf(await(store().register(NAMESPACE, ORDERS, Duration.ofMinutes(10), Claim.NONE))).renewEvery())
			.isEqualTo(Duration.ofSeconds(5));
		assertThat(leaseOf(await(store().register(NAMESPACE, ORDERS, Duration.ofSeconds(3), Claim.NONE))).renewEvery())
			.isEqualTo(Duration.ofSeconds(1));
	}

	@Test
	void incarnationThatOutlivedTheStoresMemoryOfItTakesOver() {
		Lease older = leaseOf(register(ORDERS, null));
		String newer = (older.fence() + 1000) + "-0123456789abcdef0123456789abcdef";
		assertThat(renew(newer)).isEqualTo(LeaseState.UNKNOWN);
		RegisterResult result = register(ORDERS, newer);
		assertThat(result.outcome()).isEqualTo(Outcome.TAKEN_OVER);
		assertThat(leaseOf(result).fence()).isGreaterThan(older.fence() + 1000);
	}

	// Renewal

	@Test
	void renewalOfManyAnswersInOrderAndMovesNoRevision() {
		Lease first = leaseOf(register(ORDERS, null));
		Lease loser = leaseOf(register(withId("b"), null));
		RegisterResult last = register(withId("b"), null);
		RenewResult result = await(store().renew(NAMESPACE,
				List.of(new LeaseKey("orders", "absent", "1-x"), key(first.token()),
						new LeaseKey("orders", "b", loser.token()), new LeaseKey("stock", "a", first.token()),
						new LeaseKey("orders", "b", leaseOf(last).token()))));
		assertThat(result.states()).containsExactly(LeaseState.UNKNOWN, LeaseState.HELD, LeaseState.SUPERSEDED,
				LeaseState.UNKNOWN, LeaseState.HELD);
		assertThat(result.cursor()).isEqualTo(last.cursor());
	}

	@Test
	void concurrentRenewalsAreAnsweredEachWithItsOwn() {
		List<LeaseKey> leases = IntStream.range(0, 1200).mapToObj((i) -> {
			Instance instance = withId("i" + i);
			return (i % 3 == 0) ? new LeaseKey("orders", instance.id(), "1-x")
					: new LeaseKey("orders", instance.id(), leaseOf(register(instance, null)).token());
		}).toList();
		List<LeaseState> states = await(Flux.fromIterable(leases)
			.flatMapSequential((lease) -> store().renew(NAMESPACE, List.of(lease)), 1200)
			.map((result) -> result.states().get(0))
			.collectList());
		assertThat(states).hasSize(1200);
		assertThat(IntStream.range(0, 1200))
			.allMatch((i) -> states.get(i) == ((i % 3 == 0) ? LeaseState.UNKNOWN : LeaseState.HELD));
		assertThat(await(store().renew(NAMESPACE, leases)).states()).isEqualTo(states);
	}

	@Test
	void renewalKeepsALease() {
		String token = leaseOf(register(ORDERS, null)).token();
		for (int i = 0; i < 4; i++) {
			assertThat(passTimeSweeping(Duration.ofSeconds(10))).isEmpty();
			assertThat(renew(token)).isEqualTo(LeaseState.HELD);
		}
	}

	// Deregistration

	@Test
	void deregistrationEndsTheLeaseAndFencesLateWrites() {
		Lease lease = leaseOf(register(ORDERS, null));
		WriteResult result = await(store().deregister(NAMESPACE, key(lease.token())));
		assertThat(result.state()).isEqualTo(LeaseState.HELD);
		assertThat(result.cursor().revision()).isEqualTo(2);
		assertThat(instances()).isEmpty();
		assertSuperseded(lease.token());
		assertThat(instances()).isEmpty();
	}

	@Test
	void deregisteringAgainChangesNothing() {
		Lease lease = leaseOf(register(ORDERS, null));
		WriteResult first = await(store().deregister(NAMESPACE, key(lease.token())));
		WriteResult second = await(store().deregister(NAMESPACE, key(lease.token())));
		assertThat(second).isEqualTo(new WriteResult(LeaseState.UNKNOWN, first.cursor()));
	}

	@Test
	void newcomerMayRegisterAfterADeregistration() {
		Lease lease = leaseOf(register(ORDERS, null));
		await(store().deregister(NAMESPACE, key(lease.token())));
		RegisterResult result = register(ORDERS, null);
		assertThat(result.outcome()).isEqualTo(Outcome.CREATED);
		assertThat(leaseOf(result).fence()).isGreaterThan(lease.fence());
		assertSuperseded(lease.token());
	}

	@Test
	void tombstoneIsForgottenAfterTenMinutes() {
		Lease lease = leaseOf(register(ORDERS, null));
		await(store().deregister(NAMESPACE, key(lease.token())));
		passTime(Duration.ofMinutes(11));
		Lease other = leaseOf(register(withId("b"), null));
		await(store().deregister(NAMESPACE, new LeaseKey("orders", "b", other.token())));
		assertThat(renew(lease.token())).isEqualTo(LeaseState.UNKNOWN);
		assertThat(register(ORDERS, lease.token()).outcome()).isEqualTo(Outcome.CREATED);
	}

	// Status and override

	@Test
	void statusIsTheHoldersToSet() {
		Lease lease = leaseOf(register(ORDERS, null));
		WriteResult result = await(store().status(NAMESPACE, key(lease.token()), Status.DRAINING));
		assertThat(result.state()).isEqualTo(LeaseState.HELD);
		assertThat(result.cursor().revision()).isEqualTo(2);
		assertThat(instances()).extracting((stored) -> stored.effective().status()).containsExactly(Status.DRAINING);
		assertThat(await(store().status(NAMESPACE, key(lease.token()), Status.DRAINING)).cursor())
			.isEqualTo(result.cursor());
		assertThat(await(store().status(NAMESPACE, key("1-x"), Status.UP)).state()).isEqualTo(LeaseState.SUPERSEDED);
		assertThat(await(store().status(NAMESPACE, new LeaseKey("stock", "a", lease.token()), Status.UP)).state())
			.isEqualTo(LeaseState.UNKNOWN);
		// A registration is compared with the status that was set this way.
		assertThat(register(ORDERS.withStatus(Status.DRAINING), lease.token()).outcome()).isEqualTo(Outcome.RENEWED);
	}

	@Test
	void statusRenewsTheLease() {
		String token = leaseOf(register(ORDERS, null)).token();
		for (int i = 0; i < 3; i++) {
			assertThat(passTimeSweeping(Duration.ofSeconds(10))).isEmpty();
			await(store().status(NAMESPACE, key(token), Status.UP));
		}
	}

	@Test
	void overrideIsStrongerThanTheInstanceAndOutlivesIt() {
		InstanceOverride out = new InstanceOverride(Status.OUT_OF_SERVICE, 10);
		Lease lease = leaseOf(register(ORDERS, null));
		WriteResult result = override(out);
		assertThat(result.state()).isEqualTo(LeaseState.HELD);
		assertThat(result.cursor().revision()).isEqualTo(2);
		await(store().deregister(NAMESPACE, key(lease.token())));
		RegisterResult again = register(ORDERS, null);
		Instance own = ORDERS.withFence(leaseOf(again).fence());
		assertThat(instances()).map(RegistryStoreContract::content).containsExactly(new Content(own, out));
		assertThat(instances().get(0).effective()).isEqualTo(own.withStatus(Status.OUT_OF_SERVICE).withWeight(10));
		assertThat(override(null).cursor()).isEqualTo(again.cursor().at(5));
		assertThat(instances()).map(RegistryStoreContract::content).containsExactly(new Content(own, null));
	}

	@Test
	void sameOverrideMovesNoRevision() {
		register(ORDERS, null);
		assertThat(override(null).cursor().revision()).isEqualTo(1);
		assertThat(override(new InstanceOverride(null, 0)).cursor().revision()).isEqualTo(2);
		assertThat(override(new InstanceOverride(null, 0)).cursor().revision()).isEqualTo(2);
	}

	@Test
	void overrideOfAnUnknownInstanceIsRefused() {
		assertThat(override(new InstanceOverride(null, 5)).state()).isEqualTo(LeaseState.UNKNOWN);
		Lease lease = leaseOf(register(ORDERS, null));
		assertThat(instances()).extracting(StoredInstance::override).containsOnlyNulls();
		override(new InstanceOverride(null, 5));
		await(store().deregister(NAMESPACE, key(lease.token())));
		// The id has an override but no instance, so followers see no change.
		WriteResult hidden = override(new InstanceOverride(null, 6));
		assertThat(hidden.state()).isEqualTo(LeaseState.HELD);
		assertThat(hidden.cursor().revision()).isEqualTo(3);
		assertThat(override(null)).isEqualTo(hidden);
		assertThat(override(null).state()).isEqualTo(LeaseState.UNKNOWN);
	}

	// Eviction

	@Test
	void whenLeaseExpiresInstanceIsEvicted() {
		Lease lease = leaseOf(register(ORDERS, null));
		assertThat(passTimeSweeping(Duration.ofSeconds(12))).isEmpty();
		assertThat(passTimeSweeping(Duration.ofSeconds(4)))
			.containsExactly(new Incarnation("orders", "a", lease.fence()));
		assertThat(instances()).isEmpty();
		assertThat(renew(lease.token())).isEqualTo(LeaseState.UNKNOWN);
		assertThat(evict(10)).isEmpty();
	}

	@Test
	void evictionKeepsToItsLimit() {
		IntStream.range(0, 5).forEach((i) -> register(withId("i" + i), null));
		for (int i = 0; i < 8; i++) {
			passTime(Duration.ofSeconds(2));
			evict(0);
		}
		assertThat(sweep(2, Duration.ZERO)).satisfies((sweep) -> assertThat(sweep.evicted()).hasSize(2))
			.satisfies((sweep) -> assertThat(sweep.guards()).containsExactly(new Guard(Guard.Kind.RATE, null)));
		passTime(Duration.ofSeconds(1));
		assertThat(evict(2)).hasSize(2);
		passTime(Duration.ofSeconds(1));
		assertThat(sweep(2, Duration.ZERO)).satisfies((sweep) -> assertThat(sweep.evicted()).hasSize(1))
			.satisfies((sweep) -> assertThat(sweep.guards()).isEmpty());
	}

	@Test
	void afterAGapInSweepsAllInstancesGetTheGraceOfOneTtl() {
		register(ORDERS, null);
		await(store().register(NAMESPACE, withId("long"), Duration.ofSeconds(30), Claim.NONE));
		passTime(Duration.ofSeconds(60));
		assertThat(evict(10)).isEmpty();
		assertThat(passTimeSweeping(Duration.ofSeconds(14))).isEmpty();
		assertThat(passTimeSweeping(Duration.ofSeconds(4))).extracting(Incarnation::id).containsExactly("a");
		assertThat(passTimeSweeping(Duration.ofSeconds(10))).isEmpty();
		assertThat(passTimeSweeping(Duration.ofSeconds(6))).extracting(Incarnation::id).containsExactly("long");
	}

	// Suspects

	@Test
	void whenALargeShareOfANamespaceFallsSilentNoneIsEvictedAndRenewalsClearThem() {
		List<LeaseKey> frozen = new ArrayList<>();
		List<LeaseKey> alive = new ArrayList<>();
		for (int i = 0; i < 12; i++) {
			List<LeaseKey> some = registerSome("s" + i, 4);
			frozen.add(some.get(0));
			alive.addAll(some.subList(1, 4));
		}
		keepAlive(alive, Duration.ofSeconds(16));
		assertThat(suspects()).isEqualTo(12);
		Sweep sweep = sweep(100, PATIENCE);
		assertThat(sweep.guards()).containsExactly(new Guard(Guard.Kind.NAMESPACE, null));
		await(store().renew(NAMESPACE, frozen));
		assertThat(suspects()).isZero();
		assertThat(sweep(100, PATIENCE).guards()).isEmpty();
		assertThat(instances()).hasSize(48);
	}

	@Test
	void whenHalfOfAServiceFallsSilentItIsKeptUntilTheShareFalls() {
		List<LeaseKey> leases = freeze("orders", 5, 3);
		assertThat(suspects()).isEqualTo(3);
		assertThat(sweep(100, PATIENCE).guards()).containsExactly(new Guard(Guard.Kind.SERVICE, "orders"));
		// One renews, and the two that do not are no longer a majority.
		await(store().renew(NAMESPACE, leases.subList(0, 1)));
		List<Incarnation> evicted = new ArrayList<>();
		for (int i = 0; i < 4; i++) {
			passTime(Duration.ofSeconds(1));
			await(store().renew(NAMESPACE, List.of(leases.get(0), leases.get(3), leases.get(4))));
			evicted.addAll(sweep(100, PATIENCE).evicted());
		}
		assertThat(evicted).extracting(Incarnation::id).containsExactlyInAnyOrder("i1", "i2");
	}

	@Test
	void suspectsAreEvictedWhenPatienceEnds() {
		List<LeaseKey> leases = freeze("orders", 5, 4);
		assertThat(suspects()).isEqualTo(4);
		List<LeaseKey> alive = leases.subList(4, 5);
		keepAlive(alive, PATIENCE.minusSeconds(5));
		List<Incarnation> evicted = new ArrayList<>();
		for (int i = 0; i < 8; i++) {
			passTime(Duration.ofSeconds(1));
			await(store().renew(NAMESPACE, alive));
			evicted.addAll(sweep(100, PATIENCE).evicted());
		}
		assertThat(evicted).hasSize(4);
	}

	@Test
	void lastInstanceOfAServiceStaysASuspectUntilAnotherIsThere() {
		freeze("orders", 1, 1);
		assertThat(suspects()).isEqualTo(1);
		assertThat(sweep(100, PATIENCE).guards()).containsExactly(new Guard(Guard.Kind.LAST, "orders"));
		keepAlive(List.of(), PATIENCE.minusSeconds(10));
		register(withId("other"), null);
		List<Incarnation> evicted = new ArrayList<>();
		for (int i = 0; i < 3; i++) {
			passTime(Duration.ofSeconds(1));
			evicted.addAll(sweep(100, PATIENCE).evicted());
		}
		assertThat(evicted).extracting(Incarnation::id).containsExactly("i0");
	}

	@Test
	void whatDiesOneByOneIsCountedTogether() {
		List<LeaseKey> leases = registerSome("orders", 6);
		List<Incarnation> evicted = new ArrayList<>();
		for (int dead = 1; dead <= 5; dead++) {
			for (int i = 0; i < 9; i++) {
				passTime(Duration.ofSeconds(1));
				await(store().renew(NAMESPACE, leases.subList(dead, 6)));
				evicted.addAll(sweep(100, PATIENCE).evicted());
			}
		}
		assertThat(evicted).hasSize(3);
		assertThat(suspects()).isPositive();
	}

	@Test
	void suspectIsVisibleAndClearedByProofOrRenewal() {
		Lease lease = leaseOf(register(ORDERS, null));
		Incarnation incarnation = new Incarnation("orders", "a", lease.fence());
		assertThat(await(store().suspect(NAMESPACE, new Incarnation("orders", "a", lease.fence() - 1)))).isFalse();
		assertThat(await(store().suspect(NAMESPACE, incarnation))).isTrue();
		assertThat(await(store().suspect(NAMESPACE, incarnation))).isFalse();
		assertThat(suspects()).isEqualTo(1);
		assertThat(reset().cursor().revision()).isEqualTo(2);
		assertThat(await(store().clear(NAMESPACE, incarnation))).isTrue();
		assertThat(await(store().clear(NAMESPACE, incarnation))).isFalse();
		assertThat(suspects()).isZero();
		await(store().suspect(NAMESPACE, incarnation));
		assertThat(renew(lease.token())).isEqualTo(LeaseState.HELD);
		assertThat(suspects()).isZero();
		await(store().suspect(NAMESPACE, incarnation));
		passTime(Duration.ofSeconds(10));
		// An open connection proves nothing about a process that does not renew.
		assertThat(await(store().clear(NAMESPACE, incarnation))).isFalse();
		assertThat(register(ORDERS, lease.token()).outcome()).isEqualTo(Outcome.UPDATED);
		assertThat(suspects()).isZero();
	}

	@Test
	void instanceThatRefusesConnectionsIsEvictedOnlyWhileSuspect() throws InterruptedException {
		Lease lease = leaseOf(register(ORDERS, null));
		Incarnation incarnation = new Incarnation("orders", "a", lease.fence());
		EvictionRules rules = new EvictionRules(100, PATIENCE);
		assertThat(await(store().evictRefused(NAMESPACE, incarnation, rules))).isFalse();
		await(store().suspect(NAMESPACE, incarnation));
		assertThat(await(store().evictRefused(NAMESPACE, incarnation, new EvictionRules(0, PATIENCE)))).isFalse();
		try (FeedRecorder feed = FeedRecorder.of(store().follow(NAMESPACE))) {
			feed.nextReset();
			assertThat(await(store().evictRefused(NAMESPACE, incarnation, rules))).isTrue();
			assertThat(feed.nextChange().gone()).isEqualTo(Departure.REFUSED);
		}
		assertThat(renew(lease.token())).isEqualTo(LeaseState.UNKNOWN);
		assertThat(register(ORDERS, lease.token()).outcome()).isEqualTo(Outcome.CREATED);
	}

	@Test
	void whatIsPutBackIsOlderThanAnyWordThatIsThere() {
		Lease lease = leaseOf(register(ORDERS, null));
		StoredInstance there = instances().get(0);
		Cursor past = new Cursor(there.changed().lineage(), 0, 0);
		Instance own = ORDERS.withFence(lease.fence());
		StoredInstance backup = new StoredInstance(own.withWeight(1), null, TTL, lease.token(), past);
		StoredInstance other = new StoredInstance(withId("b").withFence(7), new InstanceOverride(null, 3), TTL, "7-x",
				past);
		Restored restored = await(store().restore(NAMESPACE, there.changed(),
				List.of(new Remembered.Held(backup), new Remembered.Held(other))));
		assertThat(restored).isEqualTo(new Restored(1, 0));
		assertThat(instances()).map(RegistryStoreContract::content)
			.containsExactlyInAnyOrder(new Content(own, null), new Content(other.own(), other.override()));
		assertThat(await(store().renew(NAMESPACE, List.of(new LeaseKey("orders", "b", "7-x")))).states())
			.containsExactly(LeaseState.HELD);
		// A deregistration that is newer than the stored instance removes it for good.
		Incarnation b = new Incarnation("orders", "b", 7);
		Remembered.Left left = new Remembered.Left(b, there.changed().at(100));
		assertThat(await(store().restore(NAMESPACE, there.changed(), List.of(new Remembered.Held(other), left))))
			.isEqualTo(new Restored(0, 1));
		assertThat(await(store().restore(NAMESPACE, there.changed(), List.of(new Remembered.Held(other)))))
			.isEqualTo(new Restored(0, 0));
		Cursor epoch = new Cursor(past.lineage(), there.changed().epoch() + 1, 0);
		assertThat(await(store().restore(NAMESPACE, epoch, List.of(left)))).isEqualTo(new Restored(0, 0));
	}

	// Backups

	@Test
	void whatComesFromABackupGoesOnUnderTheLeaseThatItHad() {
		long fence = now() - 1000;
		InstanceOverride override = new InstanceOverride(null, 3);
		Instance a = ORDERS.withFence(fence);
		assertThat(load(new Backup("orders", "a", a, TTL, override), backup("b", fence), backup("c", fence),
				backup("d", fence), backup("e", fence)))
			.isEqualTo(new LoadResult(5, 1));
		assertThat(instances()).map(RegistryStoreContract::content).contains(new Content(a, override));
		String token = fence + "-secret";
		assertThat(renew(token)).isEqualTo(LeaseState.HELD);
		assertThat(renew(fence + "-another")).isNotEqualTo(LeaseState.HELD);
		RegisterResult again = register(withId("b"), token);
		assertThat(again.outcome()).isEqualTo(Outcome.UPDATED);
		assertThat(leaseOf(again).token()).isEqualTo(token);
		assertThat(await(store().status(NAMESPACE, new LeaseKey("orders", "c", token), Status.DRAINING)).state())
			.isEqualTo(LeaseState.HELD);
		assertThat(await(store().deregister(NAMESPACE, new LeaseKey("orders", "d", token))).state())
			.isEqualTo(LeaseState.HELD);
		assertThat(register(withId("d"), token).outcome()).isEqualTo(Outcome.SUPERSEDED);
		// The id was taken over after the backup, and its holder is alive.
		String later = (fence + 500) + "-secret";
		assertThat(await(store().renew(NAMESPACE, List.of(new LeaseKey("orders", "e", later)))).states())
			.containsExactly(LeaseState.HELD);
		assertThat(instances()).filteredOn((one) -> one.own().id().equals("e"))
			.extracting((one) -> one.own().fence())
			.containsExactly(fence + 500);
		List<StoredInstance> all = instances();
		long sum = all.stream().mapToLong((one) -> one.changed().revision()).sum();
		assertThat(sweep(0, PATIENCE).digest()).isEqualTo(new Digest(reset().cursor(), all.size(), sum));
	}

	@Test
	void whatComesFromABackupYieldsToWhatIsThere() {
		Lease lease = leaseOf(register(ORDERS, null));
		override(new InstanceOverride(null, 5));
		Backup backup = new Backup("orders", "a", ORDERS.withFence(lease.fence() + 10).withWeight(1), TTL,
				new InstanceOverride(null, 3));
		assertThat(load(backup)).isEqualTo(new LoadResult(0, 0));
		assertThat(renew(lease.token())).isEqualTo(LeaseState.HELD);
		override(null);
		assertThat(load(backup)).isEqualTo(new LoadResult(0, 0));
		assertThat(instances()).map(RegistryStoreContract::content)
			.containsExactly(new Content(ORDERS.withFence(lease.fence()), null));
		await(store().deregister(NAMESPACE, key(lease.token())));
		Instance gone = ORDERS.withFence(lease.fence());
		assertThat(load(new Backup("orders", "a", gone, TTL, null))).isEqualTo(new LoadResult(0, 0));
		assertThat(load(new Backup("orders", "a", gone.withFence(0), TTL, null))).isEqualTo(new LoadResult(0, 0));
		passTime(Duration.ofMinutes(11));
		assertThat(load(new Backup("orders", "a", gone.withFence(0), TTL, null))).isEqualTo(new LoadResult(1, 0));
		// A new process takes it over, like any other instance.
		assertThat(register(ORDERS, null).outcome()).isEqualTo(Outcome.TAKEN_OVER);
	}

	@Test
	void whatWasEvictedAfterTheBackupDoesNotComeBack() {
		Lease lease = leaseOf(register(ORDERS, null));
		passTime(Duration.ofMinutes(11));
		Incarnation incarnation = new Incarnation("orders", "a", lease.fence());
		await(store().suspect(NAMESPACE, incarnation));
		assertThat(await(store().evictRefused(NAMESPACE, incarnation, new EvictionRules(100, PATIENCE)))).isTrue();
		leaseOf(register(withId("b"), null));
		assertThat(load(backup("a", lease.fence()))).isEqualTo(new LoadResult(0, 0));
	}

	@Test
	void overridesOfInstancesThatAreNotThereComeBackToo() {
		InstanceOverride override = new InstanceOverride(Status.OUT_OF_SERVICE, null);
		assertThat(load(new Backup("orders", "a", null, TTL, override))).isEqualTo(new LoadResult(0, 1));
		assertThat(await(store().overrides(NAMESPACE))).containsExactly(new OverrideEntry("orders", "a", override));
		register(ORDERS, null);
		assertThat(instances()).extracting(StoredInstance::override).containsExactly(override);
		assertThat(await(store().overrides("elsewhere"))).isEmpty();
	}

	@Test
	void fenceThatWasMadeUpInABackupRaisesNoOther() {
		load(backup("a", 999_999_999_999_999L));
		assertThat(leaseOf(register(withId("b"), null)).fence()).isLessThan(now() + Duration.ofDays(1).toMillis());
		assertThat(renew("999999999999998-secret")).isNotEqualTo(LeaseState.HELD);
		assertThat(renew(now() + "-x\",\"status\":\"DOWN")).isNotEqualTo(LeaseState.HELD);
		assertThat(instances()).hasSize(3);
	}

	@Test
	void departureThatIsHeardOfLateEndsOnlyWhatWasNotRenewedSince() {
		Lease lease = leaseOf(register(ORDERS, null));
		passTime(Duration.ofSeconds(4));
		renew(lease.token());
		passTime(Duration.ofSeconds(1));
		assertThat(await(store().deregister(NAMESPACE, key(lease.token()), Duration.ofSeconds(3))).state())
			.isEqualTo(LeaseState.UNKNOWN);
		assertThat(renew(lease.token())).isEqualTo(LeaseState.HELD);
		passTime(Duration.ofSeconds(4));
		assertThat(await(store().deregister(NAMESPACE, key(lease.token()), Duration.ofSeconds(2))).state())
			.isEqualTo(LeaseState.HELD);
	}

	// Namespaces

	@Test
	void emptyNamespaceIsForgottenOnceNothingIsRememberedInIt() {
		Lease lease = leaseOf(register(ORDERS, null));
		assertThat(await(store().isOccupied(NAMESPACE))).isTrue();
		assertThat(await(store().forget(NAMESPACE))).isFalse();
		await(store().deregister(NAMESPACE, key(lease.token())));
		assertThat(await(store().isOccupied(NAMESPACE))).isFalse();
		assertThat(await(store().forget(NAMESPACE))).isFalse();
		passTime(Duration.ofMinutes(11));
		assertThat(await(store().forget(NAMESPACE))).isTrue();
		assertThat(await(store().namespaces())).isEmpty();
		assertThat(register(ORDERS, null).outcome()).isEqualTo(Outcome.CREATED);
		assertThat(await(store().namespaces())).containsExactly(NAMESPACE);
		assertThat(await(store().forget("elsewhere"))).isFalse();
	}

	private Backup backup(String id, long fence) {
		return new Backup("orders", id, withId(id).withFence(fence), TTL, null);
	}

	private LoadResult load(Backup... backups) {
		return await(store().load(NAMESPACE, List.of(backups)));
	}

	/**
	 * Registers an instance {@code clock}. Returns its fence, which is the time of the
	 * store in milliseconds.
	 */
	private long now() {
		return leaseOf(register(withId("clock"), null)).fence();
	}

	@Test
	void digestAddsUpToWhatAFollowerSees() {
		Lease a = leaseOf(register(ORDERS, null));
		register(withId("b"), null);
		await(store().deregister(NAMESPACE, key(a.token())));
		Lease c = leaseOf(register(withId("c"), null));
		override(null);
		await(store().status(NAMESPACE, new LeaseKey("orders", "c", c.token()), Status.DOWN));
		FeedEvent.Reset reset = reset();
		Digest digest = Objects.requireNonNull(sweep(100, PATIENCE).digest());
		assertThat(digest.cursor()).isEqualTo(reset.cursor());
		assertThat(digest.entries()).isEqualTo(2);
		assertThat(digest.sum()).isEqualTo(7);
		assertThat(reset.instances().stream().mapToLong((stored) -> stored.changed().revision()).sum()).isEqualTo(7);
	}

	// Feed

	@Test
	void followerGetsAResetAndThenEveryChangeOnce() throws InterruptedException {
		Lease lease = leaseOf(register(ORDERS, null));
		try (FeedRecorder feed = FeedRecorder.of(store().follow(NAMESPACE))) {
			FeedEvent.Reset reset = feed.nextReset();
			assertThat(reset.cursor().revision()).isEqualTo(1);
			assertThat(reset.instances()).map(RegistryStoreContract::content)
				.containsExactly(new Content(ORDERS.withFence(lease.fence()), null));
			register(ORDERS.withWeight(1), lease.token());
			renew(lease.token());
			override(new InstanceOverride(Status.OUT_OF_SERVICE, null));
			await(store().status(NAMESPACE, key(lease.token()), Status.DRAINING));
			await(store().deregister(NAMESPACE, key(lease.token())));
			Instance own = ORDERS.withFence(lease.fence()).withWeight(1);
			InstanceOverride out = new InstanceOverride(Status.OUT_OF_SERVICE, null);
			assertThat(feed.nextChange()).isEqualTo(put(reset.cursor().at(2), own, null, lease.token()));
			assertThat(feed.nextChange()).isEqualTo(put(reset.cursor().at(3), own, out, lease.token()));
			assertThat(feed.nextChange())
				.isEqualTo(put(reset.cursor().at(4), own.withStatus(Status.DRAINING), out, lease.token()));
			assertThat(feed.nextChange())
				.isEqualTo(new FeedEvent.Changed(reset.cursor().at(5), "orders", "a", null, Departure.DEREGISTERED));
			assertThat(feed.isQuiet()).isTrue();
		}
	}

	@Test
	void expiryIsToldAsSuch() throws InterruptedException {
		register(ORDERS, null);
		try (FeedRecorder feed = FeedRecorder.of(store().follow(NAMESPACE))) {
			Cursor cursor = feed.nextReset().cursor();
			passTimeSweeping(TTL.plusSeconds(2));
			assertThat(feed.nextChange())
				.isEqualTo(new FeedEvent.Changed(cursor.at(2), "orders", "a", null, Departure.EXPIRED));
		}
	}

	@Test
	void twoFollowersSeeTheSameOrderUnderConcurrentWrites() throws InterruptedException {
		try (FeedRecorder one = FeedRecorder.of(store().follow(NAMESPACE));
				FeedRecorder two = FeedRecorder.of(store().follow(NAMESPACE))) {
			Cursor cursor = one.nextReset().cursor();
			assertThat(two.nextReset().cursor()).isEqualTo(cursor);
			await(Flux.range(0, 300)
				.flatMap((i) -> store().register(NAMESPACE, withId("i" + (i % 50)), TTL, Claim.NONE), 32)
				.then(Mono.just(true)));
			for (int revision = 1; revision <= 300; revision++) {
				FeedEvent.Changed change = one.nextChange();
				assertThat(change.cursor()).isEqualTo(cursor.at(revision));
				assertThat(two.nextChange()).isEqualTo(change);
			}
		}
	}

	@Test
	void theLargestRenewalClearsAllSuspects() {
		List<LeaseKey> leases = new ArrayList<>();
		for (int i = 0; i < 3000; i++) {
			Lease lease = leaseOf(register(withId("i" + i), null));
			leases.add(new LeaseKey("orders", "i" + i, lease.token()));
			await(store().suspect(NAMESPACE, new Incarnation("orders", "i" + i, lease.fence())));
		}
		assertThat(reset().instances()).hasSize(3000).allMatch((stored) -> stored.own().suspect());
		assertThat(await(store().renew(NAMESPACE, leases)).states()).containsOnly(LeaseState.HELD);
		FeedEvent.Reset cleared = reset();
		assertThat(cleared.instances()).hasSize(3000).noneMatch((stored) -> stored.own().suspect());
		assertThat(cleared.cursor().revision()).isEqualTo(9000);
		assertThat(Objects.requireNonNull(sweep(100, PATIENCE).digest()).sum())
			.isEqualTo(cleared.instances().stream().mapToLong((stored) -> stored.changed().revision()).sum());
	}

	@Test
	void slowFollowerMissesNothingThatMatters() throws InterruptedException {
		try (FeedRecorder feed = FeedRecorder.of(store().follow(NAMESPACE), 1)) {
			feed.nextReset();
			await(Flux.range(0, 3000)
				.flatMap((i) -> store().register(NAMESPACE, withId("i" + (i % 10)), TTL, Claim.NONE), 64)
				.then(Mono.just(true)));
			assertThat(feed.isQuiet()).isTrue();
			feed.request(Long.MAX_VALUE);
			FeedEvent last = feed.next(FeedEvent.class);
			while (last.cursor().revision() < 3000) {
				FeedEvent next = feed.next(FeedEvent.class);
				assertThat(last.cursor().isBefore(next.cursor())).isTrue();
				assertThat(next instanceof FeedEvent.Reset || next.cursor().revision() == last.cursor().revision() + 1)
					.isTrue();
				last = next;
			}
			assertThat(last.cursor().revision()).isEqualTo(3000);
		}
	}

	@Test
	void historyIsIncompleteForOneTtlAfterItBegan() {
		assertThat(reset().incompleteFor()).isBetween(Duration.ofSeconds(14), Duration.ofSeconds(15));
		register(ORDERS, null);
		passTimeSweeping(Duration.ofSeconds(10));
		assertThat(reset().incompleteFor()).isBetween(Duration.ofSeconds(3), Duration.ofSeconds(5));
		passTimeSweeping(Duration.ofSeconds(10));
		assertThat(reset().incompleteFor()).isZero();
	}

	@Test
	void historyThatBeganBeforeEverythingStoodStillIsIncompleteForAnotherTtl() {
		register(ORDERS, null);
		passTimeSweeping(Duration.ofSeconds(10));
		passTime(Duration.ofSeconds(20));
		assertThat(reset().incompleteFor()).isBetween(Duration.ofSeconds(14), Duration.ofSeconds(15));
		evict(100);
		passTimeSweeping(Duration.ofSeconds(10));
		assertThat(reset().incompleteFor()).isBetween(Duration.ofSeconds(3), Duration.ofSeconds(5));
		passTimeSweeping(Duration.ofSeconds(10));
		passTime(Duration.ofSeconds(20));
		assertThat(reset().incompleteFor()).isZero();
	}

	// Histories and namespaces

	@Test
	void lossOfEverythingBeginsANewEpoch() {
		Cursor before = register(ORDERS, null).cursor();
		loseEverything();
		Cursor after = register(ORDERS, null).cursor();
		assertThat(after.sameEpoch(before)).isFalse();
		assertThat(after.isBefore(before)).isFalse();
		assertThat(after.revision()).isEqualTo(1);
		assertThat(instances()).hasSize(1);
	}

	@Test
	void leaseFromBeforeALossIsUnknownAndRegistersWithAHigherFence() {
		Lease lease = leaseOf(register(ORDERS, null));
		loseEverything();
		assertThat(renew(lease.token())).isEqualTo(LeaseState.UNKNOWN);
		RegisterResult result = register(ORDERS, lease.token());
		assertThat(result.outcome()).isEqualTo(Outcome.CREATED);
		assertThat(leaseOf(result).fence()).isGreaterThan(lease.fence());
	}

	@Test
	void namespacesAreApart() {
		assertThat(await(store().namespaces())).isEmpty();
		register(ORDERS, null);
		await(store().register("other", ORDERS, TTL, Claim.NONE));
		assertThat(await(store().namespaces())).containsExactlyInAnyOrder(NAMESPACE, "other");
		assertThat(instances()).hasSize(1);
		assertThat(await(store().evict("nowhere", new EvictionRules(10, Duration.ZERO))).evicted()).isEmpty();
		assertThat(await(store().namespaces())).doesNotContain("nowhere");
	}

	@Test
	void storeThatIsThereAnswers() {
		assertThat(store().ping().blockOptional(Duration.ofSeconds(5))).isEmpty();
	}

	// Shorthands

	protected RegisterResult register(Instance instance, @Nullable String token) {
		return await(store().register(NAMESPACE, instance, TTL, Claim.of(token)));
	}

	protected LeaseState renew(String token) {
		return await(store().renew(NAMESPACE, List.of(key(token)))).states().get(0);
	}

	protected List<Incarnation> evict(int limit) {
		return sweep(limit, Duration.ZERO).evicted();
	}

	protected Sweep sweep(int limit, Duration patience) {
		return await(store().evict(NAMESPACE, new EvictionRules(limit, patience)));
	}

	protected static Lease leaseOf(RegisterResult result) {
		return Objects.requireNonNull(result.lease());
	}

	protected static LeaseKey key(String token) {
		return new LeaseKey("orders", "a", token);
	}

	protected static Instance withId(String id) {
		return Instance.of("orders", id, "10.0.0.7", 8080);
	}

	protected static <T> T await(Mono<T> mono) {
		return Objects.requireNonNull(mono.block(Duration.ofSeconds(10)));
	}

	private WriteResult override(@Nullable InstanceOverride override) {
		return await(store().override(NAMESPACE, "orders", "a", override));
	}

	private void assertSuperseded(String token) {
		assertThat(renew(token)).isEqualTo(LeaseState.SUPERSEDED);
		assertThat(await(store().status(NAMESPACE, key(token), Status.UP)).state()).isEqualTo(LeaseState.SUPERSEDED);
		RegisterResult result = register(ORDERS, token);
		assertThat(result.outcome()).isEqualTo(Outcome.SUPERSEDED);
		assertThat(result.lease()).isNull();
	}

	/**
	 * Lets time pass and sweeps each second, as servers do.
	 * @return the evicted instances
	 */
	private List<Incarnation> passTimeSweeping(Duration duration) {
		List<Incarnation> evicted = new ArrayList<>();
		for (Duration left = duration; !left.isZero(); left = left.minusSeconds(1)) {
			passTime(Duration.ofSeconds(1));
			evicted.addAll(evict(100));
		}
		return evicted;
	}

	private FeedEvent.Reset reset() {
		return await(store().follow(NAMESPACE).ofType(FeedEvent.Reset.class).next());
	}

	private List<StoredInstance> instances() {
		return reset().instances();
	}

	private static Content content(StoredInstance stored) {
		return new Content(stored.own(), stored.override());
	}

	private static FeedEvent.Changed put(Cursor cursor, Instance own, @Nullable InstanceOverride override,
			String token) {
		return new FeedEvent.Changed(cursor, own.service(), own.id(),
				new StoredInstance(own, override, TTL, token, cursor), null);
	}

	private List<LeaseKey> registerSome(String service, int count) {
		return IntStream.range(0, count).mapToObj((i) -> {
			Instance instance = Instance.of(service, "i" + i, "10.0.0.7", 8080);
			RegisterResult result = await(store().register(NAMESPACE, instance, TTL, Claim.NONE));
			return new LeaseKey(service, "i" + i, leaseOf(result).token());
		}).toList();
	}

	/**
	 * Registers instances and lets the leases of the first ones expire, while it renews
	 * the rest.
	 */
	private List<LeaseKey> freeze(String service, int all, int frozen) {
		List<LeaseKey> leases = registerSome(service, all);
		keepAlive(leases.subList(frozen, all), Duration.ofSeconds(16));
		return leases;
	}

	private void keepAlive(List<LeaseKey> leases, Duration duration) {
		for (Duration left = duration; !left.isZero(); left = left.minusSeconds(1)) {
			passTime(Duration.ofSeconds(1));
			if (!leases.isEmpty()) {
				await(store().renew(NAMESPACE, leases));
			}
			assertThat(sweep(100, PATIENCE).evicted()).isEmpty();
		}
	}

	private long suspects() {
		return instances().stream().filter((stored) -> stored.own().suspect()).count();
	}

	/** The content that an instance declares, and the override of an operator. */
	private record Content(Instance own, @Nullable InstanceOverride override) {

	}

}
