package io.redmesh.benchmarks.scale;

import java.util.Arrays;
import java.util.Locale;

import io.redmesh.benchmarks.load.Sample;
import io.redmesh.benchmarks.scale.Subject.Footprint;

/** The report, which prints tables in Markdown. */
final class Report {

	private static final double MEBI = 1024 * 1024;

	private Report() {
	}

	static void line(String format, Object... values) {
		System.out.printf(Locale.ROOT, format + "%n", values);
		System.out.flush();
	}

	static void head(String... titles) {
		line("%n| %s |", String.join(" | ", titles));
		line("|%s", "---|".repeat(titles.length));
	}

	static void row(String... cells) {
		line("| %s |", String.join(" | ", cells));
	}

	static void latencies(String what, Sample sample) {
		row(what, String.format(Locale.ROOT, "%,d", sample.operations()), millis(sample.quantile(0.5)),
				millis(sample.quantile(0.99)), millis(sample.quantile(1)));
	}

	private static String millis(double millis) {
		return String.format(Locale.ROOT, "%.1f ms", millis);
	}

	static String seconds(long nanos) {
		return String.format(Locale.ROOT, "%.2f s", nanos / 1e9);
	}

	/** Returns the number of cores in use between two readings, by process. */
	static String cores(double[] before, double[] after, long nanos) {
		return String.join(" + ",
				Arrays.stream(used(before, after))
					.mapToObj((seconds) -> String.format(Locale.ROOT, "%.2f", seconds * 1e9 / nanos))
					.toList());
	}

	static double[] used(double[] before, double[] after) {
		double[] used = new double[after.length];
		Arrays.setAll(used, (i) -> after[i] - before[i]);
		return used;
	}

	static void memory(String when, Footprint footprint) {
		row(when, mebi(footprint.heap()), mebi(footprint.resident()), mebi(footprint.redis()));
	}

	private static String mebi(long bytes) {
		return String.format(Locale.ROOT, "%.1f MiB", bytes / MEBI);
	}

	/** Prints the memory that each of many instances or watchers has added. */
	static void memoryOfEach(String what, Footprint before, Footprint after, int count) {
		row(what, bytes(after.heap() - before.heap(), count), bytes(after.resident() - before.resident(), count),
				bytes(after.redis() - before.redis(), count));
	}

	private static String bytes(long all, int count) {
		return String.format(Locale.ROOT, "%,d B", all / count);
	}

}
