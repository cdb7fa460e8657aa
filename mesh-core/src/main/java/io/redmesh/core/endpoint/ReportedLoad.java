package io.redmesh.core.endpoint;

import java.time.Duration;

/**
 * How busy an instance last said it was. It counts less the longer that is ago, since the
 * load of a moment says little about a later one, and all callers would flee from whoever
 * was busy once (Mitzenmacher, How Useful Is Old Information?, 2000). Immutable.
 * <p>
 * Netflix' edge does so with what servers report of their utilization, and forgets it
 * over time (<a href=
 * "https://netflixtechblog.com/netflix-edge-load-balancing-695308b5548c">Rethinking
 * Netflix's Edge Load Balancing</a>). The weights of <a href=
 * "https://github.com/grpc/proposal/blob/master/A58-client-side-weighted-round-robin-lb-policy.md">gRFC
 * A58</a>, calls a second over utilization, need averages over seconds that instances do
 * not tell; of it stays that a report expires. Its blackout of those that have just come
 * is what slow start does.
 *
 * @param utilization requests that are served over those that may be served at a time; 0
 * or more
 * @param nanos the monotonic time at which it said so
 */
public record ReportedLoad(float utilization, long nanos) {

	static final ReportedLoad NONE = new ReportedLoad(0, 0);

	private static final float LIFETIME = Duration.ofSeconds(5).toNanos();

	/** How many times slower besides one seems that serves as many as it may. */
	private static final float WEIGHT = 2;

	/**
	 * Returns how many times slower than it is an instance is to be taken for.
	 * @param now the monotonic time
	 * @return 1 for one that is idle or says nothing, 3 for one that is just at its limit
	 */
	public float strain(long now) {
		if (this.utilization == 0) {
			return 1;
		}
		float left = 1 - Math.max(0, now - this.nanos) / LIFETIME;
		return (left > 0) ? 1 + WEIGHT * this.utilization * left : 1;
	}

}
