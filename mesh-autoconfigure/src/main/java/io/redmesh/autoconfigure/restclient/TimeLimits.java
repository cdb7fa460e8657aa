package io.redmesh.autoconfigure.restclient;

import java.time.Duration;

import io.redmesh.autoconfigure.call.TimeoutScanner;
import io.redmesh.core.time.Time;
import io.redmesh.core.time.Timer;
import org.jspecify.annotations.Nullable;

/**
 * The time limits of blocking attempts. Each thread has a stack of its own, so that
 * beginning and ending a limit takes no lock.
 * <p>
 * Safe for use by many threads.
 */
final class TimeLimits {

	private final TimeoutScanner scanner;

	private final Timer timer;

	private final ThreadLocal<LimitStack> stacks = ThreadLocal.withInitial(this::stack);

	TimeLimits(Time time, Timer timer) {
		this.scanner = new TimeoutScanner(time, timer);
		this.timer = timer;
	}

	private LimitStack stack() {
		LimitStack stack = new LimitStack(this.scanner);
		this.scanner.add(stack);
		return stack;
	}

	/**
	 * Begins a limit of what the current thread does next.
	 * @param timeout the duration of the limit, or null for none
	 * @return the limit, to be ended by the same thread
	 */
	TimeLimit begin(@Nullable Duration timeout) {
		if (timeout == null) {
			return new TimeLimit(0, null);
		}
		if (timeout.compareTo(TimeoutScanner.SHORT) < 0) {
			TimeLimit limit = new TimeLimit(0, null);
			Timer.Scheduled scheduled = this.timer.schedule(timeout, limit::exceed);
			limit.onEnd(scheduled::cancel);
			return limit;
		}
		LimitStack stack = this.stacks.get();
		TimeLimit limit = new TimeLimit(this.scanner.deadline(timeout), stack);
		stack.push(limit);
		this.scanner.wakeUp();
		return limit;
	}

	/** The running limits of one thread; a call within a call has the inner one. */
	static final class LimitStack implements TimeoutScanner.Target {

		private final Thread thread = Thread.currentThread();

		private final TimeoutScanner scanner;

		// Written only by that thread.
		private volatile @Nullable TimeLimit running;

		LimitStack(TimeoutScanner scanner) {
			this.scanner = scanner;
		}

		private void push(TimeLimit limit) {
			limit.enclosedBy(this.running);
			this.running = limit;
		}

		void pop(TimeLimit limit) {
			this.running = limit.enclosing();
		}

		@Override
		public boolean isBusy() {
			return this.running != null;
		}

		@Override
		public void scan(long now) {
			for (TimeLimit limit = this.running; limit != null; limit = limit.enclosing()) {
				if (now - limit.deadline() >= 0) {
					limit.exceed();
				}
			}
			if (!this.thread.isAlive()) {
				this.scanner.remove(this);
			}
		}

	}

}
