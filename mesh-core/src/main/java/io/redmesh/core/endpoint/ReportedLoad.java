package io.redmesh.core.endpoint;

import java.time.Duration;

/**
 * The load that an instance last reported. Immutable. It counts less the older it is,
 * because the load of one moment says little about a later one. All callers would
 * otherwise avoid an instance that was busy once (Mitzenmacher, How Useful Is Old
 * Information?, 2000).
 * <p>
 * Netflix' edge does the same with the utilization that servers report, and forgets it
 * over time (<a href=
 * "https://netflixtechblog.com/netflix-edge-load-balancing-695308b5548c">Rethinking
 * Netflix's Edge Load Balancing</a>). The weights of <a href=
 * "https://github.com/grpc/proposal/blob/master/A58-client-side-weighted-round-robin-lb-policy.md">gRFC
 * A58</a> are calls per second over utilization. They need averages over seconds, which
 * instances do not report. The expiry of reports is taken from it; slow start takes the
 * place of its blackout period for new endpoints.
 *
 * @param utilization requests in flight over requests permitted at a time; 0 or more
 * @param nanos the monotonic time of the report
 */
public record ReportedLoad(float utilization, long nanos) {

	static final ReportedLoad NONE = new ReportedLoad(0, 0);

	private static final float LIFETIME = Duration.ofSeconds(5).toNanos();

	/** The extra cost factor of an instance at its limit. */
	private static final float WEIGHT = 2;

	/**
	 * Returns the factor by which an instance is treated as slower than it is.
	 * @param now the monotonic time
	 * @return 1 for an instance that is idle or reports nothing, 3 for one at its limit
	 */
	public float strain(long now) {
		if (this.utilization == 0) {
			return 1;
		}
		float left = 1 - Math.max(0, now - this.nanos) / LIFETIME;
		return (left > 0) ? 1 + WEIGHT * this.utilization * left : 1;
	}

}
