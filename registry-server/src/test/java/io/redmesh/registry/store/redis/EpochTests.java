package io.redmesh.registry.store.redis;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

import io.lettuce.core.AclSetuserArgs;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.protocol.CommandType;
import io.redmesh.core.instance.Instance;
import io.redmesh.core.instance.Status;
import io.redmesh.core.registry.Cursor;
import io.redmesh.core.registry.Lease;
import io.redmesh.registry.store.Claim;
import io.redmesh.registry.store.EvictionRules;
import io.redmesh.registry.store.FeedEvent;
import io.redmesh.registry.store.FeedEvent.Departure;
import io.redmesh.registry.store.FeedRecorder;
import io.redmesh.registry.store.Incarnation;
import io.redmesh.registry.store.InstanceOverride;
import io.redmesh.registry.store.LeaseKey;
import io.redmesh.registry.store.LeaseState;
import io.redmesh.registry.store.RegisterResult;
import io.redmesh.registry.store.RegistryStore;
import io.redmesh.registry.store.Remembered;
import io.redmesh.registry.store.Restored;
import io.redmesh.registry.store.StoreUnavailableException;
import io.redmesh.registry.store.StoredInstance;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.publisher.Mono;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests for the detection of a Redis that may have lost data, and for its restoration.
 */
@Timeout(60)
class EpochTests {

	private static final String NAMESPACE = "default";

	private static final String EPOCH = "mesh:{default}:epoch";

	private static final Duration TTL = Duration.ofSeconds(15);

	private static final EvictionRules RULES = new EvictionRules(100, Duration.ZERO);

	private final TestRedis redis = TestRedis.absent();

	private RegistryStore store;

	private RedisCommands<String, String> commands;

	@BeforeEach
	void start() {
		this.redis.start();
		this.store = this.redis.store();
		this.commands = this.redis.commands();
	}

	@AfterEach
	void close() {
		this.redis.close();
	}

	@Test
	void restartFromAnOldFileBeginsANewEpochAlsoForServersThatSawNothing() throws IOException {
		Cursor before = register("a").cursor();
		this.commands.save();
		register("b");
		this.redis.kill();
		this.redis.start();
		await().ignoreExceptions().until(() -> this.redis.store().ping().then(Mono.just(true)).block());
		FeedEvent.Reset reset = reset(this.redis.store());
		assertThat(before.isBefore(reset.cursor())).isTrue();
		assertThat(reset.cursor().epoch()).isGreaterThan(before.epoch());
		assertThat(reset.cursor().revision()).isEqualTo(1);
		assertThat(reset.incompleteFor()).isPositive();
		assertThat(reset.instances()).extracting((stored) -> stored.own().id()).containsExactly("a");
		assertThat(this.redis.commands().hget(EPOCH, "reason")).isEqualTo("Redis has begun another history");
		Files.deleteIfExists(this.redis.dump());
	}

	@Test
	void allInstancesHaveATtlOfGraceInANewEpoch() {
		register("a");
		passTime(Duration.ofSeconds(20));
		this.commands.hset(EPOCH, "replid", "0123");
		assertThat(evict()).isEmpty();
		passTime(Duration.ofSeconds(14));
		assertThat(evict()).isEmpty();
		passTime(Duration.ofSeconds(2));
		assertThat(evict()).extracting(Incarnation::id).containsExactly("a");
	}

	@Test
	void revisionThatWasSeenAndIsMissingBeginsANewEpochEvenIfRedisSeemsTheSame() {
		register("a");
		Cursor before = register("b").cursor();
		this.commands.decr("mesh:{default}:rev");
		Cursor after = register("c").cursor();
		assertThat(after.epoch()).isGreaterThan(before.epoch());
		assertThat(after.revision()).isEqualTo(2);
		assertThat(this.commands.hget(EPOCH, "reason")).isEqualTo("changes that were seen are missing");
	}

