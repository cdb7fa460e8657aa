package io.redmesh.registry.watch;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

import io.redmesh.core.time.Timer;

/**
 * The schedule of pushes. The first change goes out at once, and those that follow it go
 * out together at the end of a window. The window doubles while it gathers many changes,
 * and shrinks while it gathers few. After a window without a change the next change goes
 * out at once again. A push to many watchers is followed by a longer window, so that
 * pushing leaves time for other work.
 */
final class PushWindow {

	private static final int MANY = 16;

	private static final int FEW = 4;

	// About twice the cost of one write to a socket.
	private static final Duration REST_PER_WATCHER = Duration.ofNanos(50_000);

	private final Timer timer;

	private final Duration minWindow;

	private final Duration maxWindow;

	private final Supplier<Pushed> push;

	private final AtomicBoolean due = new AtomicBoolean();

	private final AtomicBoolean running = new AtomicBoolean();

	// Used only by the thread that has set running.
	private Duration window;

	/**
	 * Creates a schedule.
	 * @param timer the timer that ends windows
	 * @param minWindow the shortest window
	 * @param maxWindow the longest window
	 * @param push sends the changes
	 */
	PushWindow(Timer timer, Duration minWindow, Duration maxWindow, Supplier<Pushed> push) {
		this.timer = timer;
		this.minWindow = minWindow;
		this.maxWindow = maxWindow;
		this.push = push;
		this.window = minWindow;
	}

	/**
	 * Notes a change. The first change after a quiet window goes out on the caller's
	 * thread: waking another thread would take longer than all the rest.
	 */
	void signal() {
		this.due.set(true);
		if (this.running.compareAndSet(false, true)) {
			run();
		}
	}

	private void run() {
		if (this.due.getAndSet(false)) {
			Pushed pushed = this.push.get();
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
	 * The result of a push.
	 *
	 * @param changes the number of changes
	 * @param watchers the number of watchers that were woken
	 */
	record Pushed(int changes, int watchers) {

	}

}
