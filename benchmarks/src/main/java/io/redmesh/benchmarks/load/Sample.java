package io.redmesh.benchmarks.load;

import java.util.Arrays;

/**
 * The result of a load.
 *
 * @param operations the number of operations that succeeded
 * @param failures the number of operations that failed
 * @param nanos the time from the first request to the last response, in nanoseconds
 * @param latencies the latencies of successful requests, in nanoseconds, ascending
 */
public record Sample(long operations, long failures, long nanos, long[] latencies) {

	public double perSecond() {
		return this.operations * 1e9 / this.nanos;
	}

	/** Returns a quantile of the latencies in milliseconds, or NaN without any. */
	public double quantile(double quantile) {
		return (this.latencies.length == 0) ? Double.NaN
				: this.latencies[Math.max(0, (int) Math.ceil(quantile * this.latencies.length) - 1)] / 1e6;
	}

	/** Returns the result if each request stands for several operations. */
	public Sample times(int operations) {
		return new Sample(this.operations * operations, this.failures * operations, this.nanos, this.latencies);
	}

	/** The counters of a running load. Not safe for use by several threads. */
	public static final class Tally {

		private long[] latencies = new long[8192];

		private int operations;

		private int failures;

		public void success(long nanos) {
			if (this.operations == this.latencies.length) {
				this.latencies = Arrays.copyOf(this.latencies, 2 * this.operations);
			}
			this.latencies[this.operations++] = nanos;
		}

		/** Counts a failure, and prints it if it is one of the first three. */
		public void failure(String reason) {
			if (this.failures++ < 3) {
				System.err.println("FAILED: " + reason);
			}
		}

		public void add(Tally other) {
			for (int i = 0; i < other.operations; i++) {
				success(other.latencies[i]);
			}
			this.failures += other.failures;
		}

		public Sample over(long nanos) {
			long[] sorted = Arrays.copyOf(this.latencies, this.operations);
			Arrays.sort(sorted);
			return new Sample(this.operations, this.failures, nanos, sorted);
		}

	}

}