	@Test
	void redisFromBeforeAFailOverIsNeitherReadNorWritten() throws InterruptedException {
		register("a");
		try (FeedRecorder feed = FeedRecorder.of(this.store.follow(NAMESPACE))) {
			Cursor cursor = feed.nextReset().cursor();
			// As a server sees it that was connected to the new master and is led back to
			// the old one.
			String epoch = this.commands.hget(EPOCH, "n");
			this.commands.hset(EPOCH, "n", Long.toString(cursor.epoch() + 1000));
			Cursor newer = register("b").cursor();
			assertThat(newer.epoch()).isEqualTo(cursor.epoch() + 1000);
			this.commands.hset(EPOCH, "n", epoch);
			assertThatExceptionOfType(StoreUnavailableException.class).isThrownBy(() -> register("c"))
				.withMessageContaining("BEHIND");
			assertThatExceptionOfType(StoreUnavailableException.class).isThrownBy(this::evict);
			assertThat(this.commands.hexists("mesh:{default}:inst", "orders|c")).isFalse();
			// Servers that know no later epoch go on with this one.
			this.commands.del("mesh:{default}:feed");
			assertThat(this.redis.store().register(NAMESPACE, instance("d"), TTL, Claim.NONE).block()).isNotNull();
			this.commands.hset(EPOCH, "n", Long.toString(newer.epoch()));
			await().ignoreExceptions().until(() -> register("c").cursor().sameEpoch(newer));
		}
	}

	@Test
	void olderIncarnationIsNotPutBackAfterANewerOneHasLeft() {
		RegisterResult newer = register("a");
		Lease lease = lease(newer);
		StoredInstance now = reset(this.store).instances().get(0);
		Cursor past = new Cursor(now.changed().lineage(), now.changed().epoch() - 1, 3);
		StoredInstance older = new StoredInstance(now.own().withFence(lease.fence() - 5000), null, now.ttl(), "1-x",
				past);
		StoredInstance same = new StoredInstance(now.own(), null, now.ttl(), lease.token(), past);
		List<Remembered> remembered = List.of(new Remembered.Held(older), new Remembered.Held(same));
		passTime(Duration.ofSeconds(16));
		assertThat(evict()).extracting(Incarnation::id).containsExactly("a");
		assertThat(this.store.restore(NAMESPACE, newer.cursor(), remembered).block()).isEqualTo(new Restored(0, 0));
	}

	@Test
	void whatAnEpochLostIsPutBackWithItsLease() {
		Lease lease = lease(register("a"));
		this.store.override(NAMESPACE, "orders", "a", new InstanceOverride(null, 7)).block();
		StoredInstance known = reset(this.store).instances().get(0);
		this.commands.flushall();
		Cursor epoch = reset(this.store).cursor();
		assertThat(restore(epoch, new Remembered.Held(known))).isEqualTo(new Restored(1, 0));
		assertThat(restore(epoch, new Remembered.Held(known))).isEqualTo(new Restored(0, 0));
		StoredInstance again = reset(this.store).instances().get(0);
		assertThat(again).isEqualTo(known);
		assertThat(renew("a", lease)).isEqualTo(LeaseState.HELD);
		assertThat(lease(register("b")).fence()).isGreaterThan(lease.fence());
		assertThat(this.commands.zscore("mesh:{default}:lease", "orders|a")).isNotNull();
	}

	@Test
	void newestWordWinsAndAnyWordOfTheNewEpochWinsOverThePast() throws InterruptedException {
		Lease lease = lease(register("a"));
		StoredInstance up = reset(this.store).instances().get(0);
		this.store.status(NAMESPACE, new LeaseKey("orders", "a", lease.token()), Status.DRAINING).block();
		StoredInstance draining = reset(this.store).instances().get(0);
		this.commands.flushall();
		try (FeedRecorder feed = FeedRecorder.of(this.store.follow(NAMESPACE))) {
			Cursor epoch = feed.nextReset().cursor();
			restore(epoch, new Remembered.Held(up));
			assertThat(feed.nextChange().instance()).isEqualTo(up);
			restore(epoch, new Remembered.Held(draining));
			assertThat(feed.nextChange().instance()).isEqualTo(draining);
			assertThat(restore(epoch, new Remembered.Held(up)).held()).isZero();
			this.store.status(NAMESPACE, new LeaseKey("orders", "a", lease.token()), Status.UP).block();
			assertThat(restore(epoch, new Remembered.Held(draining)).held()).isZero();
			assertThat(Objects.requireNonNull(feed.nextChange().instance()).own().status()).isEqualTo(Status.UP);
			// Nothing is restored into an epoch that has ended.
			this.commands.flushall();
			assertThat(restore(epoch, new Remembered.Held(up)).held()).isZero();
		}
	}

