package io.redmesh.registry.store;

import io.redmesh.core.instance.Instance;
import org.jspecify.annotations.Nullable;

/**
 * An instance as the store holds it.
 *
 * @param own what the instance says of itself, with its fence
 * @param override what an operator says of it, or null
 */
public record StoredInstance(Instance own, @Nullable InstanceOverride override) {

	/**
	 * Returns the instance as callers shall see it.
	 * @return the instance with the override applied
	 */
	public Instance effective() {
		if (this.override == null) {
			return this.own;
		}
		Instance result = this.own;
		if (this.override.status() != null) {
			result = result.withStatus(this.override.status());
		}
		return (this.override.weight() != null) ? result.withWeight(this.override.weight()) : result;
	}

}
