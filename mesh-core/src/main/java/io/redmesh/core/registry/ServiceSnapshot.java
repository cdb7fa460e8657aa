package io.redmesh.core.registry;

import java.util.Comparator;
import java.util.List;

import io.redmesh.core.instance.Instance;
import org.jspecify.annotations.Nullable;

/**
 * All instances of one service at one cursor. Immutable.
 *
 * @param service the service
 * @param cursor the cursor at which this was seen, or null if it is remembered from an
 * earlier run of this process or fixed by hand
 * @param instances ordered by id, so that every process sees the same order
 */
public record ServiceSnapshot(String service, @Nullable Cursor cursor, List<Instance> instances) {

	public ServiceSnapshot {
		instances = instances.stream().sorted(Comparator.comparing(Instance::id)).toList();
	}

}
