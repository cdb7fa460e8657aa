package io.redmesh.registry.store.model;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;

import io.redmesh.core.instance.Instance;
import io.redmesh.core.instance.Status;
import io.redmesh.core.registry.Cursor;
import io.redmesh.core.registry.Lease;
import io.redmesh.registry.store.Backup;
import io.redmesh.registry.store.Claim;
import io.redmesh.registry.store.Digest;
import io.redmesh.registry.store.EvictionRules;
import io.redmesh.registry.store.FeedEvent;
import io.redmesh.registry.store.Incarnation;
import io.redmesh.registry.store.InstanceOverride;
import io.redmesh.registry.store.LeaseKey;
import io.redmesh.registry.store.LeaseState;
import io.redmesh.registry.store.LoadResult;
import io.redmesh.registry.store.RegisterResult;
import io.redmesh.registry.store.RegisterResult.Outcome;
import io.redmesh.registry.store.RegistryStore;
import io.redmesh.registry.store.RenewResult;
import io.redmesh.registry.store.StoredInstance;
import io.redmesh.registry.store.Sweep;
import io.redmesh.registry.store.WriteResult;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

/**
 * A comparison of a store with the oracle. It applies a sequence to both and compares all
 * results. It is used for one sequence.
 */
final class StoreModel {

	private static final String[] STATUSES = { "UP", "DRAINING", "DOWN" };

	private static final long[] TTLS = { 6, 15, 40 };

	private final RegistryStore store;

	private final String namespace;

	private final Clock clock;

	private final StoreOracle oracle = new StoreOracle();

	/** The last token that each process got for each instance. */
	private final Map<String, String> tokens = new HashMap<>();

	private final Map<String, Long> highestFences = new HashMap<>();

	private final List<FeedEvent> feed = new CopyOnWriteArrayList<>();

	private @Nullable Cursor epoch;

	StoreModel(RegistryStore store, String namespace, Clock clock) {
		this.store = store;
		this.namespace = namespace;
		this.clock = clock;
	}

	/** The clock of the store, which moves when the sequence says so. */
	interface Clock {

		void pass(Duration duration);

	}

	/**
	 * Runs a sequence.
	 * @param operations the sequence
	 * @throws AssertionError at the first difference
	 */
	void run(List<StoreOperation> operations) {
		// Creates the namespace, or the first change would arrive as part of a reset.
		await(this.store.load(this.namespace, List.of()));
		Disposable following = this.store.follow(this.namespace).subscribe(this.feed::add);
		try {
			within(Duration.ofSeconds(5)).until(() -> !this.feed.isEmpty());
			operations.forEach(this::apply);
			compareState();
			within(Duration.ofSeconds(2)).untilAsserted(this::compareFeed);
		}
		finally {
			following.dispose();
		}
	}

