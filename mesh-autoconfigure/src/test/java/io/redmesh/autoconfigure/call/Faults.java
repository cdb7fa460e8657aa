package io.redmesh.autoconfigure.call;

import java.util.AbstractSet;
import java.util.Iterator;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;

/** Random exceptions and errors, at places where no code expects them. */
final class Faults {

	/**
	 * The passage at which each place fails in any case, so that chance leaves none out.
	 */
	private static final int CERTAIN = 3;

	private final Set<String> seams = ConcurrentHashMap.newKeySet();

	private final Map<String, AtomicInteger> passages = new ConcurrentHashMap<>();

	private volatile @Nullable Random random;

	void begin(long seed) {
		this.random = new Random(seed);
	}

	void end() {
		this.random = null;
	}

	/** Returns the names of the places that have failed. */
	Set<String> seams() {
		return this.seams;
	}

	/**
	 * Throws an exception or an error, by chance.
	 * @param seam the name of the place
	 * @param odds the number of passages of which one fails on average
	 */
	void at(String seam, int odds) {
		Random chance = this.random;
		if (chance == null) {
			return;
		}
		int passage = this.passages.computeIfAbsent(seam, (none) -> new AtomicInteger()).incrementAndGet();
		if (passage == CERTAIN || chance.nextInt(odds) == 0) {
			this.seams.add(seam);
			if (chance.nextBoolean()) {
				throw new AssertionError("An error at the " + seam);
			}
			throw new IllegalStateException("A failure at the " + seam);
		}
	}

	<T> Set<T> in(Set<T> set) {
		return new AbstractSet<>() {

			@Override
			public boolean contains(Object element) {
				at("statuses", 15);
				return set.contains(element);
			}

			@Override
			public Iterator<T> iterator() {
				return set.iterator();
			}

			@Override
			public int size() {
				return set.size();
			}

		};
	}

}
