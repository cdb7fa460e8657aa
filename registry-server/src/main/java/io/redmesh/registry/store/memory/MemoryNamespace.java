package io.redmesh.registry.store.memory;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import io.redmesh.core.instance.Instance;
import io.redmesh.core.instance.Status;
import io.redmesh.core.registry.Cursor;
import io.redmesh.core.time.Time;
import io.redmesh.registry.store.Claim;
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
import io.redmesh.registry.store.Remembered;
import io.redmesh.registry.store.RenewResult;
import io.redmesh.registry.store.Restored;
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

	private final Time time;

	private final LeaseTokens tokens;

	private final Holdings holdings;

	private final Tombstones tombstones = new Tombstones();

	private final List<MemoryFollower> followers = new CopyOnWriteArrayList<>();

	private long lastFence;

	private final MemorySweep sweep;

	MemoryNamespace(Time time, LeaseTokens tokens, Cursor origin, long startNanos) {
		this.time = time;
		this.tokens = tokens;
		this.holdings = new Holdings(origin, (event) -> this.followers.forEach((follower) -> follower.offer(event)));
		this.sweep = new MemorySweep(time.nanos(), startNanos);
	}

	synchronized RegisterResult register(Instance instance, Duration ttl, Claim claim) {
		InstanceKey key = new InstanceKey(instance.service(), instance.id());
		Registration current = this.holdings.find(key);
		String token = claim.token();
		if (current != null && (current.token().equals(token)
				|| LeaseTokens.secretOf(current.token()).equals(claim.incarnation()))) {
			return registerAgain(key, current, instance, ttl);
		}
		long shown = (token != null) ? LeaseTokens.fenceOf(token) : 0;
		if (token != null && isFenced(key, current, shown)) {
			return new RegisterResult(Outcome.SUPERSEDED, null, this.holdings.cursor());
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
				LeaseTokens.token(this.lastFence, secret), this.time.nanos() + ttl.toNanos(), 0,
				this.holdings.cursor());
		this.holdings.put(key, next);
		return new RegisterResult((current != null) ? Outcome.TAKEN_OVER : Outcome.CREATED, next.lease(),
				this.holdings.cursor());
	}

	private RegisterResult registerAgain(InstanceKey key, Registration current, Instance instance, Duration ttl) {
		Instance own = instance.withFence(current.own().fence());
		Registration next = new Registration(own, ttl, current.token(), this.time.nanos() + ttl.toNanos(), 0,
				current.changed());
		if (own.equals(current.own())) {
			this.holdings.keep(key, next);
			return new RegisterResult(Outcome.RENEWED, next.lease(), this.holdings.cursor());
		}
		this.holdings.put(key, next);
		return new RegisterResult(Outcome.UPDATED, next.lease(), this.holdings.cursor());
	}

	synchronized RenewResult renew(List<LeaseKey> leases) {
		List<LeaseState> states = new ArrayList<>(leases.size());
		for (LeaseKey lease : leases) {
			InstanceKey key = new InstanceKey(lease.service(), lease.id());
			Registration current = this.holdings.find(key);
			LeaseState state = stateOf(key, current, lease.token());
			if (current != null && state == LeaseState.HELD) {
				renewed(key, current.renewed(this.time.nanos()));
			}
			states.add(state);
		}
		return new RenewResult(List.copyOf(states), this.holdings.cursor());
	}

	synchronized WriteResult deregister(LeaseKey lease) {
		InstanceKey key = new InstanceKey(lease.service(), lease.id());
		Registration current = this.holdings.find(key);
		if (current == null) {
			return new WriteResult(LeaseState.UNKNOWN, this.holdings.cursor());
		}
		if (!current.token().equals(lease.token())) {
			return new WriteResult(LeaseState.SUPERSEDED, this.holdings.cursor());
		}
		bury(key, current.own().fence());
		this.holdings.remove(key, Departure.DEREGISTERED);
		return new WriteResult(LeaseState.HELD, this.holdings.cursor());
	}

	synchronized WriteResult status(LeaseKey lease, Status status) {
		InstanceKey key = new InstanceKey(lease.service(), lease.id());
		Registration current = this.holdings.find(key);
		LeaseState state = stateOf(key, current, lease.token());
		if (current != null && state == LeaseState.HELD) {
			registerAgain(key, current, current.own().withStatus(status).withSuspect(false), current.ttl());
		}
		return new WriteResult(state, this.holdings.cursor());
	}

	synchronized WriteResult override(InstanceKey key, @Nullable InstanceOverride override) {
		Registration current = this.holdings.find(key);
		InstanceOverride before = this.holdings.override(key);
		if (current == null && before == null) {
			return new WriteResult(LeaseState.UNKNOWN, this.holdings.cursor());
		}
		boolean same = (override != null) ? override.equals(before) : before == null;
		this.holdings.override(key, override);
		if (current != null && !same) {
			this.holdings.put(key, current);
		}
		return new WriteResult(LeaseState.HELD, this.holdings.cursor());
	}

	private void renewed(InstanceKey key, Registration renewed) {
		if (renewed.own().suspect()) {
			this.holdings.put(key, renewed.doubted(false, 0));
		}
		else {
			this.holdings.keep(key, renewed);
		}
	}

	synchronized Sweep evict(EvictionRules rules) {
		long now = this.time.nanos();
		MemorySweep.Decision decision = this.sweep.decide(this.holdings.all(), rules, now);
		decision.evicted().forEach((gone) -> this.holdings.remove(keyOf(gone.incarnation()), Departure.EXPIRED));
		decision.suspected()
			.forEach((suspect) -> this.holdings.put(keyOf(suspect.incarnation()), suspect.doubted(true, now)));
		return new Sweep(decision.evicted().stream().map(Registration::incarnation).toList(),
				decision.suspected().stream().map(Registration::incarnation).toList(), decision.guards(),
				this.holdings.digest());
	}

	synchronized boolean doubt(Incarnation who, boolean doubted) {
		Registration current = this.holdings.find(keyOf(who));
		long now = this.time.nanos();
		if (current == null || !current.incarnation().equals(who) || current.own().suspect() == doubted
				|| (!doubted && current.isOverdue(now))) {
			return false;
		}
		this.holdings.put(keyOf(who), current.doubted(doubted, now));
		return true;
	}

	synchronized boolean evictRefused(Incarnation who, EvictionRules rules) {
		Registration current = this.holdings.find(keyOf(who));
		long now = this.time.nanos();
		if (current == null || !current.incarnation().equals(who) || !current.own().suspect()
				|| !this.sweep.mayEvict(rules, now)) {
			return false;
		}
		this.sweep.evicted(current, now);
		this.holdings.remove(keyOf(who), Departure.REFUSED);
		return true;
	}

	private static InstanceKey keyOf(Incarnation who) {
		return new InstanceKey(who.service(), who.id());
	}

	synchronized Restored restore(Cursor epoch, List<Remembered> remembered) {
		int held = 0;
		int left = 0;
		for (Remembered one : remembered) {
			if (!this.holdings.cursor().sameEpoch(epoch)) {
				break;
			}
			if (one instanceof Remembered.Left gone) {
				left += removeAgain(gone) ? 1 : 0;
			}
			else if (one instanceof Remembered.Held there) {
				held += putBack(there.instance()) ? 1 : 0;
			}
		}
		return new Restored(held, left);
	}

	private boolean removeAgain(Remembered.Left gone) {
		Registration current = this.holdings.find(keyOf(gone.incarnation()));
		boolean older = current != null && current.incarnation().equals(gone.incarnation())
				&& current.changed().isBefore(gone.changed());
		if (current == null || older) {
			bury(keyOf(gone.incarnation()), gone.incarnation().fence());
		}
		if (older) {
			this.holdings.remove(keyOf(gone.incarnation()), Departure.DEREGISTERED);
		}
		return older;
	}

	private boolean putBack(StoredInstance there) {
		InstanceKey key = keyOf(Incarnation.of(there));
		Registration current = this.holdings.find(key);
		long fence = there.own().fence();
		if (this.tombstones.contains(key, fence) || (current != null
				&& (current.own().fence() > fence || !current.changed().isBefore(there.changed())))) {
			return false;
		}
		this.holdings.override(key, there.override());
		this.lastFence = Math.max(this.lastFence, fence);
		this.holdings.put(key, new Registration(there.own().withSuspect(false), there.ttl(), there.token(),
				this.time.nanos() + there.ttl().toNanos(), 0, there.changed()));
		return true;
	}

	synchronized boolean everRegistered() {
		return this.lastFence != 0;
	}

	synchronized FeedEvent.Reset reset() {
		long incomplete = this.sweep.incompleteFor(this.time.nanos());
		return new FeedEvent.Reset(this.holdings.cursor(), this.holdings.instances(), Duration.ofNanos(incomplete),
				Duration.ZERO);
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
		return (current != null && fence < current.own().fence()) || this.tombstones.contains(key, fence);
	}

	private void bury(InstanceKey key, long fence) {
		this.tombstones.bury(key, fence, this.time.nanos());
	}

}
