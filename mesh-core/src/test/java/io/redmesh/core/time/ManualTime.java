package io.redmesh.core.time;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Time that stands still until a test moves it: both clocks and a timer, whose tasks run
 * on the thread that moves the time (after {@code FakeClock} of grpc-java).
 */
public final class ManualTime implements Time, Timer {

	private final List<Task> tasks = new ArrayList<>();

	private Instant now = Instant.parse("2026-01-01T00:00:00Z");

	private long nanos = 1_000_000_000L;

	private long sequence;

	@Override
	public synchronized long nanos() {
		return this.nanos;
	}

	@Override
	public synchronized Instant now() {
		return this.now;
	}

	/** Moves the time instead of blocking. */
	@Override
	public void sleep(Duration duration) throws InterruptedException {
		if (Thread.interrupted()) {
			throw new InterruptedException();
		}
		forward(duration);
	}

	@Override
	public synchronized Scheduled schedule(Duration delay, Runnable runnable) {
		Task task = new Task(this.nanos + Math.max(0, delay.toNanos()), this.sequence++, runnable);
		this.tasks.add(task);
		return () -> cancel(task);
	}

	private synchronized void cancel(Task task) {
		this.tasks.remove(task);
	}

	/**
	 * Moves the time and runs the tasks that fall due, each at its own moment. This
	 * includes the tasks that those tasks schedule in turn.
	 * @param duration the distance to move
	 */
	public void forward(Duration duration) {
		long target = nanos() + duration.toNanos();
		for (Task task = nextDue(target); task != null; task = nextDue(target)) {
			task.runnable.run();
		}
		moveTo(target);
	}

	private synchronized Task nextDue(long target) {
		Task next = this.tasks.stream()
			.filter((task) -> task.due <= target)
			.min(Comparator.comparingLong(Task::due).thenComparingLong(Task::sequence))
			.orElse(null);
		if (next != null) {
			this.tasks.remove(next);
			moveTo(Math.max(next.due, this.nanos));
		}
		return next;
	}

	private synchronized void moveTo(long target) {
		this.now = this.now.plusNanos(target - this.nanos);
		this.nanos = target;
	}

	/**
	 * Returns the delays of all scheduled tasks.
	 * @return the delays, soonest first
	 */
	public synchronized List<Duration> pending() {
		return this.tasks.stream().map((task) -> Duration.ofNanos(task.due - this.nanos)).sorted().toList();
	}

	@Override
	public synchronized void close() {
		this.tasks.clear();
	}

	private record Task(long due, long sequence, Runnable runnable) {

	}

}
