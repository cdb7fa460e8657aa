package io.redmesh.demo.launcher;

import java.net.URI;
import java.time.Duration;

/**
 * The phases of a scenario, which follow one another under a constant load; the calls of
 * each are counted apart. Used by one thread.
 */
final class Phases implements AutoCloseable {

	private static final Duration SETTLE = Duration.ofSeconds(20);

	private final URI target;

	private final Console console;

	private final Report report;

	private final int perSecond;

	private final Load load;

	/**
	 * Calls nobody yet.
	 * @param target what is called
	 * @param report takes a row for each phase
	 * @param perSecond how many calls are due in a second
	 */
	Phases(URI target, Console console, Report report, int perSecond) {
		this.target = target;
		this.console = console;
		this.report = report;
		this.perSecond = perSecond;
		this.load = load(target, perSecond);
	}

	private static Load load(URI called, int callsPerSecond) {
		return new Load(Probe.CLIENT, called, callsPerSecond);
	}

	/** Lets the load grow, then go on until it is closed. */
	void begin() throws Exception {
		play("warm-up: growing load", this::warmUp);
		this.load.start();
		play("warm-up: full load", this::settle);
	}

	/**
	 * An eighth, a quarter and a half of the load: just started JVMs on a small machine
	 * could not keep up with all of it, and what is measured would be their queues.
	 */
	private void warmUp(Tally tally) throws InterruptedException {
		for (int part = 8; part > 1; part /= 2) {
			try (Load growing = load(this.target, Math.max(1, this.perSecond / part))) {
				growing.count(tally);
				growing.start();
				Thread.sleep(4000);
				growing.settle(SETTLE);
			}
		}
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
			try (Load more = load(another, Math.max(1, this.perSecond / 2))) {
				more.count(tally);
				more.start();
				action.run();
			}
		});
	}

	private Tally play(String name, CountedAction action) throws Exception {
		this.console.step("%s", name);
		Tally tally = new Tally();
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
