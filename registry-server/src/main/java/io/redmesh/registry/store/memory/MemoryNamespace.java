package io.redmesh.registry.store.memory;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

import io.redmesh.core.instance.Instance;
import io.redmesh.core.instance.Status;
import io.redmesh.core.registry.Cursor;
import io.redmesh.core.registry.Lease;
import io.redmesh.core.time.Time;
import io.redmesh.registry.store.Claim;
import io.redmesh.registry.store.EvictedInstance;
import io.redmesh.registry.store.FeedEvent;
import io.redmesh.registry.store.FeedEvent.Departure;
import io.redmesh.registry.store.InstanceOverride;
import io.redmesh.registry.store.LeaseKey;
import io.redmesh.registry.store.LeaseState;
import io.redmesh.registry.store.LeaseTokens;
import io.redmesh.registry.store.RegisterResult;
import io.redmesh.registry.store.RegisterResult.Outcome;
import io.redmesh.registry.store.RenewResult;
import io.redmesh.registry.store.StoredInstance;
import io.redmesh.registry.store.WriteResult;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

/**
 * One namespace as a state machine: each synchronized method is one transition. Followers
 * are told afterwards by {@link #deliver()}, outside of the monitor, so that what they do
 * cannot hold up or re-enter a transition.
 */
final class MemoryNamespace {

	private static final long MAX_SWEEP_GAP = Duration.ofSeconds(3).toNanos();

	private static final long MAX_CLOCK_BACK = Duration.ofDays(365).toMillis();

	private static final long TOMBSTONE_AGE = Duration.ofMinutes(10).toNanos();

	private final Time time;

	private final LeaseTokens tokens;

	private final long completeAt;

	private final Map<InstanceKey, Registration> registrations = new HashMap<>();

	private final Map<InstanceKey, InstanceOverride> overrides = new HashMap<>();

	// In the order of their burial, so that the oldest is trimmed first.
	private final Map<Tombstone, Long> tombstones = new LinkedHashMap<>();

	private final List<MemoryFollower> followers = new CopyOnWriteArrayList<>();

	private Cursor cursor;

	private long lastFence;

	private long lastSweep;

	private long graceFrom;

	MemoryNamespace(Time time, LeaseTokens tokens, Cursor origin, long startNanos) {
		this.time = time;
		this.tokens = tokens;
		this.cursor = origin;
		this.completeAt = startNanos + Lease.DEFAULT_TTL.toNanos();
		this.lastSweep = time.nanos();
		this.graceFrom = startNanos;
	}

	synchronized RegisterResult register(Instance instance, Duration ttl, Claim claim) {
		InstanceKey key = new InstanceKey(instance.service(), instance.id());
		Registration current = this.registrations.get(key);
		String token = claim.token();
		if (current != null && (current.token().equals(token)
				|| LeaseTokens.secretOf(current.token()).equals(claim.incarnation()))) {
			return registerAgain(key, current, instance, ttl);
		}
		long shown = (token != null) ? LeaseTokens.fenceOf(token) : 0;
		if (token != null && isFenced(key, current, shown)) {
			return new RegisterResult(Outcome.SUPERSEDED, null, this.cursor);
		}
		if (current != null) {
			bury(key, current.own().fence());
		}
		long now = this.time.now().toEpochMilli();
		// A token that was made up must not raise all fences that follow.
		long above = (shown <= now + MAX_CLOCK_BACK) ? Math.max(this.lastFence, shown) : this.lastFence;
		this.lastFence = Math.max(now, above + 1);
		String secret = (claim.incarnation() != null) ? claim.incarnation() : this.tokens.secret();
		Registration next = new Registration(instance.withFence(this.lastFence), ttl,
				LeaseTokens.token(this.lastFence, secret), this.time.nanos() + ttl.toNanos());
		put(key, next);
		return new RegisterResult((current != null) ? Outcome.TAKEN_OVER : Outcome.CREATED, next.lease(), this.cursor);
	}

	private RegisterResult registerAgain(InstanceKey key, Registration current, Instance instance, Duration ttl) {
		Instance own = instance.withFence(current.own().fence());
		Registration next = new Registration(own, ttl, current.token(), this.time.nanos() + ttl.toNanos());
		if (own.equals(current.own())) {
			this.registrations.put(key, next);
			return new RegisterResult(Outcome.RENEWED, next.lease(), this.cursor);
		}
		put(key, next);
		return new RegisterResult(Outcome.UPDATED, next.lease(), this.cursor);
	}

	synchronized RenewResult renew(List<LeaseKey> leases) {
		List<LeaseState> states = new ArrayList<>(leases.size());
		for (LeaseKey lease : leases) {
			InstanceKey key = new InstanceKey(lease.service(), lease.id());
			Registration current = this.registrations.get(key);
			LeaseState state = stateOf(key, current, lease.token());
			if (current != null && state == LeaseState.HELD) {
				this.registrations.put(key, current.renewed(this.time.nanos()));
			}
			states.add(state);
		}
		return new RenewResult(List.copyOf(states), this.cursor);
	}