	/** Begins a wait that looks at once: most conditions hold at the first look. */
	private static ConditionFactory within(Duration limit) {
		return Awaitility.await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(20)).atMost(limit);
	}

	private void apply(StoreOperation operation) {
		String token = this.tokens.get(operation.actor() + operation.name());
		String secret = Integer.toString(operation.actor()).repeat(32);
		switch (operation.kind()) {
			case REGISTER -> register(operation, token, secret);
			case REGISTER_BY_TOKEN -> register(operation, token, null);
			case REGISTER_BY_SECRET -> register(operation, null, secret);
			case REGISTER_ANEW -> register(operation, null, null);
			case RENEW -> renew(operation, List.of(operation.key()));
			case RENEW_MANY -> renew(operation, List.of(0, 1, 2, 3));
			case STATUS -> {
				String status = STATUSES[operation.value()];
				LeaseKey key = key(operation, token);
				same(this.oracle.status(operation.name(), key.token(), status),
						await(this.store.status(this.namespace, key, Status.valueOf(status))));
			}
			case OVERRIDE ->
				override(operation, new InstanceOverride((operation.value() == 0) ? Status.OUT_OF_SERVICE : null,
						operation.value() + 1));
			case REMOVE_OVERRIDE -> override(operation, null);
			case DEREGISTER -> {
				LeaseKey key = key(operation, token);
				same(this.oracle.deregister(operation.name(), key.token()),
						await(this.store.deregister(this.namespace, key)));
			}
			case LOAD -> load(operation, token);
			case EVICT -> evict();
			case PASS_TIME -> {
				for (int i = 0; i < 3 * (operation.value() + 1); i++) {
					pass(1);
					evict();
				}
			}
			case SLEEP -> pass(3L * (operation.value() + 1));
			case PASS_TOMBSTONES -> passTombstones();
		}
	}

	private void register(StoreOperation operation, @Nullable String token, @Nullable String secret) {
		String name = operation.name();
		long ttl = TTLS[operation.value()];
		Instance instance = Instance.of(operation.service(), operation.id(), "10.0.0.7", 8080)
			.withWeight(operation.value());
		Outcome expected = this.oracle.register(name, token, secret, operation.value(), ttl);
		RegisterResult result = await(
				this.store.register(this.namespace, instance, Duration.ofSeconds(ttl), new Claim(token, secret)));
		same("outcome", expected, result.outcome());
		Lease lease = result.lease();
		same("lease", expected != Outcome.SUPERSEDED, lease != null);
		if (lease != null) {
			if (expected == Outcome.CREATED || expected == Outcome.TAKEN_OVER) {
				long before = Math.max(this.highestFences.getOrDefault(name, 0L),
						(token != null) ? StoreOracle.fenceOf(token) : 0);
				same("fence is above " + before, true, lease.fence() > before);
				this.highestFences.put(name, lease.fence());
				this.oracle.granted(name, lease.token(), secret, operation.value(), ttl);
			}
			same("token", Objects.requireNonNull(this.oracle.instances.get(name)).token(), lease.token());
			same("ttl", Duration.ofSeconds(ttl), lease.ttl());
			this.tokens.put(operation.actor() + name, lease.token());
		}
		compare(result.cursor());
	}

	private void renew(StoreOperation operation, List<Integer> keys) {
		List<LeaseKey> leases = new ArrayList<>();
		List<LeaseState> expected = new ArrayList<>();
		for (int number : keys) {
			StoreOperation one = new StoreOperation(operation.kind(), operation.actor(), number, 0);
			LeaseKey key = key(one, this.tokens.get(one.actor() + one.name()));
			leases.add(key);
			expected.add(this.oracle.renew(one.name(), key.token()));
		}
		RenewResult result = await(this.store.renew(this.namespace, leases));
		same("states", expected, result.states());
		compare(result.cursor());
	}

	private void override(StoreOperation operation, @Nullable InstanceOverride override) {
		same(this.oracle.override(operation.name(), override),
				await(this.store.override(this.namespace, operation.service(), operation.id(), override)));
	}

	/** Loads a backup that was made while the process held this token. */
	private void load(StoreOperation operation, @Nullable String token) {
		long fence = (token != null) ? StoreOracle.fenceOf(token) : 0;
		long ttl = TTLS[operation.value()];
		InstanceOverride override = (operation.value() == 0) ? new InstanceOverride(null, 9) : null;
		Instance instance = (operation.actor() == 0 && override != null) ? null
				: Instance.of(operation.service(), operation.id(), "10.0.0.7", 8080)
					.withWeight(operation.value())
					.withFence(fence);
		Backup backup = new Backup(operation.service(), operation.id(), instance, Duration.ofSeconds(ttl), override);
		LoadResult expected = this.oracle.load(operation.name(), (instance != null) ? fence : -1, operation.value(),
				ttl, override);
		same("loaded", expected, await(this.store.load(this.namespace, List.of(backup))));
	}

	/** Sweeps without patience, so that no guard but the grace keeps an instance. */
	private Sweep evict() {
		Sweep sweep = await(this.store.evict(this.namespace, new EvictionRules(1000, Duration.ZERO)));
		List<String> names = sweep.evicted().stream().map(Incarnation::toString).toList();
		same("evicted", this.oracle.evict().stream().sorted().toList(), names.stream().sorted().toList());
		names.forEach(this.oracle::evicted);
		return sweep;
	}

	/**
	 * Lets all tombstones expire. Stores drop them when the next instance deregisters.
	 */
	private void passTombstones() {
		pass(601);
		Instance other = Instance.of("other", "x", "10.0.0.7", 8080).withWeight(0);
		Lease lease = Objects.requireNonNull(
				await(this.store.register(this.namespace, other, Duration.ofSeconds(15), Claim.NONE)).lease());
		this.oracle.granted("other/x", lease.token(), null, 0, 15);
		same(this.oracle.deregister("other/x", lease.token()),
				await(this.store.deregister(this.namespace, new LeaseKey("other", "x", lease.token()))));
	}

	private void pass(long seconds) {
		this.clock.pass(Duration.ofSeconds(seconds));
		this.oracle.pass(seconds);
	}

	private void same(LeaseState expected, WriteResult result) {
		same("state", expected, result.state());
		compare(result.cursor());
	}

	private void compare(Cursor cursor) {
		same("revision", (long) this.oracle.feed.size(), cursor.revision());
		if (cursor.revision() > 0) {
			this.epoch = (this.epoch != null) ? this.epoch : cursor;
			same("epoch", true, this.epoch.sameEpoch(cursor));
		}
	}

	private void compareState() {
		Digest digest = Objects.requireNonNull(evict().digest());
		FeedEvent.Reset reset = await(this.store.follow(this.namespace).ofType(FeedEvent.Reset.class).next());
		same("instances",
				this.oracle.instances.entrySet()
					.stream()
					.map((entry) -> StoreOracle.describe(entry.getKey(), entry.getValue(),
							this.oracle.overrides.get(entry.getKey())))
					.toList(),
				reset.instances().stream().map(StoreModel::describe).sorted().toList());
		same("instances in the digest", (long) reset.instances().size(), digest.entries());
		same("sum of the digest", reset.instances().stream().mapToLong((stored) -> stored.changed().revision()).sum(),
				digest.sum());
		same("revision of the state", (long) this.oracle.feed.size(), reset.cursor().revision());
	}

	private void compareFeed() {
		List<String> received = new ArrayList<>();
		for (FeedEvent event : this.feed) {
			if (event instanceof FeedEvent.Changed changed) {
				StoredInstance stored = changed.instance();
				received.add((stored != null) ? describe(stored)
						: changed.service() + "/" + changed.id() + " " + changed.gone());
				same("revision in the feed", (long) received.size(), changed.cursor().revision());
			}
		}
		same("feed", this.oracle.feed, received);
	}

	private static String describe(StoredInstance stored) {
		Instance own = stored.own();
		return "%s/%s#%d %s %d %s".formatted(own.service(), own.id(), own.fence(), own.status(), own.weight(),
				stored.override());
	}

	private static LeaseKey key(StoreOperation operation, @Nullable String token) {
		return new LeaseKey(operation.service(), operation.id(), (token != null) ? token : "999999999999999-x");
	}

	private static void same(String what, Object expected, Object actual) {
		if (!expected.equals(actual)) {
			throw new AssertionError("%s: expected %s but was %s".formatted(what, expected, actual));
		}
	}

	private static <T> T await(Mono<T> mono) {
		return Objects.requireNonNull(mono.block(Duration.ofSeconds(10)));
	}

}
