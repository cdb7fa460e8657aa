package io.redmesh.registry.store.memory;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import io.redmesh.core.registry.Cursor;
import io.redmesh.core.traffic.RuleKey;
import io.redmesh.registry.store.Digest;
import io.redmesh.registry.store.FeedEvent;
import io.redmesh.registry.store.FeedEvent.Departure;
import io.redmesh.registry.store.InstanceOverride;
import io.redmesh.registry.store.OverrideEntry;
import io.redmesh.registry.store.RuleVersion;
import io.redmesh.registry.store.StoredInstance;
import org.jspecify.annotations.Nullable;

/**
 * The content of a namespace. Each visible change increments the revision and enters the
 * feed. Confined to its namespace's monitor.
 */
final class NamespaceState {

	private final Map<InstanceKey, Registration> registrations = new HashMap<>();

	private final Map<InstanceKey, InstanceOverride> overrides = new HashMap<>();

	private final Consumer<FeedEvent> feed;

	private Cursor cursor;

	NamespaceState(Cursor origin, Consumer<FeedEvent> feed) {
		this.cursor = origin;
		this.feed = feed;
	}

	Cursor cursor() {
		return this.cursor;
	}

	@Nullable Registration find(InstanceKey key) {
		return this.registrations.get(key);
	}

	boolean isEmpty() {
		return this.registrations.isEmpty();
	}

	List<Registration> all() {
		return List.copyOf(this.registrations.values());
	}

	List<StoredInstance> instances() {
		List<StoredInstance> instances = new ArrayList<>(this.registrations.size());
		this.registrations.forEach((key, registration) -> instances.add(stored(key, registration)));
		return List.copyOf(instances);
	}

	Digest digest() {
		long sum = this.registrations.values().stream().mapToLong((one) -> one.changed().revision()).sum();
		return new Digest(this.cursor, this.registrations.size(), sum);
	}

	@Nullable InstanceOverride override(InstanceKey key) {
		return this.overrides.get(key);
	}

	List<OverrideEntry> overrides() {
		List<OverrideEntry> all = new ArrayList<>(this.overrides.size());
		this.overrides.forEach((key, override) -> all.add(new OverrideEntry(key.service(), key.id(), override)));
		return List.copyOf(all);
	}

	void override(InstanceKey key, @Nullable InstanceOverride override) {
		if (override != null) {
			this.overrides.put(key, override);
		}
		else {
			this.overrides.remove(key);
		}
	}

	/** Replaces a registration without a visible change. */
	void keep(InstanceKey key, Registration registration) {
		this.registrations.put(key, registration);
	}

	void put(InstanceKey key, Registration registration) {
		Cursor next = this.cursor.at(this.cursor.revision() + 1);
		Registration changed = registration.changedAt(next);
		this.registrations.put(key, changed);
		publish(new FeedEvent.Changed(next, key.service(), key.id(), stored(key, changed), null));
	}

	/**
	 * Puts back a registration of an earlier epoch. It keeps the cursor of its last
	 * change, by which the newest of several versions wins.
	 */
	void putBack(InstanceKey key, Registration registration) {
		Cursor next = this.cursor.at(this.cursor.revision() + 1);
		this.registrations.put(key, registration);
		publish(new FeedEvent.Changed(next, key.service(), key.id(), stored(key, registration), null));
	}

	void remove(InstanceKey key, Departure reason) {
		this.registrations.remove(key);
		Cursor next = this.cursor.at(this.cursor.revision() + 1);
		publish(new FeedEvent.Changed(next, key.service(), key.id(), null, reason));
	}

	FeedEvent.RuleChanged changeRule(String origin, RuleKey key, RuleVersion version) {
		Cursor next = this.cursor.at(this.cursor.revision() + 1);
		FeedEvent.RuleChanged changed = new FeedEvent.RuleChanged(next, origin, key, version.generation(),
				version.toRule(key));
		publish(changed);
		return changed;
	}

	private void publish(FeedEvent event) {
		this.cursor = event.cursor();
		this.feed.accept(event);
	}

	private StoredInstance stored(InstanceKey key, Registration held) {
		return new StoredInstance(held.own(), this.overrides.get(key), held.ttl(), held.token(), held.changed());
	}

}
