package io.redmesh.core.endpoint;

import java.util.List;

/**
 * Candidates that are equally near. Immutable; the same object until something about the
 * candidates changes.
 *
 * @param distance 0 for the nearest, less than {@value #MAX}
 * @param endpoints those that a call may go to
 */
public record Tier(int distance, List<Endpoint> endpoints) {

	/** How many distances there are. */
	public static final int MAX = 3;

	/**
	 * Returns which part of their share the endpoints are to get on average, 0.1 to 1.
	 */
	float warmth(long nanos) {
		float sum = 0;
		for (Endpoint endpoint : this.endpoints) {
			sum += endpoint.warmth(nanos);
		}
		return sum / this.endpoints.size();
	}

}
