package io.redmesh.registry.store.model;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

import io.redmesh.registry.store.InstanceOverride;
import io.redmesh.registry.store.LeaseState;
import io.redmesh.registry.store.LoadResult;
import io.redmesh.registry.store.RegisterResult.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * An oracle of a store: the rules of {@code docs/reference/rest.md} as a program that is
 * as short as possible. It covers one namespace from its beginning, and counts time in
 * seconds. The store draws fences and tokens; the oracle only says when new ones are due.
 */
final class StoreOracle {

	private static final long TOMBSTONE_SECONDS = 600;

	private static final long MAX_SWEEP_GAP_SECONDS = 3;

	private static final long MADE_UP = 999_999_999_999_999L;

	final Map<String, Held> instances = new TreeMap<>();

	final Map<String, InstanceOverride> overrides = new HashMap<>();

	/** The changes that followers must receive, in order; the first is revision 1. */
	final List<String> feed = new ArrayList<>();

	private final Map<String, Long> tombstones = new HashMap<>();

	/** The second in which an instance was last removed, by name. */
	private final Map<String, Long> left = new HashMap<>();

	/** The second in which an override was last removed, by name. */
	private final Map<String, Long> unset = new HashMap<>();

	private long now;

	private long lastSweep;

	private long graceFrom;

	/**
	 * A registered instance.
	 *
	 * @param fence the fence of its incarnation
	 * @param token the token of its lease, empty after a backup until a client shows one
	 * @param secret the secret that identifies it without its token, or null
	 * @param weight its weight
	 * @param status its status
	 * @param ttl its TTL in seconds
	 * @param expires the second in which its lease ends
	 */
	record Held(long fence, String token, @Nullable String secret, int weight, String status, long ttl, long expires) {

	}

	Outcome register(String name, @Nullable String token, @Nullable String secret, int weight, long ttl) {
		Held held = (token != null) ? held(name, token) : null;
		Held current = (held != null) ? held : this.instances.get(name);
		if (current != null && (held != null || (secret != null && secret.equals(current.secret)))) {
			boolean changed = current.weight != weight || !current.status.equals("UP") || isUnclaimed(name);
			put(name, new Held(current.fence, current.token, current.secret, weight, "UP", ttl, this.now + ttl),
					changed);
			return changed ? Outcome.UPDATED : Outcome.RENEWED;
		}
		if (token != null && isEnded(name, token)) {
			return Outcome.SUPERSEDED;
		}
		return (current != null) ? Outcome.TAKEN_OVER : Outcome.CREATED;
	}

	/** Records the lease that the store has granted to a newcomer. */
	void granted(String name, String token, @Nullable String secret, int weight, long ttl) {
		Held current = this.instances.get(name);
		if (current != null) {
			bury(name, current.fence);
		}
		put(name, new Held(fenceOf(token), token, secret, weight, "UP", ttl, this.now + ttl), true);
	}

	LeaseState renew(String name, String token) {
		Held held = held(name, token);
		if (held != null) {
			put(name, prolonged(held, held.status), isUnclaimed(name));
			return LeaseState.HELD;
		}
		return isEnded(name, token) ? LeaseState.SUPERSEDED : LeaseState.UNKNOWN;
	}

	LeaseState status(String name, String token, String status) {
		Held held = held(name, token);
		if (held == null) {
			return isEnded(name, token) ? LeaseState.SUPERSEDED : LeaseState.UNKNOWN;
		}
		put(name, prolonged(held, status), !held.status.equals(status) || isUnclaimed(name));
		return LeaseState.HELD;
	}

	LeaseState deregister(String name, String token) {
		Held current = this.instances.get(name);
		if (current == null) {
			return LeaseState.UNKNOWN;
		}
		Held held = held(name, token);
		if (held == null) {
			return LeaseState.SUPERSEDED;
		}
		bury(name, held.fence);
		remove(name, "DEREGISTERED");
		return LeaseState.HELD;
	}

