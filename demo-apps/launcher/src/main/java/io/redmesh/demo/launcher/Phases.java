package io.redmesh.demo.launcher;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The phases of a scenario, which follow one another under a constant load. Each phase
 * counts its own calls. Used by one thread.
 */
final class Phases implements AutoCloseable {

	private static final Duration SETTLE = Duration.ofSeconds(60);

	private static final Duration WINDOW = Duration.ofSeconds(2);

	private static final int MAX_WINDOWS = 20;

	private static final int MAX_HALVINGS = 3;

	private final URI target;

	private final Console console;

	private final Report report;

	private final int requestedRate;

	private Load load;

	private Pace pace;

	private Tally current = new Tally();

	/**
	 * Creates the phases; calls begin with {@link #begin}.
	 * @param target the URI that is called
	 * @param report the report that gets a row for each phase
	 * @param requestedRate calls per second, or 0 for as many as the machine can take
	 * while a JVM starts
	 */
	Phases(URI target, Console console, Report report, int requestedRate) {
		this.target = target;
		this.console = console;
		this.report = report;
		this.requestedRate = requestedRate;
		this.pace = Pace.requested(Math.max(1, requestedRate));
		this.load = load(target, this.pace.perSecond());
	}

	private static Load load(URI called, int callsPerSecond) {
		return new Load(Probe.CLIENT, called, callsPerSecond);
	}

	/** Warms the demo up, then chooses and starts the load, which goes on until close. */
	void begin() throws Exception {
		play("warm-up: at full speed", this::choosePace);
		this.load.close();
		startLoad();
		for (int i = 0; !playWarmUp() && this.requestedRate == 0 && i < MAX_HALVINGS; i++) {
			this.load.close();
			this.pace = this.pace.halved();
			startLoad();
		}
		this.report.note("load: " + this.pace);
	}

	private void choosePace(Tally tally) throws InterruptedException {
		double throughput = new Throughput(List.of(this.target), WINDOW, MAX_WINDOWS).measure(tally);
		if (this.requestedRate == 0) {
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
		play("warm-up: at the scenario's load", () -> settled.set(this.load.settle(SETTLE)));
		return settled.get();
	}

	/**
	 * Returns a time limit plus the time that this machine needs for a call, which is
	 * that of the phase's slowest call so far.
	 */
	Duration allowed(Duration limit) {
		return limit.plus(this.current.percentile(100));
	}

	/** Waits until responses keep up with the calls, for a minute at most. */
	void settle() throws InterruptedException {
		this.load.settle(SETTLE);
	}

	/**
	 * Runs an action and returns the tally of the calls that were due meanwhile. Some of
	 * these calls may still be in flight.
	 */
	Tally play(String name, Action action) throws Exception {
		return play(name, (tally) -> {
			this.load.count(tally);
			action.run();
		});
	}

	/**
	 * Runs an action like {@link #play}, while a second URI is called half as often.
	 */
	Tally playCalling(URI second, String name, Action action) throws Exception {
		return play(name, (tally) -> {
			this.load.count(tally);
			try (Load more = load(second, Math.max(1, this.pace.perSecond() / 2))) {
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

	/** Ends the load and adds the check that no call failed. */
	@Override
	public void close() {
		this.load.close();
		this.report.check("no call failed", "%d of %d failed".formatted(this.report.failedCalls(), this.report.calls()),
				this.report.failedCalls() == 0);
	}

	/** An action of a phase, which gets the tally for its own calls. */
	private interface CountedAction {

		void run(Tally tally) throws Exception;

	}

	/** An action during a phase. */
	interface Action {

		void run() throws Exception;

	}

}
