package io.redmesh.core.registry;

import java.time.Duration;

/**
 * The registry's time-limited promise to keep an instance.
 *
 * @param ttl the time that it lasts without a renewal
 * @param renewEvery the interval of renewals, which the registry decides
 * @param token the proof that a request comes from the holder; a secret, never logged
 * @param fence the incarnation of the instance that it belongs to
 */
public record Lease(Duration ttl, Duration renewEvery, String token, long fence) {

	/** The shortest TTL that a registry grants. */
	public static final Duration MIN_TTL = Duration.ofSeconds(3);

	/** The longest TTL that a registry grants. */
	public static final Duration MAX_TTL = Duration.ofMinutes(10);

	/** The TTL of an instance that asks for no other. */
	public static final Duration DEFAULT_TTL = Duration.ofSeconds(15);

	/**
	 * Creates a lease. It is renewed three times within its TTL, and three times within
	 * the default TTL if that is shorter. A registry that starts over waits only the
	 * default TTL for the instances that are still there, however long their leases are.
	 * @param ttl the time that it lasts without a renewal
	 * @param token the proof that a request comes from the holder
	 * @param fence the incarnation of the instance that it belongs to
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
