package io.redmesh.demo.launcher;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The findings of a scenario: a row for each phase, and the checks that decide. */
final class Report {

	private final List<Phase> phases = new ArrayList<>();

	private final List<Check> checks = new ArrayList<>();

	private final List<String> notes = new ArrayList<>();

	void phase(String name, Duration took, Tally tally) {
		this.phases.add(new Phase(name, took, tally));
	}

	/** Adds a note that a reader needs to judge the figures. */
	void note(String text) {
		this.notes.add(text);
	}

	/** Adds a check: the expectation, the finding, and whether it passed. */
	void check(String expectation, String found, boolean passed) {
		this.checks.add(new Check(expectation, found, passed));
	}

	int failedCalls() {
		return this.phases.stream().mapToInt((phase) -> phase.tally().failed()).sum();
	}

	int calls() {
		return this.phases.stream().mapToInt((phase) -> phase.tally().calls()).sum();
	}

	boolean passed() {
		return !this.checks.isEmpty() && this.checks.stream().allMatch(Check::passed);
	}

	/** Returns the report as text for a terminal. */
	String render() {
		StringBuilder text = new StringBuilder();
		this.notes.forEach((note) -> line(text, "%s", note));
		line(text, "%-44s %8s %7s %7s %9s %9s %9s", "phase", "took", "calls", "failed", "p50 ms", "p99 ms", "max ms");
		for (Phase phase : this.phases) {
			Tally tally = phase.tally();
			line(text, "%-44s %7.1fs %7d %7d %9.1f %9.1f %9.1f", phase.name(), phase.took().toNanos() / 1e9,
					tally.calls(), tally.failed(), millis(tally, 50), millis(tally, 99), millis(tally, 100));
			tally.failures().forEach((reason, count) -> line(text, "      %d x %s", count, reason));
		}
		line(text, "");
		for (Check check : this.checks) {
			line(text, "%-4s  %-62s %s", check.passed() ? "ok" : "FAIL", check.expectation(), check.found());
		}
		return text.toString();
	}

	private static double millis(Tally tally, double percent) {
		return tally.percentile(percent).toNanos() / 1e6;
	}

	private static void line(StringBuilder text, String format, Object... arguments) {
		text.append(String.format(Locale.ROOT, format, arguments).stripTrailing()).append('\n');
	}

	private record Phase(String name, Duration took, Tally tally) {
	}

	private record Check(String expectation, String found, boolean passed) {
	}

}
