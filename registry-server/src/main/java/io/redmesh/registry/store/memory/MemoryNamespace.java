package io.redmesh.registry.store.memory;

import java.time.Duration;
import java.util.ArrayList;
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
import io.redmesh.registry.store.Digest;
import io.redmesh.registry.store.EvictionRules;
import io.redmesh.registry.store.FeedEvent;
import io.redmesh.registry.store.FeedEvent.Departure;
import io.redmesh.registry.store.Incarnation;
import io.redmesh.registry.store.InstanceOverride;
import io.redmesh.registry.store.LeaseKey;
import io.redmesh.registry.store.LeaseState;
import io.redmesh.registry.store.LeaseTokens;
import io.redmesh.registry.store.RegisterResult;
import io.redmesh.registry.store.RegisterResult.Outcome;
import io.redmesh.registry.store.RenewResult;
import io.redmesh.registry.store.StoredInstance;
import io.redmesh.registry.store.Sweep;
import io.redmesh.registry.store.WriteResult;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

/**
 * One namespace as a state machine: each synchronized method is one transition. Followers
 * are told afterwards by {@link #deliver()}, outside of the monitor, so that what they do
 * cannot hold up or re-enter a transition.
 */
final class MemoryNamespace {

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

	private final MemorySweep sweep;

	MemoryNamespace(Time time, LeaseTokens tokens, Cursor origin, long startNanos) {
		this.time = time;
		this.tokens = tokens;
		this.cursor = origin;
		this.completeAt = startNanos + Lease.DEFAULT_TTL.toNanos();
		this.sweep = new MemorySweep(time.nanos(), startNanos);
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
				LeaseTokens.token(this.lastFence, secret), this.time.nanos() + ttl.toNanos(), 0, this.cursor);
		put(key, next);
		return new RegisterResult((current != null) ? Outcome.TAKEN_OVER : Outcome.CREATED, next.lease(), this.cursor);
	}

	private RegisterResult registerAgain(InstanceKey key, Registration current, Instance instance, Duration ttl) {
		Instance own = instance.withFence(current.own().fence());
		Registration next = new Registration(own, ttl, current.token(), this.time.nanos() + ttl.toNanos(), 0,
				current.changed());
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
				renewed(key, current.renewed(this.time.nanos()));
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
			registerAgain(key, current, current.own().withStatus(status).withSuspect(false), current.ttl());
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

	private void renewed(InstanceKey key, Registration renewed) {
		if (renewed.own().suspect()) {
			put(key, renewed.doubted(false, 0));
		}
		else {
			this.registrations.put(key, renewed);
		}
	}

	synchronized Sweep evict(EvictionRules rules) {
		long now = this.time.nanos();
		MemorySweep.Decision decision = this.sweep.decide(List.copyOf(this.registrations.values()), rules, now);
		decision.evicted().forEach((gone) -> remove(keyOf(gone.incarnation()), Departure.EXPIRED));
		decision.suspected().forEach((suspect) -> put(keyOf(suspect.incarnation()), suspect.doubted(true, now)));
		long sum = this.registrations.values().stream().mapToLong((one) -> one.changed().revision()).sum();
		return new Sweep(decision.evicted().stream().map(Registration::incarnation).toList(),
				decision.suspected().stream().map(Registration::incarnation).toList(), decision.guards(),
				new Digest(this.cursor, this.registrations.size(), sum));
	}

	synchronized boolean doubt(Incarnation who, boolean doubted) {
		Registration current = this.registrations.get(keyOf(who));
		long now = this.time.nanos();
		if (current == null || !current.incarnation().equals(who) || current.own().suspect() == doubted
				|| (!doubted && current.isOverdue(now))) {
			return false;
		}
		put(keyOf(who), current.doubted(doubted, now));
		return true;
	}

	synchronized boolean evictRefused(Incarnation who, EvictionRules rules) {
		Registration current = this.registrations.get(keyOf(who));
		long now = this.time.nanos();
		if (current == null || !current.incarnation().equals(who) || !current.own().suspect()
				|| !this.sweep.mayEvict(rules, now)) {
			return false;
		}
		this.sweep.evicted(current, now);
		remove(keyOf(who), Departure.REFUSED);
		return true;
	}

	private static InstanceKey keyOf(Incarnation who) {
		return new InstanceKey(who.service(), who.id());
	}

	synchronized boolean everRegistered() {
		return this.lastFence != 0;
	}

	synchronized FeedEvent.Reset reset() {
		List<StoredInstance> instances = new ArrayList<>(this.registrations.size());
		this.registrations.forEach((key, registration) -> instances.add(stored(key, registration)));
		long incomplete = Math.max(0, this.completeAt - this.time.nanos());
		return new FeedEvent.Reset(this.cursor, List.copyOf(instances), Duration.ofNanos(incomplete), Duration.ZERO);
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
		Cursor next = this.cursor.at(this.cursor.revision() + 1);
		Registration changed = registration.changedAt(next);
		this.registrations.put(key, changed);
		publish(new FeedEvent.Changed(next, key.service(), key.id(), stored(key, changed), null));
	}

	private void remove(InstanceKey key, Departure reason) {
		this.registrations.remove(key);
		Cursor next = this.cursor.at(this.cursor.revision() + 1);
		publish(new FeedEvent.Changed(next, key.service(), key.id(), null, reason));
	}

	private void publish(FeedEvent event) {
		this.cursor = event.cursor();
		this.followers.forEach((follower) -> follower.offer(event));
	}

	private StoredInstance stored(InstanceKey key, Registration held) {
		return new StoredInstance(held.own(), this.overrides.get(key), held.ttl(), held.token(), held.changed());
	}

	private record Tombstone(InstanceKey key, long fence) {
	}

}
