package io.redmesh.core.loadbalance;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

import io.redmesh.core.endpoint.Endpoint;
import org.jspecify.annotations.Nullable;

/**
 * Round robin: endpoints in turn, but endpoints in slow start are often passed over. In
 * Envoy, too, round robin supports slow start.
 */
final class RoundRobin implements LoadBalancer {

	private final AtomicInteger next;

	private final Supplier<? extends RandomGenerator> random;

	RoundRobin(int first, Supplier<? extends RandomGenerator> random) {
		this.next = new AtomicInteger(first);
		this.random = random;
	}

	@Override
	public @Nullable Endpoint pick(List<Endpoint> candidates, long nanos, long key) {
		if (candidates.isEmpty()) {
			return null;
		}
		Endpoint due = next(candidates);
		for (int draws = 1; draws < RejectionSampling.MAX_DRAWS
				&& RejectionSampling.declines(due.warmth(nanos), this.random); draws++) {
			due = next(candidates);
		}
		return due;
	}

	private Endpoint next(List<Endpoint> candidates) {
		return candidates.get(Integer.remainderUnsigned(this.next.getAndIncrement(), candidates.size()));
	}

}
