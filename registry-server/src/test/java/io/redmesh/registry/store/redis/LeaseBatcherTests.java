package io.redmesh.registry.store.redis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;

import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.redmesh.core.instance.Instance;
import io.redmesh.core.time.Time;
import io.redmesh.registry.store.Claim;
import io.redmesh.registry.store.FeedEvent;
import io.redmesh.registry.store.LeaseKey;
import io.redmesh.registry.store.LeaseState;
import io.redmesh.registry.store.RegisterResult;
import io.redmesh.registry.store.RegisterResult.Outcome;
import io.redmesh.registry.store.RenewResult;
import io.redmesh.registry.store.StoredInstance;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/** Tests of registrations and renewals that share a call to a real Redis. */
class LeaseBatcherTests {

	private static final Duration TTL = Duration.ofSeconds(60);

	private static final Duration LIMIT = Duration.ofSeconds(20);

	private static TestRedis redis;

	private static RedisLink link;

	private static int namespaces;

	private final String namespace = "n" + namespaces++;

	private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

	private final Queue<Runnable> pass = new ConcurrentLinkedQueue<>();

	private boolean waits;

	private final LeaseBatcher batcher = new LeaseBatcher(link, this::execute,
			new RedisNamespace(this.namespace, Time.system()), new RedisMetrics(this.meters, Time.system()));

	@BeforeAll
	static void start() {
		redis = TestRedis.started();
		link = redis.link();
	}

	@AfterAll
	static void stop() {
		link.close();
		redis.close();
	}

	/** Runs a task at the end of the pass, which some tests hold back. */
	private void execute(Runnable task) {
		if (this.waits) {
			this.pass.add(task);
		}
		else {
			task.run();
		}
	}

	private void endPass() {
		this.waits = false;
		for (Runnable task = this.pass.poll(); task != null; task = this.pass.poll()) {
			task.run();
		}
	}

	@Test
	void registrationsOfOnePassGoInCallsOfAHundredAndEachGetsItsOwnLease() {
		this.waits = true;
		Mono<List<RegisterResult>> all = Flux.range(0, 250)
			.flatMapSequential((i) -> this.batcher.register(instance("i" + i), TTL, Claim.NONE), 250)
			.collectList()
			.cache();
		all.subscribe();
		endPass();
		List<RegisterResult> results = all.block(LIMIT);
		assertThat(batch("registrations").count()).isEqualTo(3);
		assertThat(batch("registrations").max()).isEqualTo(100);
		assertThat(results).extracting(RegisterResult::outcome).containsOnly(Outcome.CREATED);
		List<LeaseKey> leases = IntStream.range(0, 250)
			.mapToObj((i) -> new LeaseKey("orders", "i" + i, results.get(i).lease().token()))
			.toList();
		assertThat(this.batcher.renew(leases).block(LIMIT).states()).containsOnly(LeaseState.HELD);
		assertThat(results).extracting((result) -> result.lease().fence()).doesNotHaveDuplicates();
		Set<String> secrets = new HashSet<>();
		results.forEach((result) -> secrets.add(result.lease().token().split("-")[1]));
		assertThat(secrets).hasSize(250);
	}

	@Test
	void renewalsOfOnePassGoInCallsOfFiveHundredAndEachGetsItsOwnState() {
		String token = this.batcher.register(instance("held"), TTL, Claim.NONE).block(LIMIT).lease().token();
		this.waits = true;
		Mono<List<RenewResult>> all = Flux.range(0, 1201).flatMapSequential((i) -> this.batcher.renew(switch (i % 3) {
			case 0 -> new LeaseKey("orders", "held", token);
			case 1 -> new LeaseKey("orders", "held", "1-x");
			default -> new LeaseKey("orders", "absent" + i, "1-x");
		}), 1201).collectList().cache();
		all.subscribe();
		endPass();
		List<RenewResult> results = all.block(LIMIT);
		assertThat(batch("renewals").count()).isEqualTo(3);
		assertThat(batch("renewals").max()).isEqualTo(500);
		assertThat(batch("renewals").totalAmount()).isEqualTo(1201);
		for (int i = 0; i < 1201; i++) {
			assertThat(results.get(i).states()).containsExactly(switch (i % 3) {
				case 0 -> LeaseState.HELD;
				case 1 -> LeaseState.SUPERSEDED;
				default -> LeaseState.UNKNOWN;
			});
		}
	}

