package io.redmesh.autoconfigure.registration;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

import io.redmesh.core.time.Timer;

/**
 * A task that runs once for all requests within a short time. Many threads may use it.
 */
final class Coalesced implements Runnable {

	private final Timer timer;

	private final Duration delay;

	private final Runnable task;

	private final AtomicBoolean due = new AtomicBoolean();

	Coalesced(Timer timer, Duration delay, Runnable task) {
		this.timer = timer;
		this.delay = delay;
		this.task = task;
	}

	@Override
	public void run() {
		if (this.due.compareAndSet(false, true)) {
			this.timer.schedule(this.delay, () -> {
				this.due.set(false);
				this.task.run();
			});
		}
	}

}
