package io.redmesh.registry.store.redis;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;

import io.lettuce.core.Range;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.StatusOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import io.redmesh.core.instance.Instance;
import io.redmesh.core.instance.Locality;
import io.redmesh.core.instance.Status;
import io.redmesh.core.registry.Cursor;
import io.redmesh.core.registry.Lease;
import io.redmesh.registry.store.Claim;
import io.redmesh.registry.store.EvictionRules;
import io.redmesh.registry.store.FeedEvent;
import io.redmesh.registry.store.FeedRecorder;
import io.redmesh.registry.store.LeaseKey;
import io.redmesh.registry.store.LeaseState;
import io.redmesh.registry.store.RegisterResult;
import io.redmesh.registry.store.RegistryStore;
import io.redmesh.registry.store.RegistryStoreContract;
import io.redmesh.registry.store.StoredInstance;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;

import static org.assertj.core.api.Assertions.assertThat;

class RedisRegistryStoreTests extends RegistryStoreContract {

	// The clock of Redis cannot be moved, but the times with which it is compared can.
	private static final String PASS_TIME = """
			for _, key in ipairs({ KEYS[1], KEYS[2], KEYS[3] }) do
			  for _, member in ipairs(redis.call('ZRANGE', key, 0, -1)) do
			    redis.call('ZINCRBY', key, -ARGV[1], member)
			  end
			end
			for _, field in ipairs({ 'began', 'graceFrom', 'lastSweep' }) do
			  if redis.call('HEXISTS', KEYS[4], field) == 1 then
			    redis.call('HINCRBY', KEYS[4], field, -ARGV[1])
			  end
			end
			redis.call('HDEL', KEYS[4], 'second')
			local all = redis.call('HGETALL', KEYS[5])
			for i = 1, #all, 2 do
			  local earlier = all[i + 1]:gsub('"suspect":([1-9]%d*)', function(since)
			    return string.format('"suspect":%.0f', since - ARGV[1])
			  end)
			  redis.call('HSET', KEYS[5], all[i], earlier)
			end
			return 'OK'
			""";

	private static TestRedis redis;

	private static RedisCommands<String, String> commands;

	private static RedisRegistryStore store;

	@BeforeAll
	static void start() throws IOException {
		redis = TestRedis.started();
		commands = redis.commands();
		// All tests connect as the user that docs/operations/redis.md says is enough.
		CommandArgs<String, String> rules = new CommandArgs<>(StringCodec.UTF8).add("SETUSER")
			.add("registry")
			.add("on")
			.add(">secret");
		documentedRules().forEach(rules::add);
		commands.dispatch(CommandType.ACL, new StatusOutput<>(StringCodec.UTF8), rules);
		store = redis.store("registry", "secret");
	}

	private static List<String> documentedRules() throws IOException {
		String page = Files.readString(Path.of("../docs/operations/redis.md"));
		int begin = page.indexOf("~mesh:*");
		return List.of(page.substring(begin, page.indexOf('`', begin)).split("\\s+"));
	}

	@AfterAll
	static void stop() {
		redis.close();
	}

	@BeforeEach
	void empty() {
		commands.flushall();
	}

	@Override
	protected RegistryStore store() {
		return store;
	}

	@Override
	protected void passTime(Duration duration) {
		String[] keys = { "mesh:{default}:lease", "mesh:{default}:tomb", "mesh:{default}:evicted",
				"mesh:{default}:epoch", "mesh:{default}:inst" };
		commands.eval(PASS_TIME, ScriptOutputType.STATUS, keys, Long.toString(duration.toMillis()));
	}

	@Override
	protected void loseEverything() {
		commands.flushall();
	}

	@Test
	void keysAreAsDocumented() {
		Instance instance = ORDERS.withLabels(Map.of("b", "2", "a", "1"));
		RegisterResult result = register(instance, null);
		Lease lease = leaseOf(result);
		assertThat(commands.keys("*")).containsExactlyInAnyOrder("mesh:namespaces", "mesh:{default}:epoch",
				"mesh:{default}:rev", "mesh:{default}:inst", "mesh:{default}:lease", "mesh:{default}:feed",
				"mesh:{default}:count");
		assertThat(commands.hget("mesh:{default}:inst", "orders|a")).isEqualTo(
				"""
						{"fence":%d,"ttl":15000,"at":"%d-1","suspect":0,"token":"%s","status":"UP","instance":{"host":"10.0.0.7","port":8080,\
						"secure":false,"weight":100,"locality":{"region":"","zone":"","subZone":""},\
						"labels":{"a":"1","b":"2"},"metadata":{}}}"""
					.formatted(lease.fence(), result.cursor().epoch(), lease.token()));
		assertThat(commands.hget("mesh:{default}:epoch", "n")).isEqualTo(Long.toString(result.cursor().epoch()));
		assertThat(commands.xrange("mesh:{default}:feed", Range.unbounded())).hasSize(2)
			.last()
			.returns(result.cursor().epoch() + "-1", (entry) -> entry.getId());
	}

	@Test
	void asksAgainWithTheSourceWhenRedisForgotTheScripts() {
		String token = leaseOf(register(ORDERS, null)).token();
		commands.scriptFlush();
		assertThat(register(ORDERS, token).outcome()).isEqualTo(RegisterResult.Outcome.RENEWED);
	}

