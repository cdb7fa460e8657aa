package io.redmesh.demo.launcher;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;

/**
 * The launcher's output: one line for each step, with the seconds since the start. Safe
 * for use by many threads.
 */
final class Console {

	private final PrintStream out;

	private final long start = System.nanoTime();

	Console(PrintStream out) {
		this.out = out;
	}

	void step(String text, Object... arguments) {
		double seconds = (System.nanoTime() - this.start) / 1e9;
		say(String.format(Locale.ROOT, "[%6.1f s] ", seconds) + String.format(Locale.ROOT, text, arguments));
	}

	void say(String text) {
		this.out.println(text);
		this.out.flush();
	}

	static String seconds(Duration duration) {
		return String.format(Locale.ROOT, "%.1f s", duration.toNanos() / 1e9);
	}

	static String millis(Duration duration) {
		return String.format(Locale.ROOT, "%.1f ms", duration.toNanos() / 1e6);
	}

}
