package io.redmesh.core.registry;

import io.redmesh.core.instance.Instance;
import org.jspecify.annotations.Nullable;

/**
 * One instance has appeared, changed, or gone.
 *
 * @param service its service
 * @param id its id
 * @param instance how it is now, or null if it has gone
 */
public record InstanceChange(String service, String id, @Nullable Instance instance) {

	/**
	 * The instance is now like this.
	 * @param instance the instance
	 * @return the change
	 */
	public static InstanceChange put(Instance instance) {
		return new InstanceChange(instance.service(), instance.id(), instance);
	}

	/**
	 * The instance has gone.
	 * @param service its service
	 * @param id its id
	 * @return the change
	 */
	public static InstanceChange gone(String service, String id) {
		return new InstanceChange(service, id, null);
	}

}
