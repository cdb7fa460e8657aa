package io.redmesh.autoconfigure.inbound;

import java.util.concurrent.TimeUnit;

/**
 * A filter that lets short bursts exceed the limit, but no lasting overload. After a
 * pause of the JVM, of a neighbour or of a dependency, all requests that arrived
 * meanwhile are there at once. They are soon served: only a queue that persists is
 * overload (Nichols and Jacobson, <em>Controlling Queue Delay</em>, ACM Queue 2012). So
 * the limit may be exceeded for a time. It may be exceeded again only after a second in
 * which it was not.
 * <p>
 * Safe for use by many threads: a race costs one request more or less.
 */
final class Burst {

	private static final long CALM = TimeUnit.SECONDS.toNanos(1);

	private final long length;

	private volatile long began;

	private volatile long last;

	/**
	 * Creates a filter that no burst has used yet.
	 * @param length the permitted length of a burst in nanoseconds
	 * @param now the monotonic time in nanoseconds
	 */
	Burst(long length, long now) {
		this.length = length;
		this.began = now - length - CALM;
		this.last = this.began;
	}

	/**
	 * Decides on a request that exceeds the limit.
	 * @param now the monotonic time in nanoseconds
	 * @return whether the burst is shorter than permitted
	 */
	boolean tolerates(long now) {
		if (now - this.last > CALM) {
			this.began = now;
		}
		this.last = now;
		return now - this.began < this.length;
	}

}
