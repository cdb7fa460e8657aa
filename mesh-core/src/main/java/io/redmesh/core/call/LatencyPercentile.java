package io.redmesh.core.call;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * Percentiles of the latency over the last 15 to 30 seconds. They are computed from a
 * histogram whose buckets are an eighth of a power of two wide, as those of HdrHistogram
 * with one digit. A percentile is at most 12.5 % too large.
 * <p>
 * Safe for use by many threads; a race at a change of windows loses a few values.
 */
final class LatencyPercentile {

	/** The number of values from which on a percentile is meaningful. */
	static final int MIN_VALUES = 100;

	private static final long WINDOW = TimeUnit.SECONDS.toNanos(15);

	private static final long FRESH = TimeUnit.MILLISECONDS.toNanos(100);

	private static final int SUB_BITS = 3;

	private static final int SUBS = 1 << SUB_BITS;

	private static final long LONGEST = TimeUnit.HOURS.toMicros(1);

	private static final int BUCKETS = bucket(LONGEST) + 1;

	private volatile AtomicIntegerArray current = new AtomicIntegerArray(BUCKETS);

	private volatile AtomicIntegerArray previous = new AtomicIntegerArray(BUCKETS);

	private volatile long windowBegan;

	private volatile Computed latest;

	/**
	 * Creates an empty histogram.
	 * @param now the monotonic time
	 */
	LatencyPercentile(long now) {
		this.windowBegan = now;
		this.latest = new Computed(0, now, -1);
	}

	/**
	 * Adds the duration of a call.
	 * @param nanos nanoseconds, not negative
	 * @param now the monotonic time
	 */
	void add(long nanos, long now) {
		roll(now);
		this.current.incrementAndGet(bucket(Math.min(TimeUnit.NANOSECONDS.toMicros(nanos), LONGEST)));
	}

	/**
	 * Returns a percentile.
	 * @param percentile the percentile, 1 to 99
	 * @param now the monotonic time
	 * @return nanoseconds, or -1 while there are fewer than {@value #MIN_VALUES} values
	 */
	long value(int percentile, long now) {
		Computed known = this.latest;
		if (known.percentile != percentile || now - known.at >= FRESH) {
			roll(now);
			known = new Computed(percentile, now, compute(percentile, this.current, this.previous));
			this.latest = known;
		}
		return known.value;
	}

	private static long compute(int percentile, AtomicIntegerArray now, AtomicIntegerArray before) {
		long all = 0;
		for (int i = 0; i < BUCKETS; i++) {
			all += now.get(i) + before.get(i);
		}
		if (all < MIN_VALUES) {
			return -1;
		}
		long rank = (all * percentile + 99) / 100;
		int bucket = -1;
		for (long seen = 0; seen < rank; seen += now.get(bucket) + before.get(bucket)) {
			bucket++;
		}
		return TimeUnit.MICROSECONDS.toNanos(end(bucket));
	}

	private void roll(long now) {
		if (now - this.windowBegan < WINDOW) {
			return;
		}
		synchronized (this) {
			long past = now - this.windowBegan;
			if (past >= WINDOW) {
				boolean adjoins = past < 2 * WINDOW;
				this.previous = adjoins ? this.current : new AtomicIntegerArray(BUCKETS);
				this.current = new AtomicIntegerArray(BUCKETS);
				// Not now: after a pause the previous window would count for too long.
				this.windowBegan = adjoins ? this.windowBegan + WINDOW : now;
			}
		}
	}

	// The first two octaves are exact.
	private static int bucket(long micros) {
		if (micros < 2 * SUBS) {
			return (int) micros;
		}
		int shift = Long.SIZE - 1 - Long.numberOfLeadingZeros(micros) - SUB_BITS;
		return (int) ((long) shift * SUBS + (micros >> shift));
	}

	// The first value of the next bucket.
	private static long end(int bucket) {
		if (bucket < 2 * SUBS) {
			return bucket + 1L;
		}
		int shift = bucket / SUBS - 1;
		return (bucket % SUBS + SUBS + 1L) << shift;
	}

	@Override
	public String toString() {
		Computed known = this.latest;
		return "%d of 100 within %s".formatted(known.percentile, Duration.ofNanos(known.value));
	}

	/** A percentile that was computed, and when. */
	private record Computed(int percentile, long at, long value) {

	}

}
