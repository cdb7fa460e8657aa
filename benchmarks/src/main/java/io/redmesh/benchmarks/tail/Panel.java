package io.redmesh.benchmarks.tail;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** One drawing of a plot: lines over the same two axes. */
final class Panel {

	private final String title;

	private final Axis x;

	private final Axis y;

	private final List<Line> lines = new ArrayList<>();

	Panel(String title, Axis x, Axis y) {
		this.title = title;
		this.x = x;
		this.y = y;
	}

	/** Latencies by percentile, both on logarithmic scales. */
	static Panel latencies(String title) {
		Map<Double, String> nines = new TreeMap<>(
				Map.of(0.0, "0", Math.log10(2), "50", 1.0, "90", 2.0, "99", 3.0, "99.9"));
		Map<Double, String> millis = new TreeMap<>(
				Map.of(1.0, "1 ms", 10.0, "10 ms", 100.0, "100 ms", 1e3, "1 s", 1e4, "10 s", 1e5, "100 s"));
		return new Panel(title, new Axis("percentile of calls", 0, 3, false, nines),
				new Axis("latency", 1, 60_000, true, millis));
	}

	/** Something that changes during the load. */
	static Panel overTime(String title, int seconds, Axis y) {
		Map<Double, String> ticks = new TreeMap<>();
		int step = (seconds > 30) ? 10 : 5;
		for (int second = 0; second <= seconds; second += step) {
			ticks.put((double) second, second + " s");
		}
		return new Panel(title, new Axis("time", 0, seconds, false, ticks), y);
	}

	Panel line(String name, double[] xs, double[] ys) {
		this.lines.add(new Line(name, xs, ys));
		return this;
	}

	/** One value a second. */
	Panel line(String name, double[] ys) {
		double[] xs = new double[ys.length];
		for (int i = 0; i < xs.length; i++) {
			xs[i] = i + 0.5;
		}
		return line(name, xs, ys);
	}

	String title() {
		return this.title;
	}

	Axis x() {
		return this.x;
	}

	Axis y() {
		return this.y;
	}

	List<Line> lines() {
		return this.lines;
	}

	/**
	 * A scale.
	 *
	 * @param label what it is, with the unit unless the ticks have it
	 * @param from the smallest value
	 * @param to the largest value
	 * @param logarithmic whether equal distances are equal ratios
	 * @param ticks what stands at which value
	 */
	record Axis(String label, double from, double to, boolean logarithmic, Map<Double, String> ticks) {

		/** Where a value lies between the ends, 0 to 1. */
		double position(double value) {
			double clamped = Math.min(this.to, Math.max(this.from, value));
			return this.logarithmic ? Math.log(clamped / this.from) / Math.log(this.to / this.from)
					: (clamped - this.from) / (this.to - this.from);
		}

	}

	/**
	 * A line.
	 *
	 * @param name what it shows, the same in all panels
	 * @param xs where its points are
	 * @param ys where its points are
	 */
	record Line(String name, double[] xs, double[] ys) {

	}

}
