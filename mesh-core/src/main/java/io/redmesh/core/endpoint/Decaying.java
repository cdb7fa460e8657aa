package io.redmesh.core.endpoint;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A number that falls by itself, by the factor <i>e</i> in each time constant. The decay
 * is computed when somebody reads, so that nothing runs between calls.
 * <p>
 * Safe for use by many threads; takes no lock and makes no garbage: value (a float) and
 * moment share one long. A moment counts in ticks of 2<sup>20</sup> ns, about 1 ms, and
 * wraps after 52 days, which is harmless: what is as old as that has fallen to nothing.
 */
final class Decaying {

	private static final int TICK_BITS = 20;

	/**
	 * Up to here the factor is looked up, beyond it is zero: e<sup>-8</sup> is 0.0003.
	 */
	private static final int CONSTANTS = 8;

	private static final int STEPS_A_CONSTANT = 256;

	private static final float[] FACTORS = factors();

	private final float stepsATick;

	private final AtomicLong state = new AtomicLong();

	Decaying(Duration constant) {
		this.stepsATick = (float) ((double) (STEPS_A_CONSTANT << TICK_BITS) / constant.toNanos());
	}

	private static float[] factors() {
		float[] factors = new float[CONSTANTS * STEPS_A_CONSTANT];
		for (int i = 0; i < factors.length; i++) {
			factors[i] = (float) Math.exp(-(double) i / STEPS_A_CONSTANT);
		}
		return factors;
	}

	/**
	 * Returns what is left of it.
	 * @param nanos the monotonic time now
	 * @return the value, 0 also if it never had one
	 */
	float value(long nanos) {
		long current = this.state.get();
		return (current == 0) ? 0 : value(current, tick(nanos));
	}

	/**
	 * Takes in an observation as the peak EWMA of Finagle's {@code PeakEwma} does: up at
	 * once, down over time.
	 * @param observed what was observed, positive
	 * @param nanos the monotonic time now
	 */
	void observe(float observed, long nanos) {
		int now = tick(nanos);
		long current;
		float next;
		do {
			current = this.state.get();
			float left = (current == 0) ? 0 : value(current, now);
			next = (observed > left) ? observed : left + observed * (1 - factor(now - (int) current));
		}
		while (!this.state.compareAndSet(current, pack(next, now)));
	}

	/**
	 * Multiplies what is left, and then adds to it.
	 * @param factor by what to multiply
	 * @param summand what to add
	 * @param limit the most that may come out
	 * @param nanos the monotonic time now
	 */
	void change(float factor, float summand, float limit, long nanos) {
		int now = tick(nanos);
		long current;
		float next;
		do {
			current = this.state.get();
			float left = (current == 0) ? 0 : value(current, now);
			next = Math.min(limit, left * factor + summand);
		}
		while (!this.state.compareAndSet(current, pack(next, now)));
	}

	/** Makes it as if it had never had a value. */
	void forget() {
		this.state.set(0);
	}

	private float value(long state, int now) {
		return Float.intBitsToFloat((int) (state >>> Integer.SIZE)) * factor(now - (int) state);
	}

	// Threads may come a little late with the time that they have read.
	private float factor(int ticks) {
		int step = (int) (Math.max(0, ticks) * this.stepsATick);
		return (step < FACTORS.length) ? FACTORS[step] : 0;
	}

	private static int tick(long nanos) {
		return (int) (nanos >> TICK_BITS);
	}

	private static long pack(float value, int tick) {
		return (long) Float.floatToRawIntBits(value) << Integer.SIZE | (tick & 0xFFFF_FFFFL);
	}

}
