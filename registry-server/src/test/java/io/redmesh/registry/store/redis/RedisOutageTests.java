package io.redmesh.registry.store.redis;

import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

import io.lettuce.core.KillArgs;
import io.lettuce.core.XAddArgs;
import io.lettuce.core.api.sync.RedisCommands;
import io.redmesh.core.instance.Instance;
import io.redmesh.core.registry.Cursor;
import io.redmesh.core.registry.Lease;
import io.redmesh.registry.store.Claim;
import io.redmesh.registry.store.FeedEvent;
import io.redmesh.registry.store.FeedRecorder;
import io.redmesh.registry.store.LeaseKey;
import io.redmesh.registry.store.LeaseState;
import io.redmesh.registry.store.RegisterResult;
import io.redmesh.registry.store.RegistryStore;
import io.redmesh.registry.store.StoreUnavailableException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.publisher.Mono;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests for what followers and writers see when Redis is slow, dies or loses its data.
 */
@Timeout(60)
class RedisOutageTests {

	private static final String NAMESPACE = "default";

	private static final Duration TTL = Duration.ofSeconds(15);

	private final TestRedis redis = TestRedis.absent();

	@AfterEach
	void close() {
		this.redis.close();
	}

	@Test
	void whenRedisIsAbsentAtStartWritesAreRefusedAtOnceUntilItComes() throws InterruptedException {
		RegistryStore store = this.redis.store();
		try (FeedRecorder feed = FeedRecorder.of(store.follow(NAMESPACE))) {
			assertUnavailable(store.ping());
			assertUnavailable(store.namespaces());
			assertUnavailable(store.register(NAMESPACE, instance("a"), TTL, Claim.NONE));
			assertThat(feed.isQuiet()).isTrue();
			this.redis.start();
			assertThat(feed.nextReset().instances()).isEmpty();
			await().ignoreExceptions().until(() -> register(store, "a", null).lease() != null);
			assertThat(feed.nextChange().id()).isEqualTo("a");
		}
	}

	@Test
	void whenRedisIsKilledFollowersWaitAndGetANewHistoryAfterwards() throws InterruptedException {
		this.redis.start();
		RegistryStore store = this.redis.store();
		Lease lease = Objects.requireNonNull(register(store, "a", null).lease());
		try (FeedRecorder feed = FeedRecorder.of(store.follow(NAMESPACE))) {
			Cursor before = feed.nextReset().cursor();
			this.redis.kill();
			await().untilAsserted(() -> assertUnavailable(store.ping()));
			assertThat(feed.isQuiet()).isTrue();
			this.redis.start();
			FeedEvent.Reset reset = feed.nextReset();
			assertThat(before.isBefore(reset.cursor())).isTrue();
			assertThat(reset.instances()).isEmpty();
			assertThat(reset.incompleteFor()).isPositive();
			await().ignoreExceptions().until(() -> store.ping().then(Mono.just(true)).block());
			RegisterResult again = register(store, "a", lease.token());
			assertThat(again.outcome()).isEqualTo(RegisterResult.Outcome.CREATED);
			assertThat(Objects.requireNonNull(again.lease()).fence()).isGreaterThan(lease.fence());
			assertThat(feed.nextChange().cursor()).isEqualTo(again.cursor());
		}
	}

	@Test
	void whenRedisStandsStillCommandsFailInTimeAndTheFeedGoesOnAfterwards() throws Exception {
		this.redis.start();
		RegistryStore store = this.redis.store();
		try (FeedRecorder feed = FeedRecorder.of(store.follow(NAMESPACE))) {
			feed.nextReset();
			Cursor first = register(store, "a", null).cursor();
			feed.nextChange();
			this.redis.signal("STOP");
			assertUnavailable(store.ping());
			this.redis.signal("CONT");
			await().ignoreExceptions().until(() -> register(store, "b", null).lease() != null);
			assertThat(feed.nextChange().cursor()).isEqualTo(first.at(2));
		}
	}