	@Test
	void refusalOfOneRegistrationHarmsNoOtherInItsCall() {
		String loser = this.batcher.register(instance("taken"), TTL, Claim.NONE).block(LIMIT).lease().token();
		this.batcher.register(instance("taken"), TTL, Claim.NONE).block(LIMIT);
		this.waits = true;
		Mono<List<RegisterResult>> all = Flux
			.just(this.batcher.register(instance("before"), TTL, Claim.NONE),
					this.batcher.register(instance("taken"), TTL, Claim.of(loser)),
					this.batcher.register(instance("odd"), TTL, Claim.of("\"|\n'; -- \u0000")),
					this.batcher.register(instance("after"), TTL, Claim.NONE))
			.flatMapSequential((one) -> one, 4)
			.collectList()
			.cache();
		all.subscribe();
		endPass();
		List<RegisterResult> results = all.block(LIMIT);
		assertThat(results).extracting(RegisterResult::outcome)
			.containsExactly(Outcome.CREATED, Outcome.SUPERSEDED, Outcome.CREATED, Outcome.CREATED);
		assertThat(results.get(1).lease()).isNull();
		assertThat(results.get(3).lease().token()).matches("\\d+-[0-9a-f]{32}");
		assertThat(batch("registrations").max()).isEqualTo(4);
	}

	@Test
	void registrationThatIsCancelledBeforeItIsSentIsNotMade() {
		this.waits = true;
		Disposable cancelled = this.batcher.register(instance("cancelled"), TTL, Claim.NONE).subscribe();
		Mono<RegisterResult> kept = this.batcher.register(instance("kept"), TTL, Claim.NONE).cache();
		kept.subscribe();
		cancelled.dispose();
		endPass();
		kept.block(LIMIT);
		assertThat(stored()).extracting((one) -> one.own().id()).containsExactly("kept");
	}

	@Test
	void secretOfTheIncarnationIsThatOfItsToken() {
		String secret = "0123456789abcdefghijklmnopqrstuv";
		Claim claim = new Claim(null, secret);
		RegisterResult first = this.batcher.register(instance("a"), TTL, claim).block(LIMIT);
		assertThat(first.lease().token()).isEqualTo(first.lease().fence() + "-" + secret);
		RegisterResult again = this.batcher.register(instance("a"), Duration.ofSeconds(90), claim).block(LIMIT);
		assertThat(again.outcome()).isEqualTo(Outcome.RENEWED);
		assertThat(again.lease().ttl()).isEqualTo(Duration.ofSeconds(90));
		assertThat(again.lease().token()).isEqualTo(first.lease().token());
	}

	@Test
	void moreRenewalsThanFitOnLuasStackAreNotTried() {
		LeaseKey lease = new LeaseKey("orders", "a", "1-x");
		assertThatIllegalArgumentException().isThrownBy(() -> this.batcher.renew(Collections.nCopies(3001, lease)))
			.withMessage("leases: 3001 (expected: at most 3000)");
		assertThat(this.batcher.renew(Collections.nCopies(3000, lease)).block(LIMIT).states()).hasSize(3000);
	}

	@Test
	void randomInstancesAreReadFromRedisAsTheyWereRegistered() {
		Random random = new Random(45);
		List<Instance> sent = new ArrayList<>();
		for (int i = 0; i < 300; i++) {
			Instance one = InstanceCodecTests.stored(random).own();
			sent.add(new Instance("s" + i % 7, "i" + i, one.host(), one.port(), one.secure(), one.weight(),
					one.locality(), one.labels(), one.metadata(), one.status(), 0));
		}
		List<RegisterResult> results = Flux.fromIterable(sent)
			.flatMapSequential((one) -> this.batcher.register(one, TTL, Claim.NONE), 300)
			.collectList()
			.block(LIMIT);
		List<Instance> expected = new ArrayList<>();
		for (int i = 0; i < sent.size(); i++) {
			expected.add(sent.get(i).withFence(results.get(i).lease().fence()));
		}
		assertThat(stored()).extracting(StoredInstance::own).containsExactlyInAnyOrderElementsOf(expected);
		List<RegisterResult> again = Flux.range(0, sent.size())
			.flatMapSequential((i) -> this.batcher.register(sent.get(i), TTL, Claim.of(results.get(i).lease().token())),
					300)
			.collectList()
			.block(LIMIT);
		assertThat(again).extracting(RegisterResult::outcome).containsOnly(Outcome.RENEWED);
	}

	private List<StoredInstance> stored() {
		try (RedisRegistryStore store = redis.store()) {
			FeedEvent.Reset reset = store.follow(this.namespace).ofType(FeedEvent.Reset.class).blockFirst(LIMIT);
			return reset.instances();
		}
	}

	private DistributionSummary batch(String what) {
		return this.meters.get("mesh.server.redis.batch").tag("what", what).summary();
	}

	private static Instance instance(String id) {
		return Instance.of("orders", id, "10.0.0.7", 8080);
	}

}
