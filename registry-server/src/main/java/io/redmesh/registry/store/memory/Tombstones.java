package io.redmesh.registry.store.memory;

import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Incarnations that were ended, and stay out for ten minutes. Confined to its namespace's
 * monitor.
 */
final class Tombstones {

	private static final long AGE = Duration.ofMinutes(10).toNanos();

	// In the order of their burial, so that the old ones stand at its head.
	private final Map<Tombstone, Long> buried = new LinkedHashMap<>();

	void bury(InstanceKey key, long fence, long now) {
		Iterator<Long> oldest = this.buried.values().iterator();
		while (oldest.hasNext() && now - oldest.next() > AGE) {
			oldest.remove();
		}
		this.buried.put(new Tombstone(key, fence), now);
	}

	boolean contains(InstanceKey key, long fence) {
		return this.buried.containsKey(new Tombstone(key, fence));
	}

	private record Tombstone(InstanceKey key, long fence) {

	}

}
