package io.redmesh.core.endpoint;

import io.redmesh.core.time.Time;

/**
 * The slow start of an endpoint: its share grows linearly, as in Envoy by default.
 * <p>
 * Safe for use by many threads.
 */
final class SlowStart {

	private static final float LEAST = 0.1F;

	private volatile long begun;

	private volatile boolean over;

	SlowStart(boolean over, long nanos) {
		this.over = over;
		this.begun = nanos;
	}

	void begin(long nanos) {
		this.begun = nanos;
		this.over = false;
	}

	/**
	 * Returns the part of its share that the endpoint gets.
	 * @param policy the policy of its service, which says how long slow start lasts
	 * @param nanos the monotonic time now
	 * @return {@value #LEAST} to 1
	 */
	float warmth(EjectionPolicy policy, long nanos) {
		if (this.over) {
			return 1;
		}
		long elapsed = nanos - this.begun;
		long window = Time.nanos(policy.slowStart());
		if (elapsed < window) {
			return Math.max(LEAST, (float) elapsed / window);
		}
		this.over = true;
		return 1;
	}

}
