package io.redmesh.demo.launcher;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The phases of a scenario, which follow one another under a constant load; the calls of
 * each are counted apart. Used by one thread.
 */
final class Phases implements AutoCloseable {

	private static final Duration SETTLE = Duration.ofSeconds(60);

	private static final Duration WINDOW = Duration.ofSeconds(2);

	private static final int MAX_WINDOWS = 20;

	private static final int MAX_HALVINGS = 3;

	private final URI target;

	private final Console console;

	private final Report report;

	private final int asked;

	private Load load;

	private Pace pace;

	private Tally current = new Tally();

	/**
	 * Calls nothing yet.
	 * @param target what is called
	 * @param report takes a row for each phase
	 * @param asked calls a second that are asked for, or 0 for as many as the machine can
	 * take while a JVM starts
	 */
	Phases(URI target, Console console, Report report, int asked) {
		this.target = target;
		this.console = console;
		this.report = report;
		this.asked = asked;
		this.pace = Pace.asked(Math.max(1, asked));
		this.load = load(target, this.pace.perSecond());
	}

	private static Load load(URI called, int callsPerSecond) {
		return new Load(Probe.CLIENT, called, callsPerSecond);
	}

	/** Warms the demo up, chooses the load, and lets it go on until it is closed. */
	void begin() throws Exception {
		play("warm-up: as fast as it answers", this::choosePace);
		this.load.close();
		startLoad();
		for (int i = 0; !playWarmUp() && this.asked == 0 && i < MAX_HALVINGS; i++) {
			this.load.close();
			this.pace = this.pace.halved();
			startLoad();
		}
		this.report.note("load: " + this.pace);
	}

	private void choosePace(Tally tally) throws InterruptedException {
		double throughput = new Throughput(List.of(this.target), WINDOW, MAX_WINDOWS).measure(tally);
		if (this.asked == 0) {
			this.pace = Pace.of(throughput, Runtime.getRuntime().availableProcessors());
		}
	}

	private void startLoad() {
		this.console.step("load: %s", this.pace);
		this.load = load(this.target, this.pace.perSecond());
		this.load.start();
	}

	private boolean playWarmUp() throws Exception {
		AtomicBoolean settled = new AtomicBoolean();
		play("warm-up: the load of the scenario", () -> settled.set(this.load.settle(SETTLE)));
		return settled.get();
	}

	/**
	 * Returns a limit of time with what this machine needs for a call on top: the slowest
	 * of the phase so far.
	 */
	Duration allowed(Duration limit) {
		return limit.plus(this.current.percentile(100));
	}

	/** Waits until answers keep up with the calls, for a while at most. */
	void settle() throws InterruptedException {
		this.load.settle(SETTLE);
	}

	/**
	 * Does something, and returns how the calls went that were due while it was done;
	 * some of them may still be unanswered.
	 */
	Tally play(String name, Action action) throws Exception {
		return play(name, (tally) -> {
			this.load.count(tally);
			action.run();
		});
	}

	/** Like {@link #play}, while another address is called half as often. */
	Tally playCalling(URI another, String name, Action action) throws Exception {
		return play(name, (tally) -> {
			this.load.count(tally);
			try (Load more = load(another, Math.max(1, this.pace.perSecond() / 2))) {
				more.count(tally);
				more.start();
				action.run();
			}
		});
	}

	private Tally play(String name, CountedAction action) throws Exception {
		this.console.step("%s", name);
		Tally tally = new Tally();
		this.current = tally;
		long start = System.nanoTime();
		try {
			action.run(tally);
		}
		finally {
			this.report.phase(name, Duration.ofNanos(System.nanoTime() - start), tally);
		}
		return tally;
	}

	/** Ends the load and notes whether a call failed. */
	@Override
	public void close() {
		this.load.close();
		this.report.check("no call failed", "%d of %d failed".formatted(this.report.failedCalls(), this.report.calls()),
				this.report.failedCalls() == 0);
	}

	/** What happens in a phase that counts calls of its own. */
	private interface CountedAction {

		void run(Tally tally) throws Exception;

	}

	/** What happens in a phase. */
	interface Action {

		void run() throws Exception;

	}

}
