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
 * What this server can put back when the store has lost something: the instances in the
 * catalog, and who has deregistered lately. Confined to its namespace's monitor.
 */
final class RestoreMemory {

	private static final int MAX_LEFT = 4096;

	private final Deque<Remembered.Left> left = new ArrayDeque<>();

	void left(StoredInstance instance, Cursor when) {
		if (this.left.size() == MAX_LEFT) {
			this.left.removeFirst();
		}
		this.left.addLast(new Remembered.Left(Incarnation.of(instance), when));
	}

	/**
	 * Compares what is remembered with what a new epoch begins with.
	 * @param reset the new epoch
	 * @param services what the catalog still holds of the one before
	 * @return what the new epoch does not hold, or only an older word of
	 */
	List<Remembered> missingFrom(FeedEvent.Reset reset, Collection<ServiceView> services) {
		Map<String, StoredInstance> there = new HashMap<>();
		reset.instances().forEach((instance) -> there.put(key(instance), instance));
		List<Remembered> missing = new ArrayList<>(this.left);
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
