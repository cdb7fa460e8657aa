package io.redmesh.registry.watch;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

import io.redmesh.core.time.Timer;

/**
 * Decides when changes go out: the first one at once, those that follow it together at
 * the end of a window. The window doubles while it gathers many changes and shrinks while
 * it gathers few; after a window without any the next change goes out at once again. A
 * push to many is followed by a longer window, so that pushing leaves time for the rest.
 */
final class PushWindow {

	private static final int MANY = 16;

	private static final int FEW = 4;

	// About twice what one write to a socket costs.
	private static final Duration REST_PER_WATCHER = Duration.ofNanos(50_000);

	private final Timer timer;

	private final Duration minWindow;

	private final Duration maxWindow;

	private final Supplier<Pushed> beat;

	private final AtomicBoolean due = new AtomicBoolean();

	private final AtomicBoolean running = new AtomicBoolean();

	// Only touched by the one that runs.
	private Duration window;

	/**
	 * Creates a pulse.
	 * @param timer on whose thread it beats
	 * @param minWindow the shortest window
	 * @param maxWindow the longest window
	 * @param beat what to do
	 */
	PushWindow(Timer timer, Duration minWindow, Duration maxWindow, Supplier<Pushed> beat) {
		this.timer = timer;
		this.minWindow = minWindow;
		this.maxWindow = maxWindow;
		this.beat = beat;
		this.window = minWindow;
	}

	/**
	 * Says that there is a change. The first one after a silence goes out on the caller's
	 * thread: to wake another one would take longer than all the rest.
	 */
	void signal() {
		this.due.set(true);
		if (this.running.compareAndSet(false, true)) {
			run();
		}
	}

	private void run() {
		if (this.due.getAndSet(false)) {
			Pushed pushed = this.beat.get();
			adapt(pushed.changes());
			Duration rest = min(REST_PER_WATCHER.multipliedBy(pushed.watchers()), this.maxWindow);
			this.timer.schedule(max(this.window, rest), this::run);
			return;
		}
		this.window = this.minWindow;
		this.running.set(false);
		if (this.due.get()) {
			signal();
		}
	}

	private void adapt(int gathered) {
		if (gathered >= MANY) {
			this.window = min(this.window.multipliedBy(2), this.maxWindow);
		}
		else if (gathered < FEW && this.window.compareTo(this.minWindow) > 0) {
			this.window = max(this.window.dividedBy(2), this.minWindow);
		}
	}

	private static Duration min(Duration one, Duration other) {
		return (one.compareTo(other) <= 0) ? one : other;
	}

	private static Duration max(Duration one, Duration other) {
		return (one.compareTo(other) >= 0) ? one : other;
	}

	/**
	 * What has gone out.
	 *
	 * @param changes how many changes
	 * @param watchers to how many
	 */
	record Pushed(int changes, int watchers) {

	}

}
