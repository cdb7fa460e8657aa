package io.redmesh.autoconfigure.inbound;

import java.util.concurrent.TimeUnit;

/**
 * Tells a crowd that passes from one that stays. After each pause, of the JVM, of a
 * neighbour or of a dependency, all that came meanwhile is there at once and is soon
 * served; only a queue that does not go away is overload (Nichols and Jacobson,
 * <em>Controlling Queue Delay</em>, ACM Queue 2012). So the limit may be exceeded for a
 * time, and after that again only when it was not for a second.
 * <p>
 * Safe for use by many threads: what a race costs is a request more or less.
 */
final class Burst {

	private static final long CALM = TimeUnit.SECONDS.toNanos(1);

	private final long length;

	private volatile long began;

	private volatile long last;

	/**
	 * Creates it.
	 * @param length how many nanoseconds a crowd may stay
	 * @param now the monotonic clock's time
	 */
	Burst(long length, long now) {
		this.length = length;
		this.began = now - length - CALM;
		this.last = this.began;
	}

	/**
	 * Decides on a request that exceeds the limit.
	 * @param now the monotonic clock's time
	 * @return whether the limit has not been exceeded for long
	 */
	boolean tolerates(long now) {
		if (now - this.last > CALM) {
			this.began = now;
		}
		this.last = now;
		return now - this.began < this.length;
	}

}
