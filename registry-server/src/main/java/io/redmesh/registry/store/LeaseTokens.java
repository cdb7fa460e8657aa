package io.redmesh.registry.store;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Random;
import java.util.regex.Pattern;

/**
 * The form of a lease's token: {@code <fence>-<secret>}. The secret is 128 random bits in
 * hex, or what the incarnation has drawn for itself. It carries its fence so that a token
 * of the past can be told from one that was never seen, also when nothing is remembered
 * about it.
 * <p>
 * Safe for use by many threads.
 */
public final class LeaseTokens {

	// With at most 15 digits a fence stays exact in the doubles that Lua counts with.
	private static final int MAX_FENCE_DIGITS = 15;

	private static final int SECRET_BYTES = 16;

	private static final Pattern WELL_FORMED = Pattern.compile("[0-9]+-[a-zA-Z0-9]+");

	private final Random random;

	/** Creates the source of unguessable tokens. */
	public LeaseTokens() {
		this(new SecureRandom());
	}

	/**
	 * Creates a source of tokens.
	 * @param random where the secrets come from
	 */
	public LeaseTokens(Random random) {
		this.random = random;
	}

	/**
	 * Draws the secret part of a token.
	 * @return 32 hexadecimal digits
	 */
	public String secret() {
		byte[] bytes = new byte[SECRET_BYTES];
		this.random.nextBytes(bytes);
		return HexFormat.of().formatHex(bytes);
	}

	/**
	 * Makes a token.
	 * @param fence the fence of its incarnation
	 * @param secret what only its holder knows
	 * @return the token
	 */
	public static String token(long fence, String secret) {
		return fence + "-" + secret;
	}

	/**
	 * Reads the secret part of a token.
	 * @param token one of ours
	 * @return the secret
	 */
	public static String secretOf(String token) {
		return token.substring(token.indexOf('-') + 1);
	}

	/**
	 * Tells whether a token has the form of ours, and nothing in it that would have to be
	 * escaped.
	 * @param token anything at all
	 * @return whether it could be one
	 */
	public static boolean isWellFormed(String token) {
		return WELL_FORMED.matcher(token).matches();
	}

	/**
	 * Reads the fence that a token carries.
	 * @param token anything at all
	 * @return the fence, or 0 when this is no token of ours
	 */
	public static long fenceOf(String token) {
		int dash = token.indexOf('-');
		if (dash < 1 || dash > MAX_FENCE_DIGITS) {
			return 0;
		}
		long fence = 0;
		for (int i = 0; i < dash; i++) {
			char digit = token.charAt(i);
			if (digit < '0' || digit > '9') {
				return 0;
			}
			fence = 10 * fence + (digit - '0');
		}
		return fence;
	}

}