	@Test
	void askingAboutANamespaceDoesNotMakeIt() {
		await(store.renew("nowhere", List.of(key("1-x"))));
		await(store.deregister("nowhere", key("1-x")));
		await(store.override("nowhere", "orders", "a", null));
		await(store.evict("nowhere", new EvictionRules(10, Duration.ZERO)));
		assertThat(commands.keys("*")).isEmpty();
	}

	@Test
	void aSnapshotInPagesIsOfOnePlaceInHistoryWhileItChanges() throws InterruptedException {
		registerAll(2500);
		List<FeedEvent> all = Collections.synchronizedList(new ArrayList<>());
		Disposable follower = store.follow(NAMESPACE).subscribe(all::add);
		Awaitility.await().until(() -> !all.isEmpty());
		AtomicBoolean over = new AtomicBoolean();
		CompletableFuture<Void> changes = CompletableFuture.runAsync(() -> {
			for (int i = 0; !over.get(); i = (i + 7) % 2600) {
				RegisterResult result = register(withId("i" + i).withWeight(i), null);
				if (i % 3 == 0) {
					await(store.deregister(NAMESPACE, new LeaseKey("orders", "i" + i, leaseOf(result).token())));
				}
			}
		});
		List<FeedEvent.Reset> snapshots = new ArrayList<>();
		for (int i = 0; i < 8; i++) {
			snapshots.add(await(store.follow(NAMESPACE).ofType(FeedEvent.Reset.class).next()));
		}
		over.set(true);
		changes.join();
		Cursor last = snapshots.get(snapshots.size() - 1).cursor();
		Awaitility.await().until(() -> !all.get(all.size() - 1).cursor().isBefore(last));
		follower.dispose();
		assertThat(last.revision()).isGreaterThan(snapshots.get(0).cursor().revision() + 20);
		for (FeedEvent.Reset snapshot : snapshots) {
			assertThat(changedIn(snapshot.instances())).isEqualTo(replayed(all, snapshot.cursor()));
		}
	}

	private void registerAll(int count) {
		Flux.range(0, count)
			.flatMap((i) -> store.register(NAMESPACE, withId("i" + i), TTL, Claim.NONE), 200)
			.blockLast(Duration.ofSeconds(30));
	}

	private static Map<String, Cursor> changedIn(List<StoredInstance> instances) {
		return instances.stream().collect(Collectors.toMap((one) -> one.own().id(), StoredInstance::changed));
	}

	private static Map<String, Cursor> replayed(List<FeedEvent> events, Cursor to) {
		Map<String, Cursor> changed = new HashMap<>();
		for (FeedEvent event : List.copyOf(events)) {
			if (event instanceof FeedEvent.Reset reset) {
				changed.putAll(changedIn(reset.instances()));
			}
			else if (event instanceof FeedEvent.Changed change && !to.isBefore(change.cursor())) {
				if (change.instance() != null) {
					changed.put(change.id(), change.cursor());
				}
				else {
					changed.remove(change.id());
				}
			}
		}
		return changed;
	}

	@Test
	void lossOfTheRevisionAloneBeginsANewEpochAndKeepsTheInstances() {
		RegisterResult before = register(ORDERS, null);
		commands.del("mesh:{default}:rev");
		RegisterResult after = register(withId("b"), null);
		assertThat(after.cursor().lineage()).isEqualTo(before.cursor().lineage());
		assertThat(after.cursor().epoch()).isGreaterThan(before.cursor().epoch());
		assertThat(after.cursor().revision()).isEqualTo(1);
		assertThat(renew(leaseOf(before).token())).isEqualTo(LeaseState.HELD);
	}

	@Test
	void newEpochIsAboveAllThatWasSeenEvenIfTheClockWentBack() {
		register(ORDERS, null);
		commands.hset("mesh:{default}:epoch", "n", "900000000000000");
		assertThat(register(ORDERS, null).cursor().epoch()).isEqualTo(900_000_000_000_000L);
		commands.flushall();
		assertThat(register(ORDERS, null).cursor().epoch()).isEqualTo(900_000_000_000_001L);
	}

	@Test
	void feedIsBoundedBySize() {
		String token = null;
		for (int i = 0; i < 2600; i++) {
			Map<String, String> metadata = new HashMap<>();
			for (int entry = 0; entry < 30; entry++) {
				metadata.put("k" + entry, Integer.toString(i % 2).repeat(1000));
			}
			Instance large = new Instance("orders", "a", "10.0.0.7", 8080, false, 100, Locality.UNKNOWN, Map.of(),
					metadata, Status.UP, 0);
			token = leaseOf(register(large, token)).token();
		}
		// The feed has two halves of 32 MB.
		assertThat(commands.xlen("mesh:{default}:feed")).isBetween(1000L, 2300L);
		assertThat(commands.memoryUsage("mesh:{default}:feed")).isLessThan(80_000_000);
		try (FeedRecorder feed = FeedRecorder.of(store.follow(NAMESPACE))) {
			assertThat(feed.nextReset().cursor().revision()).isEqualTo(2600);
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
