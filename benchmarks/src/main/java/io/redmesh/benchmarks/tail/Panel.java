package io.redmesh.benchmarks.tail;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A panel of a plot: lines over the same two axes. */
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

	/** Creates a panel of latencies by percentile, both on logarithmic scales. */
	static Panel latencies(String title) {
		Map<Double, String> nines = new TreeMap<>(
				Map.of(0.0, "0", Math.log10(2), "50", 1.0, "90", 2.0, "99", 3.0, "99.9"));
		Map<Double, String> millis = new TreeMap<>(
				Map.of(1.0, "1 ms", 10.0, "10 ms", 100.0, "100 ms", 1e3, "1 s", 1e4, "10 s", 1e5, "100 s"));
		return new Panel(title, new Axis("percentile of calls", 0, 3, false, nines),
				new Axis("latency", 1, 60_000, true, millis));
	}

	/** Creates a panel of a value that changes during the load. */
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

	/** Adds a line with one value for each second. */
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
	 * An axis.
	 *
	 * @param label the quantity, with the unit unless the ticks have it
	 * @param from the smallest value
	 * @param to the largest value
	 * @param logarithmic whether equal distances are equal ratios
	 * @param ticks the labels by their values
	 */
	record Axis(String label, double from, double to, boolean logarithmic, Map<Double, String> ticks) {

		/** Returns the position of a value between the ends, 0 to 1. */
		double position(double value) {
			double clamped = Math.min(this.to, Math.max(this.from, value));
			return this.logarithmic ? Math.log(clamped / this.from) / Math.log(this.to / this.from)
					: (clamped - this.from) / (this.to - this.from);
		}

	}

	/**
	 * A line.
	 *
	 * @param name the name in the legend, the same in all panels
	 * @param xs the horizontal values of its points
	 * @param ys the vertical values of its points
	 */
	record Line(String name, double[] xs, double[] ys) {

	}

}
