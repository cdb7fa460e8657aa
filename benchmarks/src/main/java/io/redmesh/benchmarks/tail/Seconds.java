package io.redmesh.benchmarks.tail;

import java.util.concurrent.atomic.AtomicIntegerArray;

import org.jspecify.annotations.Nullable;

/**
 * The requests that an instance has seen, counted by the second in which their calls were
 * due. Those of the warm-up do not count. Safe for use by many threads.
 */
final class Seconds {

	/** The header that carries the second. */
	static final String HEADER = "x-tail-second";

	private static final int MAX = 3600;

	private final AtomicIntegerArray requests = new AtomicIntegerArray(MAX);

	void count(@Nullable String header) {
		int second = (header != null) ? Integer.parseInt(header) : -1;
		if (second >= 0 && second < MAX) {
			this.requests.incrementAndGet(second);
		}
	}

	int at(int second) {
		return this.requests.get(second);
	}

	/**
	 * Returns the number of requests from a second (inclusive) to another (exclusive).
	 */
	int between(int from, int to) {
		int sum = 0;
		for (int second = from; second < Math.min(to, MAX); second++) {
			sum += at(second);
		}
		return sum;
	}

	int total() {
		return between(0, MAX);
	}

}
