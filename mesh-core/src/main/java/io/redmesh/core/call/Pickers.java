package io.redmesh.core.call;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

import io.redmesh.core.endpoint.EndpointPool;
import io.redmesh.core.endpoint.EndpointSubset;
import io.redmesh.core.endpoint.Requirement;
import io.redmesh.core.loadbalance.LoadBalancing;
import org.jspecify.annotations.Nullable;

/**
 * The pickers of one destination, each for a requirement of its calls.
 * <p>
 * Safe for use by many threads.
 */
final class Pickers {

	/** The number of pickers that are kept, more than one service needs at a time. */
	private static final int MAX_PICKERS = 16;

	private final EndpointPool pool;

	private final @Nullable EndpointSubset subset;

	private final LoadBalancing loadBalancing;

	private final Supplier<? extends RandomGenerator> random;

	private final Picker usual;

	// For calls whose URIs require more than that of the subset.
	private final Map<Requirement, Picker> others = new ConcurrentHashMap<>();

	Pickers(EndpointPool pool, @Nullable EndpointSubset subset, LoadBalancing loadBalancing,
			Supplier<? extends RandomGenerator> random) {
		this.pool = pool;
		this.subset = subset;
		this.loadBalancing = loadBalancing;
		this.random = random;
		this.usual = new Picker(pool, Requirement.of(subset), loadBalancing, random);
	}

	/**
	 * Returns the picker for the endpoints that meet a requirement.
	 * @param requirement the requirement in the URI of a call, or null
	 * @return the picker
	 */
	Picker picker(@Nullable Requirement requirement) {
		if (requirement == null) {
			return this.usual;
		}
		Picker known = this.others.get(requirement);
		if (known == null) {
			if (this.others.size() >= MAX_PICKERS) {
				// Registered ports change over time.
				this.others.clear();
			}
			known = this.others.computeIfAbsent(requirement, this::create);
		}
		return known;
	}

	private Picker create(Requirement requirement) {
		return new Picker(this.pool, (this.subset != null) ? requirement.within(this.subset) : requirement,
				this.loadBalancing, this.random);
	}

}
