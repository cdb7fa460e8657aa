package io.redmesh.registry.catalog;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;

import org.jspecify.annotations.Nullable;

/**
 * The recent changes of one generation of a namespace, in a ring. One thread adds, any
 * number read, none waits.
 */
public final class History {

	private final long floor;

	private final AtomicReferenceArray<Change> ring;

	private final int mask;

	History(long floor, int size) {
		this.floor = floor;
		int length = Integer.highestOneBit(Math.max(1, size - 1)) << 1;
		this.ring = new AtomicReferenceArray<>(length);
		this.mask = length - 1;
	}

	void add(Change change) {
		this.ring.set(slot(change.revision()), change);
	}

	/**
	 * Returns the changes of a stretch.
	 * @param from the revision before the stretch
	 * @param to the last revision of the stretch
	 * @return oldest first, or null when some are no longer there
	 */
	public @Nullable List<Change> between(long from, long to) {
		if (!covers(from, to)) {
			return null;
		}
		List<Change> changes = new ArrayList<>((int) Math.max(0, to - from));
		for (long revision = from + 1; revision <= to; revision++) {
			Change change = this.ring.get(slot(revision));
			if (change == null || change.revision() != revision) {
				return null;
			}
			changes.add(change);
		}
		return changes;
	}

	/**
	 * Tells whether a stretch may still be there.
	 * @param from the revision before the stretch
	 * @param to the last revision of the stretch
	 * @return false when it is certainly not
	 */
	public boolean covers(long from, long to) {
		return from >= this.floor && to - from <= this.ring.length();
	}

	private int slot(long revision) {
		return (int) revision & this.mask;
	}

}
