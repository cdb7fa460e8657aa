package io.redmesh.core.registry;

import java.time.Duration;

/**
 * The registry's time-limited promise to keep an instance.
 *
 * @param ttl how long it holds without a renewal
 * @param renewEvery how often to renew it; the registry's to set
 * @param token proves that a request comes from the holder; a secret, never logged
 * @param fence which incarnation of the instance it belongs to
 */
public record Lease(Duration ttl, Duration renewEvery, String token, long fence) {

	/** The shortest lease that a registry grants. */
	public static final Duration MIN_TTL = Duration.ofSeconds(3);

	/** The longest lease that a registry grants. */
	public static final Duration MAX_TTL = Duration.ofMinutes(10);

	/** The lease of an instance that asks for nothing else. */
	public static final Duration DEFAULT_TTL = Duration.ofSeconds(15);

	/**
	 * Makes a lease that is to be renewed three times in its ttl, and three times in the
	 * default one, too: a registry that begins anew waits that long for those who are
	 * still there, however long their leases are.
	 * @param ttl how long it holds without a renewal
	 * @param token proves that a request comes from the holder
	 * @param fence which incarnation of the instance it belongs to
	 * @return the lease
	 */
	public static Lease grant(Duration ttl, String token, long fence) {
		Duration shorter = (ttl.compareTo(DEFAULT_TTL) < 0) ? ttl : DEFAULT_TTL;
		return new Lease(ttl, shorter.dividedBy(3), token, fence);
	}

	@Override
	public String toString() {
		return "Lease[ttl=%s, renewEvery=%s, fence=%d]".formatted(this.ttl, this.renewEvery, this.fence);
	}

}
