package io.redmesh.core.loadbalance;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

import io.redmesh.core.endpoint.Endpoint;
import org.jspecify.annotations.Nullable;

/**
 * The same endpoint for the same key, looked up in a table that is computed anew when the
 * candidates change.
 * <p>
 * That takes milliseconds. Only the pick that meets a new list pays for them; others go
 * on with the last table meanwhile and pass over endpoints that are not in their list.
 * The tables of the last few lists are kept, so that endpoints that come and go cost
 * none. A call that is tried again brings a list of its own, which never gets a table.
 */
final class ConsistentHash implements LoadBalancer {

	/** How many tables are kept. Maglev's takes half a megabyte. */
	private static final int KEPT = 3;

	private final Function<WeightedEndpoints, KeyTable> tables;

	private final double balanceFactor;

	private final Lock lock = new ReentrantLock();

	// The latest first.
	private volatile BoundedLoadTable[] placements = {};

	ConsistentHash(Function<WeightedEndpoints, KeyTable> tables, double balanceFactor) {
		// Not a number is not greater either.
		if (!(balanceFactor > 1)) {
			throw new IllegalArgumentException(
					"balanceFactor: %s (expected: more than 1, or Infinity for no bound)".formatted(balanceFactor));
		}
		this.tables = tables;
		this.balanceFactor = balanceFactor;
	}

	@Override
	public @Nullable Endpoint pick(List<Endpoint> candidates, long nanos, long key) {
		if (candidates.size() <= 1) {
			return candidates.isEmpty() ? null : candidates.get(0);
		}
		BoundedLoadTable[] known = this.placements;
		BoundedLoadTable placement = find(candidates, known);
		if (placement == null) {
			if (known.length == 0) {
				this.lock.lock();
			}
			else if (!this.lock.tryLock()) {
				return pickOnce(candidates, nanos, key);
			}
			try {
				placement = place(candidates);
			}
			finally {
				this.lock.unlock();
			}
		}
		return placement.pick(key, candidates);
	}

	@Override
	public @Nullable Endpoint pickOnce(List<Endpoint> candidates, long nanos, long key) {
		if (candidates.size() <= 1) {
			return candidates.isEmpty() ? null : candidates.get(0);
		}
		BoundedLoadTable[] known = this.placements;
		Endpoint picked = (known.length == 0) ? null : known[0].pick(key, candidates);
		return (picked != null) ? picked : Rendezvous.pick(candidates, key);
	}

	private static @Nullable BoundedLoadTable find(List<Endpoint> candidates, BoundedLoadTable[] placements) {
		for (BoundedLoadTable placement : placements) {
			if (placement.shares().areOf(candidates)) {
				return placement;
			}
		}
		return null;
	}

	// Under the lock.
	private BoundedLoadTable place(List<Endpoint> candidates) {
		BoundedLoadTable[] known = this.placements;
		BoundedLoadTable found = find(candidates, known);
		if (found != null) {
			return found;
		}
		WeightedEndpoints weighted = WeightedEndpoints.byId(candidates);
		KeyTable table = null;
		List<BoundedLoadTable> next = new ArrayList<>(KEPT + 1);
		for (BoundedLoadTable placement : known) {
			// Another list of the same endpoints takes the place of the first.
			if (placement.shares().areTheSameAs(weighted)) {
				table = placement.table();
			}
			else {
				next.add(placement);
			}
		}
		BoundedLoadTable placement = new BoundedLoadTable(weighted,
				(table != null) ? table : this.tables.apply(weighted), this.balanceFactor);
		next.add(0, placement);
		this.placements = next.stream().limit(KEPT).toArray(BoundedLoadTable[]::new);
		return placement;
	}

}
