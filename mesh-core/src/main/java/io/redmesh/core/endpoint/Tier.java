package io.redmesh.core.endpoint;

import java.util.List;

/**
 * Candidates at the same distance. Immutable; stays the same object until they change.
 *
 * @param distance 0 for the nearest, less than {@value #MAX}
 * @param endpoints the endpoints that a call may go to
 */
public record Tier(int distance, List<Endpoint> endpoints) {

	/** The number of distances. */
	public static final int MAX = 3;

	/** Returns the part of their share that the endpoints get on average, 0.1 to 1. */
	float warmth(long nanos) {
		float sum = 0;
		for (Endpoint endpoint : this.endpoints) {
			sum += endpoint.warmth(nanos);
		}
		return sum / this.endpoints.size();
	}

}