	synchronized WriteResult deregister(LeaseKey lease) {
		InstanceKey key = new InstanceKey(lease.service(), lease.id());
		Registration current = this.registrations.get(key);
		if (current == null) {
			return new WriteResult(LeaseState.UNKNOWN, this.cursor);
		}
		if (!current.token().equals(lease.token())) {
			return new WriteResult(LeaseState.SUPERSEDED, this.cursor);
		}
		bury(key, current.own().fence());
		remove(key, Departure.DEREGISTERED);
		return new WriteResult(LeaseState.HELD, this.cursor);
	}

	synchronized WriteResult status(LeaseKey lease, Status status) {
		InstanceKey key = new InstanceKey(lease.service(), lease.id());
		Registration current = this.registrations.get(key);
		LeaseState state = stateOf(key, current, lease.token());
		if (current != null && state == LeaseState.HELD) {
			registerAgain(key, current, current.own().withStatus(status), current.ttl());
		}
		return new WriteResult(state, this.cursor);
	}

	synchronized WriteResult override(InstanceKey key, @Nullable InstanceOverride override) {
		Registration current = this.registrations.get(key);
		InstanceOverride before = this.overrides.get(key);
		if (current == null && before == null) {
			return new WriteResult(LeaseState.UNKNOWN, this.cursor);
		}
		boolean same = (override != null) ? override.equals(before) : before == null;
		if (override != null) {
			this.overrides.put(key, override);
		}
		else {
			this.overrides.remove(key);
		}
		if (current != null && !same) {
			put(key, current);
		}
		return new WriteResult(LeaseState.HELD, this.cursor);
	}

	synchronized List<EvictedInstance> evict(int limit) {
		long now = this.time.nanos();
		if (now - this.lastSweep > MAX_SWEEP_GAP) {
			this.graceFrom = now;
		}
		this.lastSweep = now;
		List<EvictedInstance> evicted = this.registrations.values()
			.stream()
			.filter((registration) -> registration.isExpired(now, this.graceFrom))
			.sorted(Comparator.comparingLong((registration) -> registration.expiresAt() - now))
			.limit(limit)
			.map((registration) -> new EvictedInstance(registration.own().service(), registration.own().id(),
					registration.own().fence()))
			.toList();
		evicted.forEach((gone) -> remove(new InstanceKey(gone.service(), gone.id()), Departure.EXPIRED));
		return evicted;
	}

	synchronized boolean everRegistered() {
		return this.lastFence != 0;
	}

	synchronized FeedEvent.Reset reset() {
		List<StoredInstance> instances = new ArrayList<>(this.registrations.size());
		this.registrations.forEach((key, registration) -> instances.add(stored(key, registration)));
		long incomplete = Math.max(0, this.completeAt - this.time.nanos());
		return new FeedEvent.Reset(this.cursor, List.copyOf(instances), Duration.ofNanos(incomplete));
	}

	Flux<FeedEvent> follow() {
		return Flux.create((sink) -> {
			MemoryFollower follower = new MemoryFollower(this, sink);
			this.followers.add(follower);
			sink.onDispose(() -> this.followers.remove(follower));
			sink.onRequest((requested) -> follower.drain());
		});
	}

	/** Hands the followers what happened. To be called without the monitor. */
	void deliver() {
		this.followers.forEach(MemoryFollower::drain);
	}

	private LeaseState stateOf(InstanceKey key, @Nullable Registration current, String token) {
		if (current != null && current.token().equals(token)) {
			return LeaseState.HELD;
		}
		return isFenced(key, current, LeaseTokens.fenceOf(token)) ? LeaseState.SUPERSEDED : LeaseState.UNKNOWN;
	}

	private boolean isFenced(InstanceKey key, @Nullable Registration current, long fence) {
		return (current != null && fence < current.own().fence())
				|| this.tombstones.containsKey(new Tombstone(key, fence));
	}

	private void bury(InstanceKey key, long fence) {
		long now = this.time.nanos();
		this.tombstones.values().removeIf((buried) -> now - buried > TOMBSTONE_AGE);
		this.tombstones.put(new Tombstone(key, fence), now);
	}

	private void put(InstanceKey key, Registration registration) {
		this.registrations.put(key, registration);
		publish(key, stored(key, registration), null);
	}

	private void remove(InstanceKey key, Departure reason) {
		this.registrations.remove(key);
		publish(key, null, reason);
	}

	private void publish(InstanceKey key, @Nullable StoredInstance instance, @Nullable Departure gone) {
		this.cursor = this.cursor.at(this.cursor.revision() + 1);
		FeedEvent event = new FeedEvent.Changed(this.cursor, key.service(), key.id(), instance, gone);
		this.followers.forEach((follower) -> follower.offer(event));
	}

	private StoredInstance stored(InstanceKey key, Registration registration) {
		return new StoredInstance(registration.own(), this.overrides.get(key));
	}

	private record Tombstone(InstanceKey key, long fence) {
	}

	private record Registration(Instance own, Duration ttl, String token, long expiresAt) {

		Registration renewed(long now) {
			return new Registration(this.own, this.ttl, this.token, now + this.ttl.toNanos());
		}

		boolean isExpired(long now, long graceFrom) {
			return now - this.expiresAt >= 0 && now - graceFrom >= this.ttl.toNanos();
		}

		Lease lease() {
			return Lease.grant(this.ttl, this.token, this.own.fence());
		}

	}

}