	@Test
	void instanceThatHadLeftStaysAwayWhicheverServerPutsItBackFirst() throws InterruptedException {
		Lease lease = lease(register("a"));
		StoredInstance known = reset(this.store).instances().get(0);
		Cursor left = known.changed().at(known.changed().revision() + 1);
		Incarnation departed = new Incarnation("orders", "a", lease.fence());
		this.commands.flushall();
		try (FeedRecorder feed = FeedRecorder.of(this.store.follow(NAMESPACE))) {
			Cursor epoch = feed.nextReset().cursor();
			assertThat(restore(epoch, new Remembered.Held(known), new Remembered.Left(departed, left)).held()).isZero();
			assertThat(feed.isQuiet()).isTrue();
			this.commands.flushall();
			epoch = feed.nextReset().cursor();
			restore(epoch, new Remembered.Held(known));
			assertThat(feed.nextChange().instance()).isEqualTo(known);
			assertThat(restore(epoch, new Remembered.Left(departed, left))).isEqualTo(new Restored(0, 1));
			assertThat(feed.nextChange().gone()).isEqualTo(Departure.DEREGISTERED);
			assertThat(renew("a", lease)).isEqualTo(LeaseState.SUPERSEDED);
			// A later incarnation has not deregistered.
			Lease next = lease(register("a"));
			assertThat(restore(epoch, new Remembered.Left(departed, left)).left()).isZero();
			assertThat(renew("a", next)).isEqualTo(LeaseState.HELD);
		}
	}

	@Test
	void renewalThatFindsNothingBeginsTheEpochAndWakesTheFollowers() throws InterruptedException {
		Lease lease = lease(register("a"));
		try (FeedRecorder feed = FeedRecorder.of(this.store.follow(NAMESPACE))) {
			Cursor before = feed.nextReset().cursor();
			this.commands.flushall();
			assertThat(renew("a", lease)).isEqualTo(LeaseState.UNKNOWN);
			assertThat(this.commands.hget(EPOCH, "n")).isNotNull();
			assertThat(before.isBefore(feed.nextReset().cursor())).isTrue();
		}
	}

	@Test
	void copyThatIsWrongIsReadAnew() throws InterruptedException {
		register("a");
		try (FeedRecorder feed = FeedRecorder.of(this.store.follow(NAMESPACE))) {
			Cursor cursor = feed.nextReset().cursor();
			this.store.reread(NAMESPACE);
			assertThat(feed.nextReset().cursor()).isEqualTo(cursor);
			register("b");
			assertThat(feed.nextChange().id()).isEqualTo("b");
		}
	}

	@Test
	void userWithoutPermissionForInfoStillNoticesWhatIsMissing() {
		this.commands.aclSetuser("default", AclSetuserArgs.Builder.removeCommand(CommandType.INFO));
		register("a");
		Cursor before = register("b").cursor();
		assertThat(this.commands.hget(EPOCH, "replid")).isEmpty();
		this.commands.decr("mesh:{default}:rev");
		assertThat(register("c").cursor().epoch()).isGreaterThan(before.epoch());
	}

	private RegisterResult register(String id) {
		return Objects.requireNonNull(this.store.register(NAMESPACE, instance(id), TTL, Claim.NONE).block());
	}

	private List<Incarnation> evict() {
		return Objects.requireNonNull(this.store.evict(NAMESPACE, RULES).block()).evicted();
	}

	private LeaseState renew(String id, Lease lease) {
		LeaseKey key = new LeaseKey("orders", id, lease.token());
		return Objects.requireNonNull(this.store.renew(NAMESPACE, List.of(key)).block()).states().get(0);
	}

	private Restored restore(Cursor epoch, Remembered... remembered) {
		return Objects.requireNonNull(this.store.restore(NAMESPACE, epoch, List.of(remembered)).block());
	}

	/** Lets time pass for the store as if it were swept meanwhile. */
	private void passTime(Duration duration) {
		String millis = Long.toString(-duration.toMillis());
		this.commands.zrange("mesh:{default}:lease", 0, -1)
			.forEach((key) -> this.commands.zincrby("mesh:{default}:lease", Double.parseDouble(millis), key));
		this.commands.hincrby(EPOCH, "graceFrom", Long.parseLong(millis));
	}

	private static FeedEvent.Reset reset(RegistryStore store) {
		return Objects.requireNonNull(store.follow(NAMESPACE).ofType(FeedEvent.Reset.class).blockFirst());
	}

	private static Lease lease(RegisterResult result) {
		return Objects.requireNonNull(result.lease());
	}

	private static Instance instance(String id) {
		return Instance.of("orders", id, "10.0.0.7", 8080);
	}

}
