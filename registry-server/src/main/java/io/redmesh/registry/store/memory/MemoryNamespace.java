package io.redmesh.registry.store.memory;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

import io.redmesh.core.instance.Instance;
import io.redmesh.core.instance.Status;
import io.redmesh.core.registry.Cursor;
import io.redmesh.core.time.Time;
import io.redmesh.core.traffic.RuleKey;
import io.redmesh.registry.store.Backup;
import io.redmesh.registry.store.Claim;
import io.redmesh.registry.store.EvictionRules;
import io.redmesh.registry.store.FeedEvent;
import io.redmesh.registry.store.FeedEvent.Departure;
import io.redmesh.registry.store.Incarnation;
import io.redmesh.registry.store.InstanceOverride;
import io.redmesh.registry.store.LeaseKey;
import io.redmesh.registry.store.LeaseState;
import io.redmesh.registry.store.LeaseTokens;
import io.redmesh.registry.store.LoadResult;
import io.redmesh.registry.store.OverrideEntry;
import io.redmesh.registry.store.RegisterResult;
import io.redmesh.registry.store.RegisterResult.Outcome;
import io.redmesh.registry.store.Remembered;
import io.redmesh.registry.store.RenewResult;
import io.redmesh.registry.store.Restored;
import io.redmesh.registry.store.RestoredRules;
import io.redmesh.registry.store.RuleReport;
import io.redmesh.registry.store.RuleResult;
import io.redmesh.registry.store.RuleVersion;
import io.redmesh.registry.store.RuleWrite;
import io.redmesh.registry.store.StoredRule;
import io.redmesh.registry.store.StoredRules;
import io.redmesh.registry.store.Sweep;
import io.redmesh.registry.store.WriteResult;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

/**
 * A namespace as a state machine: each synchronized method is one transition. Followers
 * get its events afterwards by {@link #deliver()}, outside of the monitor, so that they
 * can neither hold up nor re-enter a transition.
 */
final class MemoryNamespace {

	private final Time time;

	private final LeaseTokens tokens;

	private final NamespaceState state;

	private final Tombstones tombstones = new Tombstones();

	private final List<MemoryFollower> followers = new CopyOnWriteArrayList<>();

	private final Fences fences;

	private final StateRestorer restorer;

	private final MemorySweep sweep;

	private final MemoryRules rules;

	private final Map<InstanceKey, RuleReport> ruleReports = new HashMap<>();

	MemoryNamespace(Time time, LeaseTokens tokens, Cursor origin, long startNanos) {
		this.time = time;
		this.tokens = tokens;
		this.state = new NamespaceState(origin, (event) -> this.followers.forEach((follower) -> follower.offer(event)));
		this.fences = new Fences(time);
		this.restorer = new StateRestorer(this.state, this.tombstones, this.fences, time);
		this.sweep = new MemorySweep(time.nanos(), startNanos);
		this.rules = new MemoryRules(this.state, this.fences, time);
	}

	synchronized RegisterResult register(Instance instance, Duration ttl, Claim claim) {
		InstanceKey key = new InstanceKey(instance.service(), instance.id());
		Registration current = this.state.find(key);
		String token = claim.token();
		Registration held = (token != null) ? held(current, token) : null;
		if (held == null && current != null && LeaseTokens.secretOf(current.token()).equals(claim.incarnation())) {
			held = current;
		}
		if (held != null) {
			return registerAgain(key, held, instance, ttl);
		}
		long shown = (token != null) ? LeaseTokens.fenceOf(token) : 0;
		if (token != null && isFenced(key, current, shown)) {
			return new RegisterResult(Outcome.SUPERSEDED, null, this.state.cursor());
		}
		if (current != null) {
			bury(key, current.own().fence());
		}
		long fence = this.fences.next(shown);
		String secret = (claim.incarnation() != null) ? claim.incarnation() : this.tokens.secret();
		Registration next = new Registration(instance.withFence(fence), ttl, LeaseTokens.token(fence, secret),
				this.time.nanos() + ttl.toNanos(), 0, this.state.cursor());
		this.state.put(key, next);
		return new RegisterResult((current != null) ? Outcome.TAKEN_OVER : Outcome.CREATED, next.lease(),
				this.state.cursor());
	}

