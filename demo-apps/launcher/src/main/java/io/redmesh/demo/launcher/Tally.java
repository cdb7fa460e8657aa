package io.redmesh.demo.launcher;

import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/**
 * The outcomes of a phase's calls: their number, latencies and reasons for failure. Safe
 * for use by many threads.
 */
final class Tally {

	private final Map<String, Integer> failures = new TreeMap<>();

	private long[] latencies = new long[1024];

	private int calls;

	/** Counts a call that got the expected response. */
	synchronized void answered(Duration latency) {
		if (this.calls == this.latencies.length) {
			this.latencies = Arrays.copyOf(this.latencies, 2 * this.calls);
		}
		this.latencies[this.calls++] = latency.toNanos();
	}

	/** Counts a call that failed; its latency counts like that of any other. */
	synchronized void failed(Duration latency, String reason) {
		answered(latency);
		this.failures.merge(reason, 1, Integer::sum);
	}

	synchronized int calls() {
		return this.calls;
	}

	synchronized int failed() {
		return this.failures.values().stream().mapToInt(Integer::intValue).sum();
	}

	synchronized Map<String, Integer> failures() {
		return new TreeMap<>(this.failures);
	}

	/**
	 * Returns the latency that the given share of the calls did not exceed, by the
	 * nearest rank; zero without calls.
	 */
	synchronized Duration percentile(double percent) {
		if (this.calls == 0) {
			return Duration.ZERO;
		}
		long[] sorted = Arrays.copyOf(this.latencies, this.calls);
		Arrays.sort(sorted);
		int rank = (int) Math.ceil(percent / 100 * this.calls);
		return Duration.ofNanos(sorted[Math.max(rank, 1) - 1]);
	}

}
