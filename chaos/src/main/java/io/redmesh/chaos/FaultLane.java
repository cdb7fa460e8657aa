package io.redmesh.chaos;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;

import io.redmesh.chaos.history.History;
import io.redmesh.chaos.history.History.Fault;
import io.redmesh.chaos.history.Times;
import io.redmesh.chaos.process.Waiting;
import org.jspecify.annotations.Nullable;

/**
 * A thread that injects faults of one kind, one after another. The seed alone decides
 * which faults come, and how. When they come depends on how long each takes.
 */
final class FaultLane {

	private static final int MAX_PAUSE_MILLIS = 6000;

	private final String name;

	private final History history;

	private final List<FaultAction> actions;

	private final Random random;

	private final Thread thread;

	private final AtomicReference<@Nullable RuntimeException> failure = new AtomicReference<>();

	private volatile boolean open = true;

	FaultLane(String name, History history, List<FaultAction> actions, long seed) {
		this.name = name;
		this.history = history;
		this.actions = actions;
		this.random = new Random(seed * 31 + name.hashCode());
		this.thread = new Thread(this::run, "faults-" + name);
		this.thread.setDaemon(true);
	}

	void start() {
		this.thread.start();
	}

	private void run() {
		try {
			while (this.open) {
				Waiting.pause(Duration.ofMillis(500 + this.random.nextInt(MAX_PAUSE_MILLIS)));
				if (this.open) {
					fault();
				}
			}
		}
		catch (RuntimeException ex) {
			this.failure.set(ex);
		}
	}

	private void fault() {
		FaultAction action = this.actions.get(this.random.nextInt(this.actions.size()));
		// Each fault draws from a source of its own. So its draws do not depend on how
		// many an earlier fault needed.
		Random own = new Random(this.random.nextLong());
		StringBuilder what = new StringBuilder(this.name + ":");
		long from = this.history.now();
		try {
			action.run(own, (part) -> {
				what.append(' ').append(part);
				System.out.println(Times.text(this.history.now()) + "  " + this.name + ": " + part);
			});
		}
		finally {
			this.history.add(new Fault(from, this.history.now(), what.toString()));
		}
	}

	/**
	 * Begins no more faults, and waits for the current one to end.
	 * @return the failure of the harness itself, or an empty text
	 */
	String end() {
		this.open = false;
		try {
			this.thread.join(Duration.ofMinutes(2).toMillis());
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		RuntimeException failed = this.failure.get();
		if (failed != null) {
			return "The faults of the " + this.name + " ended early: " + failed;
		}
		return this.thread.isAlive() ? "The faults of the " + this.name + " do not end" : "";
	}

}