	/**
	 * Returns the registration whose lease a token holds. A registration from a backup
	 * has no token yet, and takes the first token that is not older.
	 */
	private @Nullable Registration held(@Nullable Registration current, String token) {
		if (current == null || current.token().equals(token)) {
			return current;
		}
		long fence = LeaseTokens.isWellFormed(token) ? this.fences.credible(LeaseTokens.fenceOf(token)) : 0;
		if (!current.token().isEmpty() || fence == 0 || fence < current.own().fence()) {
			return null;
		}
		this.fences.atLeast(fence);
		return current.withToken(token, fence);
	}

	private RegisterResult registerAgain(InstanceKey key, Registration current, Instance instance, Duration ttl) {
		Instance own = instance.withFence(current.own().fence());
		Registration next = new Registration(own, ttl, current.token(), this.time.nanos() + ttl.toNanos(), 0,
				current.changed());
		if (own.equals(current.own()) && !isUnclaimed(key)) {
			this.state.keep(key, next);
			return new RegisterResult(Outcome.RENEWED, next.lease(), this.state.cursor());
		}
		this.state.put(key, next);
		return new RegisterResult(Outcome.UPDATED, next.lease(), this.state.cursor());
	}

	synchronized RenewResult renew(List<LeaseKey> leases) {
		List<LeaseState> states = new ArrayList<>(leases.size());
		for (LeaseKey lease : leases) {
			InstanceKey key = new InstanceKey(lease.service(), lease.id());
			Registration current = this.state.find(key);
			Registration held = held(current, lease.token());
			if (held != null) {
				renewed(key, held.renewed(this.time.nanos()));
			}
			states.add((held != null) ? LeaseState.HELD : refusal(key, current, lease.token()));
		}
		return new RenewResult(List.copyOf(states), this.state.cursor());
	}

	synchronized WriteResult deregister(LeaseKey lease, Duration age) {
		InstanceKey key = new InstanceKey(lease.service(), lease.id());
		Registration current = this.state.find(key);
		if (current == null) {
			return new WriteResult(LeaseState.UNKNOWN, this.state.cursor());
		}
		Registration held = held(current, lease.token());
		if (held == null) {
			return new WriteResult(LeaseState.SUPERSEDED, this.state.cursor());
		}
		if (!age.isZero() && held.isRenewedWithin(age, this.time.nanos())) {
			return new WriteResult(LeaseState.UNKNOWN, this.state.cursor());
		}
		bury(key, held.own().fence());
		remove(held.incarnation(), Departure.DEREGISTERED);
		return new WriteResult(LeaseState.HELD, this.state.cursor());
	}

	synchronized WriteResult status(LeaseKey lease, Status status) {
		InstanceKey key = new InstanceKey(lease.service(), lease.id());
		Registration current = this.state.find(key);
		Registration held = held(current, lease.token());
		if (held == null) {
			return new WriteResult(refusal(key, current, lease.token()), this.state.cursor());
		}
		registerAgain(key, held, held.own().withStatus(status).withSuspect(false), held.ttl());
		return new WriteResult(LeaseState.HELD, this.state.cursor());
	}

	synchronized WriteResult override(InstanceKey key, @Nullable InstanceOverride override) {
		Registration current = this.state.find(key);
		InstanceOverride before = this.state.override(key);
		if (current == null && before == null) {
			return new WriteResult(LeaseState.UNKNOWN, this.state.cursor());
		}
		boolean same = (override != null) ? override.equals(before) : before == null;
		this.state.override(key, override);
		if (override == null && before != null) {
			this.tombstones.depart(key, Tombstones.OVERRIDE, this.time.nanos());
		}
		if (current != null && !same) {
			this.state.put(key, current);
		}
		return new WriteResult(LeaseState.HELD, this.state.cursor());
	}

	private boolean isUnclaimed(InstanceKey key) {
		Registration known = this.state.find(key);
		return known != null && known.token().isEmpty();
	}

	private void renewed(InstanceKey key, Registration renewed) {
		if (renewed.own().suspect() || isUnclaimed(key)) {
			this.state.put(key, renewed.withSuspect(false, 0));
		}
		else {
			this.state.keep(key, renewed);
		}
	}

	synchronized Sweep evict(EvictionRules rules) {
		long now = this.time.nanos();
		MemorySweep.Decision decision = this.sweep.decide(this.state.all(), rules, now);
		decision.evicted().forEach((gone) -> remove(gone.incarnation(), Departure.EXPIRED));
		decision.suspected()
			.forEach((suspect) -> this.state.put(keyOf(suspect.incarnation()), suspect.withSuspect(true, now)));
		return new Sweep(decision.evicted().stream().map(Registration::incarnation).toList(),
				decision.suspected().stream().map(Registration::incarnation).toList(), decision.guards(),
				this.rules.addTo(this.state.digest()));
	}

