package io.redmesh.registry.store.memory;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

import io.redmesh.core.registry.Lease;
import io.redmesh.registry.store.EvictionRules;
import io.redmesh.registry.store.Guard;
import io.redmesh.registry.store.Guard.Kind;
import org.jspecify.annotations.Nullable;

/**
 * The decision which instances to evict, as {@code evict.lua} makes it on Redis. It
 * remembers recent evictions. Confined to its namespace's monitor.
 */
final class MemorySweep {

	private static final long WINDOW = Duration.ofSeconds(60).toNanos();

	private static final long GAP = Duration.ofSeconds(3).toNanos();

	private static final long TTL = Lease.DEFAULT_TTL.toNanos();

	private static final long SECOND = Duration.ofSeconds(1).toNanos();

	private final Deque<Gone> gone = new ArrayDeque<>();

	private long lastSweep;

	private long graceFrom;

	private long began;

	MemorySweep(long now, long began) {
		this.lastSweep = now;
		this.graceFrom = began;
		this.began = began;
	}

	/**
	 * Returns how long instances from before this history may still be missing.
	 * @param now the monotonic time
	 * @return nanoseconds; time in which no server swept does not count
	 */
	long incompleteFor(long now) {
		long from = (wasAway(now) && this.lastSweep - this.began < TTL) ? now : this.began;
		return Math.max(0, from + TTL - now);
	}

	private boolean wasAway(long now) {
		return now - this.lastSweep > GAP;
	}

	/**
	 * Decides which instances to evict, and which to make suspects.
	 * @param all all registrations
	 * @param rules the limits
	 * @param now the monotonic time
	 * @return the decision
	 */
	Decision decide(Collection<Registration> all, EvictionRules rules, long now) {
		if (wasAway(now)) {
			this.began = now - (TTL - incompleteFor(now));
			this.graceFrom = now;
		}
		this.lastSweep = now;
		while (!this.gone.isEmpty() && now - this.gone.peekFirst().at >= WINDOW) {
			this.gone.removeFirst();
		}
		Decision decision = new Decision(new ArrayList<>(), new ArrayList<>(), new TreeSet<>());
		if (now - this.graceFrom < TTL) {
			decision.guards.add(Guard.GRACE);
		}
		Shares shares = new Shares(all, now);
		all.stream()
			.filter((one) -> one.isExpired(now) && !one.hasGrace(now, this.graceFrom))
			.sorted(Comparator.comparingLong((one) -> one.expiresAt() - now))
			.forEach((one) -> decide(one, shares, rules, now, decision));
		return decision;
	}

	private void decide(Registration one, Shares shares, EvictionRules rules, long now, Decision decision) {
		Guard guard = shares.guardOf(one.own().service());
		boolean patient = !rules.patience().isZero()
				&& (!one.own().suspect() || now - one.suspectSince() < rules.patience().toNanos());
		if (guard != null && patient) {
			decision.guards.add(guard);
			if (!one.own().suspect()) {
				decision.suspected.add(one);
			}
		}
		else if (mayEvict(rules, now)) {
			shares.noteEviction(one.own().service());
			evicted(one, now);
			decision.evicted.add(one);
		}
		else {
			decision.guards.add(new Guard(Kind.RATE, null));
		}
	}

	boolean mayEvict(EvictionRules rules, long now) {
		return this.gone.stream().filter((one) -> now - one.at < SECOND).count() < rules.perSecond();
	}

	void evicted(Registration one, long now) {
		this.gone.addLast(new Gone(one.own().service(), now));
	}

	private record Gone(String service, long at) {

	}

	/**
	 * The result of a decision: what to evict, what to make a suspect, and the guards
	 * that hold.
	 */
	record Decision(List<Registration> evicted, List<Registration> suspected, SortedSet<Guard> guards) {

	}

	/** The shares of the namespace, and of each service, that would be evicted. */
	private final class Shares {

		private final Map<String, Integer> count = new HashMap<>();

		private final Map<String, Integer> overdue = new HashMap<>();

		private final Map<String, Integer> lately = new HashMap<>();

		private final Set<String> guarded = new HashSet<>();

		private final boolean many;

		Shares(Collection<Registration> all, long now) {
			int risk = MemorySweep.this.gone.size();
			for (Registration one : all) {
				this.count.merge(one.own().service(), 1, Integer::sum);
				if (one.own().suspect() || (one.isOverdue(now) && !one.hasGrace(now, MemorySweep.this.graceFrom))) {
					this.overdue.merge(one.own().service(), 1, Integer::sum);
					risk++;
				}
			}
			MemorySweep.this.gone.forEach((one) -> this.lately.merge(one.service, 1, Integer::sum));
			this.count.forEach((service, left) -> {
				int before = this.lately.getOrDefault(service, 0);
				int gone = this.overdue.getOrDefault(service, 0) + before;
				if (gone >= 3 && gone * 2 > left + before) {
					this.guarded.add(service);
				}
			});
			this.many = risk >= 10 && risk * 5 > all.size() + MemorySweep.this.gone.size();
		}

		@Nullable Guard guardOf(String service) {
			if (this.many) {
				return new Guard(Kind.NAMESPACE, null);
			}
			if (this.guarded.contains(service)) {
				return new Guard(Kind.SERVICE, service);
			}
			return (this.count.getOrDefault(service, 0) <= 1) ? new Guard(Kind.LAST, service) : null;
		}

		void noteEviction(String service) {
			this.count.merge(service, -1, Integer::sum);
		}

	}

}
