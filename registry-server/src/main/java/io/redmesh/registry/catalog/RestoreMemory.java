package io.redmesh.registry.catalog;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.redmesh.core.registry.Cursor;
import io.redmesh.registry.store.FeedEvent;
import io.redmesh.registry.store.Incarnation;
import io.redmesh.registry.store.Remembered;
import io.redmesh.registry.store.StoredInstance;

/**
 * The memory from which this server restores what the store has lost: the instances in
 * the catalog, and recent deregistrations. Confined to its namespace's monitor.
 */
final class RestoreMemory {

	private static final int MAX_DEPARTURES = 4096;

	private final Deque<Remembered.Left> departures = new ArrayDeque<>();

	void noteDeparture(StoredInstance instance, Cursor when) {
		if (this.departures.size() == MAX_DEPARTURES) {
			this.departures.removeFirst();
		}
		this.departures.addLast(new Remembered.Left(Incarnation.of(instance), when));
	}

	/**
	 * Compares what this server remembers with the content of a new epoch.
	 * @param reset the new epoch
	 * @param services what the catalog still holds of the epoch before
	 * @return what the new epoch lacks, or holds only in an older version
	 */
	List<Remembered> missingFrom(FeedEvent.Reset reset, Collection<ServiceView> services) {
		Map<String, StoredInstance> there = new HashMap<>();
		reset.instances().forEach((instance) -> there.put(key(instance), instance));
		List<Remembered> missing = new ArrayList<>(this.departures);
		for (ServiceView service : services) {
			for (CatalogInstance known : service.instances()) {
				StoredInstance instance = known.stored();
				StoredInstance now = there.get(key(instance));
				if (now == null || now.changed().isBefore(instance.changed())) {
					missing.add(new Remembered.Held(instance));
				}
			}
		}
		return missing;
	}

	private static String key(StoredInstance instance) {
		return instance.own().service() + "|" + instance.own().id();
	}

}
