package io.redmesh.benchmarks.tail;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

import io.redmesh.benchmarks.tail.OpenLoop.Busy;

/**
 * The results of the calls that count.
 *
 * @param calls the calls in the order in which they were due
 * @param latencies the latencies of all calls, however they ended, in milliseconds,
 * ascending; a call that has not ended counts with the time waited for it
 * @param busy the share of the machine that was in use
 */
record Trace(List<Call> calls, double[] latencies, Busy busy) {

	private static final double MAX_LATE_MILLIS = 20;

	private static final double MAX_CPU = 0.85;

	static Trace of(List<Call> all, long now, Busy busy) {
		List<Call> counted = all.stream().filter((call) -> call.second() >= 0).toList();
		double[] latencies = counted.stream().mapToDouble((call) -> call.latency(now) / 1e6).sorted().toArray();
		return new Trace(counted, latencies, busy);
	}

	/** Returns a quantile of the latencies in milliseconds. */
	double quantile(double quantile) {
		return quantile(this.latencies, quantile);
	}

	private static double quantile(double[] sorted, double quantile) {
		return (sorted.length == 0) ? Double.NaN : sorted[Math.max(0, (int) Math.ceil(quantile * sorted.length) - 1)];
	}

	long failed() {
		return count((call) -> !call.succeeded());
	}

	double failedShare() {
		return (double) failed() / this.calls.size();
	}

	long count(Predicate<Call> condition) {
		return this.calls.stream().filter(condition).count();
	}

	/** Returns the calls due in each second that succeeded within a time, counted. */
	int[] goodput(int seconds, double withinMillis) {
		int[] goodput = new int[seconds];
		for (Call call : this.calls) {
			if (call.succeeded() && call.latency(0) <= withinMillis * 1e6) {
				goodput[call.second()]++;
			}
		}
		return goodput;
	}

	/** Returns the reasons to distrust the measurement, or {@code none}. */
	String caveats() {
		List<String> caveats = new ArrayList<>();
		double late = quantile(this.calls.stream().mapToDouble((call) -> call.late() / 1e6).sorted().toArray(), 0.99);
		if (late > MAX_LATE_MILLIS) {
			caveats.add(String.format(Locale.ROOT, "calls begun %.0f ms late at p99", late));
		}
		long queued = count(Call::wasQueued);
		if (queued > 0) {
			caveats.add(String.format(Locale.ROOT, "%.1f %% of the calls waited for a thread",
					100.0 * queued / this.calls.size()));
		}
		if (this.busy.machine() > MAX_CPU) {
			caveats.add(String.format(Locale.ROOT, "machine %.0f %% busy, %.0f %% with this", this.busy.machine() * 100,
					this.busy.process() * 100));
		}
		long without = count((call) -> !call.hasEnded());
		if (without > 0) {
			caveats.add(String.format(Locale.ROOT, "%d calls had no end", without));
		}
		return caveats.isEmpty() ? "none" : String.join("; ", caveats);
	}

	/**
	 * Returns the points of a line over percentiles, on a scale where each further nine
	 * takes the same space.
	 */
	double[][] percentiles() {
		double[] nines = new double[61];
		Arrays.setAll(nines, (i) -> i * 0.05);
		double[] values = Arrays.stream(nines).map((x) -> quantile(1 - Math.pow(10, -x))).toArray();
		return new double[][] { nines, values };
	}

}
