package io.redmesh.core.loadbalance;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import io.redmesh.core.endpoint.Endpoint;
import org.jspecify.annotations.Nullable;

/** One after another. */
final class RoundRobin implements LoadBalancer {

	private final AtomicInteger next;

	RoundRobin(int first) {
		this.next = new AtomicInteger(first);
	}

	@Override
	public @Nullable Endpoint pick(List<Endpoint> candidates) {
		return candidates.isEmpty() ? null
				: candidates.get(Integer.remainderUnsigned(this.next.getAndIncrement(), candidates.size()));
	}

}
