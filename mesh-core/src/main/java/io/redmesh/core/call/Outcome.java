package io.redmesh.core.call;

import io.redmesh.core.endpoint.Result;

/** How one attempt ended. */
public enum Outcome {

	/** An answer came that is no failure of the receiver. */
	RESPONDED(Result.SUCCESS),

	/**
	 * The receiver refuses what was asked: right if the caller is wrong, suspicious if
	 * others accept the same.
	 */
	REJECTED(Result.REJECTION),

	/** The receiver answers that it has failed; it may have done something. */
	FAILED(Result.FAILURE),

	/**
	 * The receiver answers that it cannot serve now, and that others may; it may have
	 * done something.
	 */
	UNAVAILABLE(Result.FAILURE),

	/** The receiver has too much to do, and has done nothing; others may serve. */
	SHED(Result.FAILURE),

	/**
	 * The receiver has done nothing, since nobody waits for it any more; says nothing
	 * about the endpoint.
	 */
	EXPIRED(Result.NOTHING),

	/** The receiver passes on the failure of a service behind it. */
	RELAYED(Result.RELAY),

	/** The receiver is not the service that was meant; it has done nothing. */
	MISDIRECTED(Result.UNREACHABLE),

	/** No connection could be made; nothing was sent. */
	CONNECT_FAILED(Result.UNREACHABLE),

	/**
	 * The certificate of the receiver is not trusted or is that of another host, or the
	 * receiver refused the caller's; no request was served.
	 */
	CERTIFICATE_FAILED(Result.CERTIFICATE),

	/** The connection broke before an answer; the receiver may have done something. */
	BROKEN(Result.FAILURE),

	/**
	 * It took longer than the caller wanted to wait; the receiver may have done
	 * something.
	 */
	TIMED_OUT(Result.FAILURE),

	/**
	 * The caller lost interest, or failed on its own side; says nothing about the
	 * endpoint.
	 */
	ABANDONED(Result.NOTHING);

	private final Result result;

	Outcome(Result result) {
		this.result = result;
	}

	/**
	 * Returns what it says about the endpoint.
	 * @return the result
	 */
	Result result() {
		return this.result;
	}

	/** Whether an answer came, whose body is still to be read. */
	boolean isAnswer() {
		return switch (this) {
			case RESPONDED, REJECTED, FAILED, UNAVAILABLE, SHED, EXPIRED, RELAYED, MISDIRECTED -> true;
			case CONNECT_FAILED, CERTIFICATE_FAILED, BROKEN, TIMED_OUT, ABANDONED -> false;
		};
	}

	/** Whether the receiver has certainly done nothing, and others may do it. */
	boolean provesNotExecuted() {
		return isNoLoad() || this == SHED;
	}

	/** Whether it was no load to the service, so that trying again multiplies none. */
	boolean isNoLoad() {
		return this == CONNECT_FAILED || this == CERTIFICATE_FAILED || this == MISDIRECTED;
	}

	/** Whether trying again elsewhere may help, where it does no harm. */
	boolean isWorthRepeating() {
		return this == UNAVAILABLE || this == BROKEN || this == TIMED_OUT;
	}

	/**
	 * Tells whether another attempt is more load. When an instance is killed all calls
	 * that are under way there break at once, and none of them is any more load to
	 * anybody: each may be made once more.
	 * @param attempts how many there have been
	 * @return whether the budget must permit it
	 */
	boolean needsBudget(int attempts) {
		return !isNoLoad() && !(this == BROKEN && attempts == 1);
	}

}
