package io.redmesh.core.loadbalance;

import java.util.List;
import java.util.function.Function;

import io.redmesh.core.endpoint.Endpoint;
import org.jspecify.annotations.Nullable;

/**
 * The same endpoint for the same key, looked up in a table that is computed anew when the
 * candidates change.
 * <p>
 * That takes milliseconds, and a call that is tried again brings a list of its own: the
 * candidates without those that it has tried. So a list that is a part of the last one
 * gets a table only when it comes a second time; until then the last table serves it, and
 * whoever is not in the list is passed over.
 */
final class ConsistentHash implements LoadBalancer {

	private final Function<Shares, KeyTable> tables;

	private final double balanceFactor;

	private volatile @Nullable Placement placement;

	private volatile @Nullable List<Endpoint> part;

	ConsistentHash(Function<Shares, KeyTable> tables, double balanceFactor) {
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
		Placement current = this.placement;
		if (current == null) {
			current = place(candidates);
		}
		else if (!current.shares().areOf(candidates)) {
			if (this.part != candidates && current.shares().areOfMoreThan(candidates)) {
				this.part = candidates;
				Endpoint picked = current.pick(key, candidates);
				if (picked != null) {
					return picked;
				}
			}
			current = place(candidates);
		}
		return current.pick(key, candidates);
	}

	// One thread computes, the others wait for it instead of computing the same.
	private synchronized Placement place(List<Endpoint> candidates) {
		Placement last = this.placement;
		if (last != null && last.shares().areOf(candidates)) {
			return last;
		}
		Shares shares = Shares.byId(candidates);
		KeyTable table = (last != null && last.shares().areTheSameAs(shares)) ? last.table()
				: this.tables.apply(shares);
		Placement next = new Placement(shares, table, this.balanceFactor);
		this.placement = next;
		return next;
	}

}
