package io.redmesh.registry.store;

import io.redmesh.core.instance.Instance;
import io.redmesh.core.instance.InvalidValueException;
import io.redmesh.core.instance.Status;
import org.jspecify.annotations.Nullable;

/**
 * An operator's override of what an instance registered.
 *
 * @param status {@link Status#OUT_OF_SERVICE}, or null to leave the status alone
 * @param weight 0 to {@value Instance#MAX_WEIGHT}, or null to leave the weight alone
 */
public record InstanceOverride(@Nullable Status status, @Nullable Integer weight) {

	public InstanceOverride {
		if (status != null && status != Status.OUT_OF_SERVICE) {
			throw new InvalidValueException("status", status, "OUT_OF_SERVICE");
		}
		if (weight != null) {
			Instance.requireRange("weight", weight, 0, Instance.MAX_WEIGHT);
		}
		if (status == null && weight == null) {
			throw new InvalidValueException("status", "(missing)", "status, weight, or both");
		}
	}

}
