package io.redmesh.core.registry;

import io.redmesh.core.instance.Instance;
import org.jspecify.annotations.Nullable;

/**
 * A change of one instance: it was added, changed, or removed.
 *
 * @param service its service
 * @param id its id
 * @param instance its new state, or null if it was removed
 */
public record InstanceChange(String service, String id, @Nullable Instance instance) {

	/**
	 * Returns the change that adds or replaces an instance.
	 * @param instance the new state
	 * @return the change
	 */
	public static InstanceChange put(Instance instance) {
		return new InstanceChange(instance.service(), instance.id(), instance);
	}

	/**
	 * Returns the change that removes an instance.
	 * @param service its service
	 * @param id its id
	 * @return the change
	 */
	public static InstanceChange gone(String service, String id) {
		return new InstanceChange(service, id, null);
	}

}
