package io.redmesh.core.traffic;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * The way in which endpoints are picked.
 *
 * @param algorithm the algorithm, or null for that of the client
 * @param hashKey the hash key of the hashing algorithms, or null
 * @param warmup how long an endpoint that joins gets less than its share; null for the
 * time of the client
 */
public record LoadBalancerRule(@Nullable Algorithm algorithm, @Nullable HashKey hashKey, @Nullable Duration warmup) {

	/** The algorithms of Istio that this mesh has. */
	public enum Algorithm {

		/** The less busy of two endpoints. */
		LEAST_REQUEST,

		/** Endpoints in turn. */
		ROUND_ROBIN,

		/** Random endpoints. */
		RANDOM,

		/** The same endpoint for equal hash keys, by a ring. */
		RING_HASH,

		/** The same endpoint for equal hash keys, by Maglev's table. */
		MAGLEV

	}

}
