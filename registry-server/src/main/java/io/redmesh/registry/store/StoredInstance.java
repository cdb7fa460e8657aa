package io.redmesh.registry.store;

import java.time.Duration;

import io.redmesh.core.instance.Instance;
import io.redmesh.core.registry.Cursor;
import org.jspecify.annotations.Nullable;

/**
 * An instance as the store holds it.
 *
 * @param own what the instance says of itself, with its fence and whether it is doubted
 * @param override what an operator says of it, or null
 * @param ttl how long its lease holds
 * @param token the token of its lease, for nobody but the store and its servers
 * @param changed the place in history of its last change
 */
public record StoredInstance(Instance own, @Nullable InstanceOverride override, Duration ttl, String token,
		Cursor changed) {

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

	@Override
	public String toString() {
		return "StoredInstance[%s, override=%s, ttl=%s, changed=%s]".formatted(this.own, this.override, this.ttl,
				this.changed);
	}

}
