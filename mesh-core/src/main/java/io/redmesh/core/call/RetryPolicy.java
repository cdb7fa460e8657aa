package io.redmesh.core.call;

/**
 * What may be tried again. Trying again is safe when nothing was done (no connection,
 * misdirected), and when doing it twice does no harm (an idempotent call, RFC 9110
 * section 9.2.2) and the connection broke.
 *
 * @param maxAttempts how many attempts one call may make in all, 1 to
 * {@value #MAX_ATTEMPTS}
 */
public record RetryPolicy(int maxAttempts) {

	/** The most attempts that one call may be allowed. */
	public static final int MAX_ATTEMPTS = 10;

	public RetryPolicy {
		if (maxAttempts < 1 || maxAttempts > MAX_ATTEMPTS) {
			throw new IllegalArgumentException(
					"maxAttempts: %d (expected: 1 to %d)".formatted(maxAttempts, MAX_ATTEMPTS));
		}
	}

	boolean permits(int attempts, Outcome outcome, boolean idempotent) {
		if (attempts >= this.maxAttempts) {
			return false;
		}
		return outcome == Outcome.CONNECT_FAILED || outcome == Outcome.MISDIRECTED
				|| (outcome == Outcome.BROKEN && idempotent);
	}

}
