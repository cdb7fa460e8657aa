package io.redmesh.registry.store;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Random;
import java.util.regex.Pattern;

/**
 * The form of a lease's token: {@code <fence>-<secret>}. The secret is 128 random bits in
 * hex, or the one that the incarnation has drawn for itself. The fence tells a token of
 * the past from one that never existed, even if nothing is remembered about it.
 * <p>
 * Safe for use by many threads.
 */
public final class LeaseTokens {

	// With at most 15 digits a fence stays exact in Lua's doubles.
	private static final int MAX_FENCE_DIGITS = 15;

	private static final int SECRET_BYTES = 16;

	private static final Pattern WELL_FORMED = Pattern.compile("[0-9]+-[a-zA-Z0-9]+");

	private final Random random;

	/** Creates a source of unguessable tokens. */
	public LeaseTokens() {
		this(new SecureRandom());
	}

	/**
	 * Creates a source of tokens.
	 * @param random the source of the secrets
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
	 * Joins the parts of a token.
	 * @param fence the fence of its incarnation
	 * @param secret the secret that only its holder knows
	 * @return the token
	 */
	public static String token(long fence, String secret) {
		return fence + "-" + secret;
	}

	/**
	 * Returns the secret part of a token.
	 * @param token a token of this form
	 * @return the secret
	 */
	public static String secretOf(String token) {
		return token.substring(token.indexOf('-') + 1);
	}

	/**
	 * Returns whether a token has this form, and has no characters that must be escaped.
	 * @param token any text
	 * @return whether it could be a token
	 */
	public static boolean isWellFormed(String token) {
		return WELL_FORMED.matcher(token).matches();
	}

	/**
	 * Returns the fence that a token carries.
	 * @param token any text
	 * @return the fence, or 0 if the text is no such token
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
