package io.redmesh.core.loadbalance;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

import io.redmesh.core.endpoint.Endpoint;
import org.jspecify.annotations.Nullable;

/**
 * Consistent hashing: the same endpoint for the same key, looked up in a table that is
 * computed anew when the candidates change.
 * <p>
 * Computing a table takes milliseconds. Only the pick that meets a new list pays for it.
 * Other picks use the last table meanwhile, and pass over endpoints that are not in their
 * list. The tables of the last few lists are kept, so that endpoints that leave and
 * return cost none. A retry brings a list of its own, which never gets a table.
 */
final class ConsistentHash implements LoadBalancer {

	/** The number of tables that are kept. Maglev's takes half a megabyte. */
	private static final int KEPT = 3;

	private final Function<WeightedEndpoints, KeyTable> tables;

	private final double balanceFactor;

	private final Lock lock = new ReentrantLock();

	// The latest first.
	private volatile BoundedLoadTable[] kept = {};

	ConsistentHash(Function<WeightedEndpoints, KeyTable> tables, double balanceFactor) {
		// NaN is not greater either.
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
		BoundedLoadTable[] known = this.kept;
		BoundedLoadTable table = find(candidates, known);
		if (table == null) {
			if (known.length == 0) {
				this.lock.lock();
			}
			else if (!this.lock.tryLock()) {
				return pickOnce(candidates, nanos, key);
			}
			try {
				table = tableOf(candidates);
			}
			finally {
				this.lock.unlock();
			}
		}
		return table.pick(key, candidates);
	}

	@Override
	public @Nullable Endpoint pickOnce(List<Endpoint> candidates, long nanos, long key) {
		if (candidates.size() <= 1) {
			return candidates.isEmpty() ? null : candidates.get(0);
		}
		BoundedLoadTable[] known = this.kept;
		Endpoint picked = (known.length == 0) ? null : known[0].pick(key, candidates);
		return (picked != null) ? picked : Rendezvous.pick(candidates, key);
	}

	private static @Nullable BoundedLoadTable find(List<Endpoint> candidates, BoundedLoadTable[] kept) {
		for (BoundedLoadTable table : kept) {
			if (table.weighted().areOf(candidates)) {
				return table;
			}
		}
		return null;
	}

	// Under the lock.
	private BoundedLoadTable tableOf(List<Endpoint> candidates) {
		BoundedLoadTable[] known = this.kept;
		BoundedLoadTable found = find(candidates, known);
		if (found != null) {
			return found;
		}
		WeightedEndpoints weighted = WeightedEndpoints.byId(candidates);
		KeyTable keyTable = null;
		List<BoundedLoadTable> next = new ArrayList<>(KEPT + 1);
		for (BoundedLoadTable old : known) {
			// Another list of the same endpoints replaces the first.
			if (old.weighted().areTheSameAs(weighted)) {
				keyTable = old.table();
			}
			else {
				next.add(old);
			}
		}
		BoundedLoadTable table = new BoundedLoadTable(weighted,
				(keyTable != null) ? keyTable : this.tables.apply(weighted), this.balanceFactor);
		next.add(0, table);
		this.kept = next.stream().limit(KEPT).toArray(BoundedLoadTable[]::new);
		return table;
	}

}
