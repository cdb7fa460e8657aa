package io.redmesh.registry.store;

import org.jspecify.annotations.Nullable;

/**
 * By what an instance claims to be the one that is registered.
 *
 * @param token the token of its lease, when it holds one
 * @param incarnation a secret that it has drawn for all of its life, when it has. Makes a
 * registration repeatable: a lease that was granted to it is granted again, although the
 * answer that brought the token was lost
 */
public record Claim(@Nullable String token, @Nullable String incarnation) {

	/** That of a newcomer. */
	public static final Claim NONE = new Claim(null, null);

	/**
	 * Claims a lease.
	 * @param token its token, or null
	 * @return the claim
	 */
	public static Claim of(@Nullable String token) {
		return new Claim(token, null);
	}

}