	LeaseState override(String name, @Nullable InstanceOverride override) {
		Held current = this.instances.get(name);
		InstanceOverride before = this.overrides.get(name);
		if (current == null && before == null) {
			return LeaseState.UNKNOWN;
		}
		if (override != null) {
			this.overrides.put(name, override);
		}
		else {
			if (before != null) {
				this.unset.put(name, this.now);
			}
			this.overrides.remove(name);
		}
		if (current != null) {
			put(name, current, !Objects.equals(before, override));
		}
		return LeaseState.HELD;
	}

	/**
	 * Loads one line of a backup.
	 * @param fence the fence of the instance, or -1 if there is only an override
	 */
	LoadResult load(String name, long fence, int weight, long ttl, @Nullable InstanceOverride override) {
		Held current = this.instances.get(name);
		boolean overrides = override != null && !this.overrides.containsKey(name) && !isRecent(this.unset.get(name));
		if (overrides) {
			this.overrides.put(name, override);
			if (current != null) {
				put(name, current, true);
			}
		}
		boolean restores = fence >= 0 && current == null && !isRecent(this.left.get(name))
				&& !isRecent(this.tombstones.get(name + "#" + fence));
		if (restores) {
			put(name, new Held(fence, "", null, weight, "UP", ttl, this.now + ttl), true);
		}
		return new LoadResult(restores ? 1 : 0, overrides ? 1 : 0);
	}

	/**
	 * Returns the instance if the token holds it, or null. An instance from a backup is
	 * held by the first token whose fence is not older.
	 */
	private @Nullable Held held(String name, String token) {
		Held current = this.instances.get(name);
		if (current == null || current.token.equals(token)) {
			return current;
		}
		long fence = fenceOf(token);
		return (isUnclaimed(name) && fence >= current.fence && fence > 0 && fence < MADE_UP)
				? new Held(fence, token, current.secret, current.weight, current.status, current.ttl, current.expires)
				: null;
	}

	private boolean isUnclaimed(String name) {
		Held current = this.instances.get(name);
		return current != null && current.token.isEmpty();
	}

	private boolean isRecent(@Nullable Long when) {
		return when != null && this.now - when <= TOMBSTONE_SECONDS;
	}

	/** Returns the names of the instances to evict, the earliest end of a lease first. */
	List<String> evict() {
		if (this.now - this.lastSweep > MAX_SWEEP_GAP_SECONDS) {
			this.graceFrom = this.now;
		}
		this.lastSweep = this.now;
		List<String> evicted = this.instances.entrySet()
			.stream()
			.filter((entry) -> entry.getValue().expires <= this.now
					&& this.graceFrom + entry.getValue().ttl <= this.now)
			.sorted(Comparator.comparingLong((entry) -> entry.getValue().expires))
			.map(Map.Entry::getKey)
			.toList();
		return evicted;
	}

	/** Records that the store has evicted an instance. */
	void evicted(String name) {
		remove(name, "EXPIRED");
	}

	void pass(long seconds) {
		this.now += seconds;
	}

	private Held prolonged(Held held, String status) {
		return new Held(held.fence, held.token, held.secret, held.weight, status, held.ttl, this.now + held.ttl);
	}

	private void put(String name, Held held, boolean visible) {
		this.instances.put(name, held);
		if (visible) {
			this.feed.add(describe(name, held, this.overrides.get(name)));
		}
	}

	private void remove(String name, String reason) {
		this.left.put(name, this.now);
		this.instances.remove(name);
		this.feed.add(name + " " + reason);
	}

	static String describe(String name, Held held, @Nullable InstanceOverride override) {
		return "%s#%d %s %d %s".formatted(name, held.fence, held.status, held.weight, override);
	}

	private void bury(String name, long fence) {
		this.tombstones.put(name + "#" + fence, this.now);
	}

	/**
	 * Tells whether a newer incarnation holds the id, or whether this one has
	 * deregistered or was taken over.
	 */
	private boolean isEnded(String name, String token) {
		Held current = this.instances.get(name);
		long fence = fenceOf(token);
		Long buried = this.tombstones.get(name + "#" + fence);
		return (current != null && fence < current.fence) || (buried != null && this.now - buried <= TOMBSTONE_SECONDS);
	}

	static long fenceOf(String token) {
		return Long.parseLong(token.substring(0, token.indexOf('-')));
	}

}
