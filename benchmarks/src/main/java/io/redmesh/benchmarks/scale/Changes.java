package io.redmesh.benchmarks.scale;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReferenceArray;

import io.redmesh.benchmarks.load.EventLoop;

/**
 * Changes that go on and on: an instance after the other goes down and up again a second
 * later, or deregisters and registers again a second later. On the thread of the
 * instances.
 */
final class Changes {

	private static final long SECOND = Duration.ofSeconds(1).toNanos();

	// Of the next change of an instance, when somebody has not seen the last one.
	private static final int PATIENCE = 100;

	private static final long LOOK_AGAIN = Duration.ofMillis(50).toNanos();

	// No divisor of the number of instances.
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

	private int underWay;

	Changes(Crowd crowd, AtomicReferenceArray<Change> awaited, int perSecond, int watchersOfEach) {
		this.crowd = crowd;
		this.awaited = awaited;
		// Each turn is two changes.
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
		this.underWay++;
		if (turn % 2 == 0) {
			await(number, 'D');
			app.say("DOWN");
			later(SECOND, number, PATIENCE, () -> {
				await(number, 'U');
				app.say("UP");
				later(LOOK_AGAIN, number, PATIENCE, () -> this.underWay--);
			});
		}
		else {
			await(number, 'G');
			app.leave();
			later(SECOND, number, PATIENCE, () -> {
				await(number, 'U');
				app.comeBack();
				later(LOOK_AGAIN, number, PATIENCE, () -> this.underWay--);
			});
		}
	}

	private void await(int number, char state) {
		this.counted += this.counting ? 1 : 0;
		this.awaited.set(number, new Change(number, state, this.counting, this.watchersOfEach));
	}

	/** Goes on when all have seen the last change. */
	private void later(long nanos, int number, int tries, Runnable next) {
		EventLoop loop = this.crowd.loop();
		loop.schedule(nanos, () -> {
			Change change = this.awaited.get(number);
			if (change != null && tries > 0) {
				later(LOOK_AGAIN, number, tries - 1, next);
				return;
			}
			if (change != null) {
				this.missing += change.counted() ? change.missing().get() : 0;
				this.awaited.set(number, null);
			}
			next.run();
		});
	}

	/** Those that begin from now on are counted, or no longer. */
	void count(boolean yes) throws Exception {
		this.crowd.loop().call(() -> {
			this.counting = yes;
			return yes;
		});
	}

	/** Ends it, and waits until each instance is as it was. */
	void stop() throws Exception {
		this.crowd.loop().execute(() -> this.running = false);
		while (this.crowd.loop().call(() -> this.underWay > 0)) {
			Waiting.nap();
		}
	}

	/** How many were counted. */
	long counted() throws Exception {
		return this.crowd.loop().call(() -> this.counted);
	}

	/** How many times one of them was not seen by one who should have. */
	long missing() throws Exception {
		return this.crowd.loop().call(() -> this.missing);
	}

}
