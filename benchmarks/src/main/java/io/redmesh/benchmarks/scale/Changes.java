package io.redmesh.benchmarks.scale;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReferenceArray;

import io.redmesh.benchmarks.load.EventLoop;

/**
 * A constant rate of changes. One instance after another goes down and, a second later,
 * up; or it deregisters and, a second later, registers. The thread of the instances makes
 * the changes.
 */
final class Changes {

	private static final long SECOND = Duration.ofSeconds(1).toNanos();

	// The limit of waits for watchers that have not seen the last change of an instance.
	private static final int MAX_WAITS = 100;

	private static final long WAIT = Duration.ofMillis(50).toNanos();

	// Has no common divisor with the number of instances.
	private static final int STRIDE = 7919;

	private final Crowd crowd;

	private final AtomicReferenceArray<Change> awaited;

	private final long every;

	private final int watchersOfEach;

	private long turns;

	private long due;

	private boolean running;

	private boolean counting;

	private long counted;

	private long missing;

	private int inProgress;

	Changes(Crowd crowd, AtomicReferenceArray<Change> awaited, int perSecond, int watchersOfEach) {
		this.crowd = crowd;
		this.awaited = awaited;
		// Each turn makes two changes.
		this.every = 2 * SECOND / perSecond;
		this.watchersOfEach = watchersOfEach;
	}

	void start() {
		this.crowd.loop().execute(() -> {
			this.running = true;
			this.due = System.nanoTime();
			turn();
		});
	}

	private void turn() {
		if (!this.running) {
			return;
		}
		for (; this.due <= System.nanoTime(); this.due += this.every) {
			begin(this.turns++);
		}
		this.crowd.loop().schedule(this.due - System.nanoTime(), this::turn);
	}

	private void begin(long turn) {
		int number = (int) (turn * STRIDE % this.awaited.length());
		App app = this.crowd.app(number);
		this.inProgress++;
		if (turn % 2 == 0) {
			expect(number, 'D');
			app.setStatus("DOWN");
			runWhenSeen(SECOND, number, MAX_WAITS, () -> {
				expect(number, 'U');
				app.setStatus("UP");
				runWhenSeen(WAIT, number, MAX_WAITS, () -> this.inProgress--);
			});
		}
		else {
			expect(number, 'G');
			app.deregister();
			runWhenSeen(SECOND, number, MAX_WAITS, () -> {
				expect(number, 'U');
				app.registerAgain();
				runWhenSeen(WAIT, number, MAX_WAITS, () -> this.inProgress--);
			});
		}
	}

	private void expect(int number, char state) {
		this.counted += this.counting ? 1 : 0;
		this.awaited.set(number, new Change(number, state, this.counting, this.watchersOfEach));
	}

	/**
	 * Runs the next step after a time, once all watchers have seen the last change, or
	 * after all waits.
	 */
	private void runWhenSeen(long nanos, int number, int waits, Runnable next) {
		EventLoop loop = this.crowd.loop();
		loop.schedule(nanos, () -> {
			Change change = this.awaited.get(number);
			if (change != null && waits > 0) {
				runWhenSeen(WAIT, number, waits - 1, next);
				return;
			}
			if (change != null) {
				this.missing += change.counted() ? change.missing().get() : 0;
				this.awaited.set(number, null);
			}
			next.run();
		});
	}

	/** Sets whether changes that begin from now on are counted. */
	void count(boolean counting) throws Exception {
		this.crowd.loop().call(() -> {
			this.counting = counting;
			return counting;
		});
	}

	/** Ends the changes, and waits until each instance is as it was before. */
	void stop() throws Exception {
		this.crowd.loop().execute(() -> this.running = false);
		while (this.crowd.loop().call(() -> this.inProgress > 0)) {
			Waiting.nap();
		}
	}

	/** Returns the number of counted changes. */
	long counted() throws Exception {
		return this.crowd.loop().call(() -> this.counted);
	}

	/** Returns how often a watcher did not get a counted change of its services. */
	long missing() throws Exception {
		return this.crowd.loop().call(() -> this.missing);
	}

}
