package io.redmesh.registry.store;

import java.time.Duration;

import io.redmesh.core.instance.Instance;
import io.redmesh.core.registry.Cursor;
import org.jspecify.annotations.Nullable;

/**
 * An instance as the store holds it.
 *
 * @param own the instance as it registered, with its fence and whether it is a suspect
 * @param override the operator's override, or null
 * @param ttl the TTL of its lease
 * @param token the token of its lease, a secret of the store and its servers
 * @param changed the cursor of its last change
 */
public record StoredInstance(Instance own, @Nullable InstanceOverride override, Duration ttl, String token,
		Cursor changed) {

	/**
	 * Returns the instance as callers see it.
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