	@Test
	void commandInFlightWhenAConnectionIsResetIsRefusedLikeAnyOther() {
		this.redis.start();
		try (RedisLink link = this.redis.link()) {
			// Lettuce fails the oldest command in flight with the exception of the reset.
			IOException reset = new IOException("Connection reset by peer");
			assertUnavailable(link.ask((commands) -> CompletableFuture.failedFuture(reset)));
		}
	}

	@Test
	void commandInFlightWhileRedisIsSlowIsAnsweredAllTheSame() throws Exception {
		this.redis.start();
		RegistryStore store = this.redis.store();
		register(store, "a", null);
		for (int i = 0; i < 3; i++) {
			this.redis.signal("STOP");
			CompletableFuture<RegisterResult> inFlight = store.register(NAMESPACE, instance("b" + i), TTL, Claim.NONE)
				.toFuture();
			// Longer than the link takes to suspect Redis, shorter than a command waits.
			CompletableFuture.delayedExecutor(1500, TimeUnit.MILLISECONDS).execute(this::thaw);
			assertThat(inFlight.get().lease()).isNotNull();
		}
	}

	private void thaw() {
		try {
			this.redis.signal("CONT");
		}
		catch (IOException | InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Test
	void whenEverythingIsFlushedIdleFollowersGetANewHistory() throws InterruptedException {
		this.redis.start();
		RegistryStore store = this.redis.store();
		RedisCommands<String, String> commands = this.redis.commands();
		register(store, "a", null);
		try (FeedRecorder one = FeedRecorder.of(store.follow(NAMESPACE));
				FeedRecorder two = FeedRecorder.of(this.redis.store().follow(NAMESPACE))) {
			Cursor before = one.nextReset().cursor();
			two.nextReset();
			commands.flushall();
			FeedEvent.Reset reset = one.nextReset();
			assertThat(before.isBefore(reset.cursor())).isTrue();
			assertThat(reset.instances()).isEmpty();
			assertThat(two.nextReset()).returns(reset.cursor(), FeedEvent.Reset::cursor);
			RegisterResult after = register(store, "b", null);
			assertThat(after.cursor()).isEqualTo(reset.cursor().at(1));
			assertThat(one.nextChange()).isEqualTo(two.nextChange()).returns("b", FeedEvent.Changed::id);
			assertThat(store.namespaces().block()).containsExactly(NAMESPACE);
		}
	}

	@Test
	void whenEntriesWereLostFollowersGetAReset() throws InterruptedException {
		this.redis.start();
		RegistryStore store = this.redis.store();
		RedisCommands<String, String> commands = this.redis.commands();
		try (FeedRecorder feed = FeedRecorder.of(store.follow(NAMESPACE))) {
			Cursor cursor = feed.nextReset().cursor();
			// First the feed is lost with an entry that no follower has read. Then an
			// entry is lost, so that the next one comes after a gap.
			commands.multi();
			commands.incr("mesh:{default}:rev");
			commands.del("mesh:{default}:feed");
			commands.exec();
			assertThat(feed.nextReset().cursor()).isEqualTo(cursor.at(1));
			commands.incr("mesh:{default}:rev");
			register(store, "a", null);
			FeedEvent.Reset reset = feed.nextReset();
			assertThat(reset.cursor()).isEqualTo(cursor.at(3));
			assertThat(reset.instances()).hasSize(1);
		}
	}

	@Test
	void whenOneFollowersConnectionBreaksItGoesOnWhereItWasAndAnotherNoticesNothing() throws InterruptedException {
		this.redis.start();
		RegistryStore store = this.redis.store();
		RedisCommands<String, String> commands = this.redis.commands();
		// A namespace that is created later would begin with another reset.
		store.load("other", List.of()).block();
		try (FeedRecorder other = FeedRecorder.of(store.follow("other"))) {
			other.nextReset();
			Set<String> unharmed = readers(commands, 1);
			try (FeedRecorder one = FeedRecorder.of(store.follow(NAMESPACE))) {
				Cursor cursor = one.nextReset().cursor();
				for (int i = 1; i <= 3; i++) {
					Set<String> readers = readers(commands, 2);
					readers.removeAll(unharmed);
					readers.forEach((id) -> commands.clientKill(KillArgs.Builder.id(Long.parseLong(id))));
					register(store, "a" + i, null);
					assertThat(one.nextChange().cursor()).isEqualTo(cursor.at(i));
				}
			}
			assertThat(readers(commands, 1)).isEqualTo(unharmed);
			store.register("other", instance("x"), TTL, Claim.NONE).block();
			assertThat(other.nextChange().id()).isEqualTo("x");
		}
	}

	@Test
	void valueThatCannotBeReadIsLeftOut() throws InterruptedException {
		this.redis.start();
		RegistryStore store = this.redis.store();
		RedisCommands<String, String> commands = this.redis.commands();
		register(store, "a", null);
		commands.hset("mesh:{default}:inst", "orders|b",
				"{\"fence\":1,\"ttl\":9,\"token\":\"t\",\"status\":\"NEW\",\"instance\":{}}");
		try (FeedRecorder feed = FeedRecorder.of(store.follow(NAMESPACE))) {
			FeedEvent.Reset reset = feed.nextReset();
			assertThat(reset.instances()).extracting((stored) -> stored.own().id()).containsExactly("a");
			commands.incr("mesh:{default}:rev");
			commands.xadd("mesh:{default}:feed", new XAddArgs().id(reset.cursor().epoch() + "-2"), "2",
					"orders|c\n{\"fence\":1,\"status\":\"NEW\",\"instance\":?}");
			RegisterResult next = register(store, "d", null);
			assertThat(feed.nextChange().cursor()).isEqualTo(next.cursor());
		}
	}

	@Test
	void twoStoresOverOneRedisAgree() throws InterruptedException {
		this.redis.start();
		RegistryStore one = this.redis.store();
		RegistryStore two = this.redis.store();
		Lease lease = Objects.requireNonNull(register(one, "a", null).lease());
		try (FeedRecorder feedOne = FeedRecorder.of(one.follow(NAMESPACE));
				FeedRecorder feedTwo = FeedRecorder.of(two.follow(NAMESPACE))) {
			assertThat(feedOne.nextReset().cursor()).isEqualTo(feedTwo.nextReset().cursor());
			LeaseKey key = new LeaseKey("orders", "a", lease.token());
			assertThat(Objects.requireNonNull(two.renew(NAMESPACE, List.of(key)).block()).states())
				.containsExactly(LeaseState.HELD);
			register(two, "b", null);
			register(one, "c", null);
			two.deregister(NAMESPACE, key).block();
			for (String id : List.of("b", "c", "a")) {
				FeedEvent.Changed change = feedOne.nextChange();
				assertThat(change.id()).isEqualTo(id);
				assertThat(feedTwo.nextChange()).isEqualTo(change);
			}
		}
	}

	@Test
	void connectionThatIsNeverAnsweredIsRefusedInTime() throws IOException {
		// Listens, accepts connections through its backlog, and never responds.
		try (ServerSocket silent = new ServerSocket(this.redis.port())) {
			assertThat(silent.isBound()).isTrue();
			assertUnavailable(this.redis.store().ping());
		}
	}

	private static Instance instance(String id) {
		return Instance.of("orders", id, "10.0.0.7", 8080);
	}

	private static RegisterResult register(RegistryStore store, String id, String token) {
		return Objects.requireNonNull(store.register(NAMESPACE, instance(id), TTL, Claim.of(token)).block());
	}

	private static void assertUnavailable(Mono<?> answer) {
		assertThatExceptionOfType(StoreUnavailableException.class)
			.isThrownBy(() -> answer.block(RedisTuning.TIMEOUT.multipliedBy(2)));
	}

	/** Waits until so many connections read a feed, and returns their ids. */
	private static Set<String> readers(RedisCommands<String, String> commands, int count) {
		return await().until(() -> commands.clientList()
			.lines()
			.filter((line) -> line.contains("cmd=xread"))
			.map((line) -> line.replaceFirst("^id=(\\d+) .*", "$1"))
			.collect(Collectors.toCollection(HashSet::new)), (ids) -> ids.size() == count);
	}

}
