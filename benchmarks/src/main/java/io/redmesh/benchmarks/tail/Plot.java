package io.redmesh.benchmarks.tail;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;

import io.redmesh.benchmarks.tail.Panel.Axis;
import io.redmesh.benchmarks.tail.Panel.Line;

/** A drawing of panels as a self-contained SVG document. */
final class Plot {

	private static final int COLUMNS = 4;

	private static final int WIDTH = 360;

	private static final int HEIGHT = 250;

	private static final int LEFT = 70;

	private static final int TOP = 30;

	private static final int INNER_WIDTH = WIDTH - LEFT - 18;

	private static final int INNER_HEIGHT = HEIGHT - TOP - 46;

	private static final int LEGEND_LINE = 20;

	/** The colours of Okabe and Ito, which colour-blind people can distinguish. */
	private static final String[] COLOURS = { "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9",
			"#000000", "#8A6D00" };

	private static final String[] DASHES = { "", "6 3", "2 3", "8 3 2 3" };

	private final StringBuilder svg = new StringBuilder();

	private final List<String> names;

	private final int columns;

	private Plot(List<List<Panel>> rows) {
		LinkedHashSet<String> all = new LinkedHashSet<>();
		rows.forEach((row) -> row.forEach((panel) -> panel.lines().forEach((line) -> all.add(line.name()))));
		this.names = new ArrayList<>(all);
		this.columns = rows.stream().mapToInt(List::size).max().orElse(1);
	}

	/** Draws the panels of all scenarios; those of one scenario stay in one row. */
	static String draw(List<List<Panel>> scenarios) {
		List<List<Panel>> rows = new ArrayList<>();
		for (List<Panel> scenario : scenarios) {
			List<Panel> last = rows.isEmpty() ? List.of() : rows.get(rows.size() - 1);
			if (rows.isEmpty() || last.size() + scenario.size() > COLUMNS) {
				rows.add(new ArrayList<>(scenario));
			}
			else {
				last.addAll(scenario);
			}
		}
		return new Plot(rows).document(rows);
	}

	private String document(List<List<Panel>> rows) {
		int legend = 16 + LEGEND_LINE * ((this.names.size() + this.columns - 1) / this.columns);
		int width = WIDTH * this.columns;
		int height = legend + HEIGHT * rows.size();
		add("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\" "
				+ "font-family=\"Helvetica, Arial, sans-serif\" font-size=\"11\" fill=\"#222222\">", width, height,
				width, height);
		add("<rect width=\"%d\" height=\"%d\" fill=\"#ffffff\"/>", width, height);
		for (int i = 0; i < this.names.size(); i++) {
			legend(this.names.get(i), LEFT + i % this.columns * WIDTH, 20 + LEGEND_LINE * (i / this.columns));
		}
		for (int line = 0; line < rows.size(); line++) {
			for (int i = 0; i < rows.get(line).size(); i++) {
				panel(rows.get(line).get(i), i * WIDTH + LEFT, legend + line * HEIGHT + TOP);
			}
		}
		add("</svg>");
		return this.svg.toString();
	}

	private void legend(String name, int x, int y) {
		add("<line x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\" %s/>", x, y - 4, x + 32, y - 4, stroke(name));
		text(x + 40, y, "start", name);
	}

	private void panel(Panel panel, int x, int y) {
		add("<text x=\"%d\" y=\"%d\" font-size=\"13\" font-weight=\"bold\">%s</text>", x, y - 10,
				escape(panel.title()));
		Axis horizontal = panel.x();
		horizontal.ticks().forEach((value, label) -> {
			if (value >= horizontal.from() && value <= horizontal.to()) {
				double at = x + horizontal.position(value) * INNER_WIDTH;
				grid(at, y, at, y + INNER_HEIGHT);
				text(at, y + INNER_HEIGHT + 14, "middle", label);
			}
		});
		Axis vertical = panel.y();
		vertical.ticks().forEach((value, label) -> {
			if (value >= vertical.from() && value <= vertical.to()) {
				double at = y + (1 - vertical.position(value)) * INNER_HEIGHT;
				grid(x, at, x + INNER_WIDTH, at);
				text(x - 6, at + 4, "end", label);
			}
		});
		add("<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"none\" stroke=\"#888888\"/>", x, y, INNER_WIDTH,
				INNER_HEIGHT);
		text(x + INNER_WIDTH / 2.0, y + INNER_HEIGHT + 30, "middle", horizontal.label());
		double middle = y + INNER_HEIGHT / 2.0;
		add("<text x=\"%d\" y=\"%.1f\" text-anchor=\"middle\" transform=\"rotate(-90 %d %.1f)\">%s</text>", x - 58,
				middle, x - 58, middle, escape(vertical.label()));
		panel.lines().forEach((line) -> line(panel, line, x, y));
	}

	private void line(Panel panel, Line line, int x, int y) {
		StringBuilder points = new StringBuilder();
		for (int i = 0; i < line.xs().length; i++) {
			if (!Double.isNaN(line.ys()[i])) {
				points
					.append(String.format(Locale.ROOT, "%.1f,%.1f ", x + panel.x().position(line.xs()[i]) * INNER_WIDTH,
							y + (1 - panel.y().position(line.ys()[i])) * INNER_HEIGHT));
			}
		}
		add("<polyline points=\"%s\" %s><title>%s</title></polyline>", points.toString().strip(), stroke(line.name()),
				escape(line.name()));
	}

	private String stroke(String name) {
		int index = this.names.indexOf(name);
		// Lines that share a colour differ in their dashes.
		String dash = DASHES[(index + index / COLOURS.length) % DASHES.length];
		return "fill=\"none\" stroke=\"%s\" stroke-width=\"1.8\"%s".formatted(COLOURS[index % COLOURS.length],
				dash.isEmpty() ? "" : " stroke-dasharray=\"" + dash + "\"");
	}

	private void grid(double x1, double y1, double x2, double y2) {
		add("<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"#dddddd\"/>", x1, y1, x2, y2);
	}

	private void text(double x, double y, String anchor, String text) {
		add("<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>", x, y, anchor, escape(text));
	}

	private static String escape(String text) {
		return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
	}

	private void add(String format, Object... values) {
		this.svg.append(String.format(Locale.ROOT, format, values)).append('\n');
	}

}
