package io.redmesh.core.endpoint;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A decaying number: it falls by the factor <i>e</i> in each time constant. The decay is
 * computed on reading, so that no task runs between calls.
 * <p>
 * Safe for use by many threads; takes no lock and makes no garbage. Value (a positive
 * float without its three lowest bits) and time of the last change (36 bits) share one
 * long. The time counts in ticks of 2<sup>22</sup> ns, about 4 ms, and wraps after nine
 * years, longer than a process lives.
 */
final class Decaying {

	private static final int TICK_BITS = 22;

	private static final int MOMENT_BITS = 36;

	private static final long MOMENT = (1L << MOMENT_BITS) - 1;

	/**
	 * A minute in ticks: a thread may arrive that late with the time that it has read.
	 */
	private static final long LATE = 1L << 14;

	private static final int DROPPED_BITS = 3;

	/**
	 * The number of time constants in the table of factors. Beyond them the factor counts
	 * as zero: e<sup>-8</sup> is 0.0003.
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
	 * Returns the decayed value.
	 * @param nanos the monotonic time now
	 * @return the value; 0 also if it never had one
	 */
	float value(long nanos) {
		long current = this.state.get();
		return (current == 0) ? 0 : value(current, tick(nanos));
	}

	/**
	 * Adds an observation like the peak EWMA of Finagle's {@code PeakEwma}: up at once,
	 * down over time.
	 * @param observed the observed value, positive
	 * @param nanos the monotonic time now
	 */
	void observe(float observed, long nanos) {
		long now = tick(nanos);
		long current;
		float next;
		do {
			current = this.state.get();
			float left = (current == 0) ? 0 : value(current, now);
			next = (observed > left) ? observed : left + observed * (1 - factor(age(current, now)));
		}
		while (!this.state.compareAndSet(current, pack(next, now)));
	}

	/**
	 * Multiplies the decayed value, and then adds to it.
	 * @param factor the factor
	 * @param summand the summand
	 * @param limit the upper limit of the result
	 * @param nanos the monotonic time now
	 */
	void change(float factor, float summand, float limit, long nanos) {
		long now = tick(nanos);
		long current;
		float next;
		do {
			current = this.state.get();
			float left = (current == 0) ? 0 : value(current, now);
			next = Math.min(limit, left * factor + summand);
		}
		while (!this.state.compareAndSet(current, pack(next, now)));
	}

	/** Resets the number to never having had a value. */
	void forget() {
		this.state.set(0);
	}

	private float value(long state, long now) {
		return Float.intBitsToFloat((int) (state >>> MOMENT_BITS) << DROPPED_BITS) * factor(age(state, now));
	}

	private static long age(long state, long now) {
		long age = (now - state) & MOMENT;
		return (age > MOMENT - LATE) ? 0 : age;
	}

	private float factor(long ticks) {
		double step = ticks * this.stepsATick;
		return (step < FACTORS.length) ? FACTORS[(int) step] : 0;
	}

	private static long tick(long nanos) {
		return nanos >> TICK_BITS;
	}

	private static long pack(float value, long tick) {
		return (long) (Float.floatToRawIntBits(value) >>> DROPPED_BITS) << MOMENT_BITS | (tick & MOMENT);
	}

}
