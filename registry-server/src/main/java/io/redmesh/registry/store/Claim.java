package io.redmesh.registry.store;

import org.jspecify.annotations.Nullable;

/**
 * A claim to be the instance that is registered.
 *
 * @param token the token of the instance's lease, or null if it holds none
 * @param incarnation the secret of its incarnation, drawn once for all of its life, or
 * null. It makes a registration repeatable: a lease that was granted to it is granted
 * again if the response with the token was lost
 */
public record Claim(@Nullable String token, @Nullable String incarnation) {

	/** The claim of a new instance. */
	public static final Claim NONE = new Claim(null, null);

	/**
	 * Creates the claim of a lease's holder.
	 * @param token the token of the lease, or null
	 * @return the claim
	 */
	public static Claim of(@Nullable String token) {
		return new Claim(token, null);
	}

}
