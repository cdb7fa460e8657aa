package io.redmesh.benchmarks.load;

import java.util.Arrays;

/**
 * What a load has come to.
 *
 * @param operations how many succeeded
 * @param failures how many did not
 * @param nanos from the first request to the last answer
 * @param latencies of the requests that succeeded, in nanoseconds, ascending
 */
public record Sample(long operations, long failures, long nanos, long[] latencies) {

	public double perSecond() {
		return this.operations * 1e9 / this.nanos;
	}

	/** In milliseconds. */
	public double quantile(double quantile) {
		return (this.latencies.length == 0) ? Double.NaN
				: this.latencies[Math.max(0, (int) Math.ceil(quantile * this.latencies.length) - 1)] / 1e6;
	}

	/** When each request stood for several operations. */
	public Sample times(int operations) {
		return new Sample(this.operations * operations, this.failures * operations, this.nanos, this.latencies);
	}

	/** Counts while a load runs. Not for several threads. */
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

		/** Tells the first few; each is counted. */
		public void failure(String what) {
			if (this.failures++ < 3) {
				System.err.println("FAILED: " + what);
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
