package io.redmesh.core.registry;

import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;

import io.redmesh.core.instance.Instance;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This process's copy of the registry: the newest known instances of each followed
 * service. A known service stays known until the registry says otherwise, however long
 * the registry is away. The catalog refuses a snapshot or delta that is older than the
 * known state.
 * <p>
 * Safe for use by many threads. Readers take no lock; writers take turns. Listeners are
 * notified of changes in the order in which they were accepted, on the writer's thread.
 */
public final class Catalog {

	private static final Logger logger = LoggerFactory.getLogger(Catalog.class);

	private final List<Listener> listeners = new CopyOnWriteArrayList<>();

	private final Map<String, ServiceSnapshot> fixed = new TreeMap<>();

	private volatile State state;

	/** Creates an empty catalog. */
	public Catalog() {
		this(Map.of());
	}

	/**
	 * Creates a catalog with some services fixed by hand: they stay as they are, whatever
	 * the registry says.
	 * @param fixed the instances of each fixed service
	 */
	public Catalog(Map<String, List<Instance>> fixed) {
		fixed.forEach((service, instances) -> this.fixed.put(service, new ServiceSnapshot(service, null, instances)));
		this.state = new State(null, false, new TreeMap<>(this.fixed));
	}

	/**
	 * Adds a listener. It is notified at once of every service that is already known.
	 * @param listener the listener
	 */
	public synchronized void listen(Listener listener) {
		this.listeners.add(listener);
		this.state.services.values().forEach(listener::changed);
	}

	/**
	 * Adds instances from an earlier run of this process. A service that the registry has
	 * already sent stays as it is.
	 * @param services the instances of each service
	 */
	public synchronized void remember(Map<String, List<Instance>> services) {
		Map<String, ServiceSnapshot> next = new TreeMap<>(this.state.services);
		services
			.forEach((service, instances) -> next.putIfAbsent(service, new ServiceSnapshot(service, null, instances)));
		swap(this.state.cursor, this.state.complete, next);
	}

	/**
	 * Replaces the state with a snapshot of the followed services. Services that are
	 * missing from a complete snapshot have no instances now.
	 * @param cursor the cursor of the snapshot
	 * @param complete whether no instance can be missing; if false, instances are only
	 * added and updated
	 * @param services the instances of each service
	 * @return whether it was accepted; false if it is older than the known state
	 */
	public synchronized boolean snapshot(Cursor cursor, boolean complete, Map<String, List<Instance>> services) {
		Cursor known = this.state.cursor;
		if (known != null && cursor.isBefore(known)) {
			logger.warn("Refused a snapshot at {}: it is older than the known {}", cursor, known);
			return false;
		}
		Map<String, ServiceSnapshot> next = new TreeMap<>(this.state.services);
		if (complete) {
			next.replaceAll((service, old) -> updated(old, cursor, List.of()));
		}
		services.forEach((service, instances) -> {
			ServiceSnapshot old = this.state.services.get(service);
			next.put(service, updated(old, service, cursor, complete ? instances : merged(old, instances)));
		});
		swap(cursor, complete, next);
		return true;
	}

	/**
	 * Applies the changes since the last snapshot or delta.
	 * @param cursor the cursor after the changes
	 * @param changes at most one for each instance
	 * @return whether the delta was accepted; false if it does not continue the known
	 * history, and a snapshot is needed
	 */
	public synchronized boolean delta(Cursor cursor, Collection<InstanceChange> changes) {
		Cursor known = this.state.cursor;
		if (known == null || !known.isBefore(cursor) || !known.sameEpoch(cursor)) {
			logger.warn("Refused a delta at {}: it does not continue {}", cursor, known);
			return false;
		}
		Map<String, Map<String, Instance>> changed = new LinkedHashMap<>();
		for (InstanceChange change : changes) {
			Map<String, Instance> instances = changed.computeIfAbsent(change.service(),
					(service) -> byId(this.state.services.get(service)));
			if (change.instance() != null) {
				instances.put(change.id(), change.instance());
			}
			else {
				instances.remove(change.id());
			}
		}
		Map<String, ServiceSnapshot> next = new TreeMap<>(this.state.services);
		changed.forEach((service, instances) -> next.put(service,
				updated(this.state.services.get(service), service, cursor, List.copyOf(instances.values()))));
		swap(cursor, this.state.complete, next);
		return true;
	}

	private static List<Instance> merged(@Nullable ServiceSnapshot old, List<Instance> instances) {
		Map<String, Instance> merged = byId(old);
		instances.forEach((instance) -> merged.put(instance.id(), instance));
		return List.copyOf(merged.values());
	}

	private static Map<String, Instance> byId(@Nullable ServiceSnapshot snapshot) {
		Map<String, Instance> instances = new HashMap<>();
		if (snapshot != null) {
			snapshot.instances().forEach((instance) -> instances.put(instance.id(), instance));
		}
		return instances;
	}

	private static ServiceSnapshot updated(ServiceSnapshot old, Cursor cursor, List<Instance> instances) {
		return updated(old, old.service(), cursor, instances);
	}

	private static ServiceSnapshot updated(@Nullable ServiceSnapshot old, String service, Cursor cursor,
			List<Instance> instances) {
		ServiceSnapshot updated = new ServiceSnapshot(service, cursor, instances);
		// Equal content keeps its cursor: without a change listeners are not notified.
		return (old != null && old.instances().equals(updated.instances())) ? old : updated;
	}

	private void swap(@Nullable Cursor cursor, boolean complete, Map<String, ServiceSnapshot> services) {
		services.putAll(this.fixed);
		State next = new State(cursor, complete, services);
		State last = this.state;
		this.state = next;
		next.services.forEach((service, snapshot) -> {
			if (!snapshot.equals(last.services.get(service))) {
				this.listeners.forEach((listener) -> notifyListener(listener, snapshot));
			}
		});
	}

	private static void notifyListener(Listener listener, ServiceSnapshot snapshot) {
		try {
			listener.changed(snapshot);
		}
		catch (RuntimeException ex) {
			logger.error("A catalog listener failed on a change of {}", snapshot.service(), ex);
		}
	}

	/**
	 * Returns the cursor of this copy.
	 * @return the cursor, or null before the registry has sent anything
	 */
	public @Nullable Cursor cursor() {
		return this.state.cursor;
	}

	/**
	 * Returns whether no instance can be missing.
	 * @return false before the first snapshot and while the registry is not complete
	 */
	public boolean complete() {
		return this.state.complete;
	}

	/**
	 * Returns the newest known state of a service.
	 * @param service its name
	 * @return the state, or null if the service was never known
	 */
	public @Nullable ServiceSnapshot service(String service) {
		return this.state.services.get(service);
	}

	/**
	 * Returns whether a service is fixed by hand, so that the registry cannot change it.
	 * @param service its name
	 * @return whether it is fixed
	 */
	public boolean isFixed(String service) {
		return this.fixed.containsKey(service);
	}

	/**
	 * Returns the names of all services that were ever known or are fixed.
	 * @return the names, sorted
	 */
	public Set<String> services() {
		return this.state.services.keySet();
	}

	/** A listener for services whose instances have changed. It must be quick. */
	@FunctionalInterface
	public interface Listener {

		/**
		 * Receives the new state of a service that has changed or is new.
		 * @param snapshot the state
		 */
		void changed(ServiceSnapshot snapshot);

	}

	private record State(@Nullable Cursor cursor, boolean complete, Map<String, ServiceSnapshot> services) {

		State {
			services = Collections.unmodifiableMap(services);
		}

	}

}
