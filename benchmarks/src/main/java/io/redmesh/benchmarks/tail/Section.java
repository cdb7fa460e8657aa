package io.redmesh.benchmarks.tail;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The results of a scenario: a table and lines to plot. */
final class Section {

	private final String title;

	private final String explanation;

	private final List<String> columns;

	private final List<List<String>> rows = new ArrayList<>();

	private final List<Panel> panels = new ArrayList<>();

	Section(String title, String explanation, String... columns) {
		this.title = title;
		this.explanation = explanation;
		this.columns = List.of(columns);
	}

	/** Adds a row and prints it at once to show progress. */
	void row(String... cells) {
		if (cells.length != this.columns.size()) {
			throw new IllegalArgumentException(this.title + " has " + this.columns.size() + " columns");
		}
		this.rows.add(List.of(cells));
		System.err.println(this.title + ": " + String.join(" | ", cells));
	}

	void panel(Panel panel) {
		this.panels.add(panel);
	}

	List<Panel> panels() {
		return this.panels;
	}

	String markdown() {
		StringBuilder text = new StringBuilder();
		text.append(String.format(Locale.ROOT, "### %s%n%n%s%n%n", this.title, this.explanation));
		text.append(String.format(Locale.ROOT, "| %s |%n", String.join(" | ", this.columns)));
		text.append(String.format(Locale.ROOT, "|%s%n", "---|".repeat(this.columns.size())));
		this.rows.forEach((row) -> text.append(String.format(Locale.ROOT, "| %s |%n", String.join(" | ", row))));
		return text.toString();
	}

	static String millis(double millis) {
		return String.format(Locale.ROOT, (millis < 1000) ? "%.0f ms" : "%,.0f ms", millis);
	}

	static String percent(double share) {
		return Double.isNaN(share) ? ""
				: String.format(Locale.ROOT, (share != 0 && share < 0.1) ? "%.2f %%" : "%.1f %%", share * 100);
	}

	static String times(double ratio) {
		return String.format(Locale.ROOT, "%.2f ×", ratio);
	}

}