	synchronized boolean setSuspect(Incarnation incarnation, boolean suspect) {
		Registration current = this.state.find(keyOf(incarnation));
		long now = this.time.nanos();
		if (current == null || !current.incarnation().equals(incarnation) || current.own().suspect() == suspect
				|| (!suspect && current.isOverdue(now))) {
			return false;
		}
		this.state.put(keyOf(incarnation), current.withSuspect(suspect, now));
		return true;
	}

	synchronized boolean evictRefused(Incarnation incarnation, EvictionRules rules) {
		Registration current = this.state.find(keyOf(incarnation));
		long now = this.time.nanos();
		if (current == null || !current.incarnation().equals(incarnation) || !current.own().suspect()
				|| !this.sweep.mayEvict(rules, now)) {
			return false;
		}
		this.sweep.evicted(current, now);
		remove(incarnation, Departure.REFUSED);
		return true;
	}

	private void remove(Incarnation gone, Departure reason) {
		this.tombstones.depart(keyOf(gone), Math.max(gone.fence(), this.time.now().toEpochMilli()), this.time.nanos());
		this.state.remove(keyOf(gone), reason);
		this.ruleReports.remove(keyOf(gone));
	}

	static InstanceKey keyOf(Incarnation incarnation) {
		return new InstanceKey(incarnation.service(), incarnation.id());
	}

	synchronized Restored restore(Cursor epoch, List<Remembered> remembered) {
		return this.restorer.restore(epoch, remembered);
	}

	synchronized LoadResult load(List<Backup> backups) {
		return this.restorer.load(backups);
	}

	synchronized List<OverrideEntry> overrides() {
		return this.state.overrides();
	}

	synchronized RuleResult write(RuleWrite write) {
		return this.rules.write(write);
	}

	synchronized List<RuleVersion> history(RuleKey key) {
		return this.rules.history(key);
	}

	synchronized WriteResult report(LeaseKey lease, String revision) {
		InstanceKey key = new InstanceKey(lease.service(), lease.id());
		Registration current = this.state.find(key);
		if (held(current, lease.token()) == null) {
			return new WriteResult(refusal(key, current, lease.token()), this.state.cursor());
		}
		this.ruleReports.put(key, new RuleReport(lease.service(), lease.id(), revision));
		return new WriteResult(LeaseState.HELD, this.state.cursor());
	}

	synchronized List<RuleReport> ruleReports() {
		return List.copyOf(this.ruleReports.values());
	}

	synchronized RestoredRules restore(StoredRules remembered) {
		return this.rules.restore(remembered);
	}

	synchronized int addMissing(StoredRules known, List<StoredRule> backup) {
		return this.rules.addMissing(known, backup);
	}

	synchronized boolean isOccupied() {
		return !this.state.isEmpty();
	}

	synchronized boolean isForgettable() {
		return this.state.isEmpty() && this.state.overrides().isEmpty() && this.rules.isEmpty()
				&& this.tombstones.isEmpty(this.time.nanos());
	}

	boolean isFollowed() {
		return !this.followers.isEmpty();
	}

	synchronized boolean wasEverWritten() {
		return this.fences.areInUse() || this.rules.areInUse();
	}

	synchronized FeedEvent.Reset reset() {
		long incomplete = this.sweep.incompleteFor(this.time.nanos());
		return new FeedEvent.Reset(this.state.cursor(), this.state.instances(), this.rules.all(),
				Duration.ofNanos(incomplete), Duration.ZERO);
	}

	Flux<FeedEvent> follow() {
		return Flux.create((sink) -> {
			MemoryFollower follower = new MemoryFollower(this, sink);
			this.followers.add(follower);
			sink.onDispose(() -> this.followers.remove(follower));
			sink.onRequest((requested) -> follower.drain());
		});
	}

	/** Passes the events to the followers. To be called without the monitor. */
	void deliver() {
		this.followers.forEach(MemoryFollower::drain);
	}

	private LeaseState refusal(InstanceKey key, @Nullable Registration current, String token) {
		return isFenced(key, current, LeaseTokens.fenceOf(token)) ? LeaseState.SUPERSEDED : LeaseState.UNKNOWN;
	}

	private boolean isFenced(InstanceKey key, @Nullable Registration current, long fence) {
		return (current != null && fence < current.own().fence())
				|| this.tombstones.contains(key, fence, this.time.nanos());
	}

	private void bury(InstanceKey key, long fence) {
		this.tombstones.bury(key, fence, this.time.nanos());
	}

}
