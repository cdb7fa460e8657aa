package io.redmesh.registry.catalog;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;

/**
 * The recent changes of one generation of a namespace, in a ring that grows up to its
 * limit. The oldest changes are dropped when there are too many, or when all together are
 * too large. One thread adds, any number of threads read, and none waits.
 */
public final class History {

	private static final int SMALLEST = 64;

	private final int maxLength;

	private final LongSupplier maxBytes;

	/** The revision of the last change before those that are still here. */
	private volatile long floor;

	private volatile AtomicReferenceArray<@Nullable Change> ring;

	// Used only by the thread that adds.
	private long last;

	private long bytes;

	/**
	 * Creates an empty history.
	 * @param floor the revision after which it begins
	 * @param size the maximum number of changes, rounded up to a power of two
	 * @param maxBytes the maximum size of all changes together, which may vary
	 */
	History(long floor, int size, LongSupplier maxBytes) {
		this.floor = floor;
		this.last = floor;
		this.maxLength = Integer.highestOneBit(Math.max(1, size - 1)) << 1;
		this.maxBytes = maxBytes;
		this.ring = new AtomicReferenceArray<>(Math.min(SMALLEST, this.maxLength));
	}

	/**
	 * Adds a change.
	 * @param change the change, with a revision above all that were added before
	 */
	void add(Change change) {
		long revision = change.revision();
		while (revision - this.floor > this.ring.length() && this.ring.length() < this.maxLength) {
			grow();
		}
		while (revision - this.floor > this.ring.length()) {
			dropOldest();
		}
		this.ring.set(slot(this.ring, revision), change);
		this.last = revision;
		this.bytes += change.json().length;
		long permitted = this.maxBytes.getAsLong();
		while (this.bytes > permitted && this.floor + 1 < revision) {
			dropOldest();
		}
	}

	private void grow() {
		AtomicReferenceArray<@Nullable Change> before = this.ring;
		AtomicReferenceArray<@Nullable Change> after = new AtomicReferenceArray<>(2 * before.length());
		for (long revision = this.floor + 1; revision <= this.last; revision++) {
			after.set(slot(after, revision), before.get(slot(before, revision)));
		}
		this.ring = after;
	}

	private void dropOldest() {
		long oldest = this.floor + 1;
		int slot = slot(this.ring, oldest);
		Change change = this.ring.get(slot);
		if (change != null && change.revision() == oldest) {
			this.bytes -= change.json().length;
			this.ring.set(slot, null);
		}
		this.floor = oldest;
	}

	/**
	 * Returns the changes between two revisions.
	 * @param from the revision before the first change
	 * @param to the revision of the last change
	 * @return the changes in order, or null if some are no longer here
	 */
	public @Nullable List<Change> between(long from, long to) {
		if (!covers(from, to)) {
			return null;
		}
		AtomicReferenceArray<@Nullable Change> changes = this.ring;
		List<Change> found = new ArrayList<>((int) Math.max(0, to - from));
		for (long revision = from + 1; revision <= to; revision++) {
			Change change = changes.get(slot(changes, revision));
			if (change == null || change.revision() != revision) {
				return null;
			}
			found.add(change);
		}
		return found;
	}

	/**
	 * Returns whether the changes between two revisions may still be here.
	 * @param from the revision before the first change
	 * @param to the revision of the last change
	 * @return false if some are certainly gone
	 */
	public boolean covers(long from, long to) {
		return from >= this.floor && to - from <= this.maxLength;
	}

	private static int slot(AtomicReferenceArray<?> ring, long revision) {
		return (int) revision & (ring.length() - 1);
	}

}
