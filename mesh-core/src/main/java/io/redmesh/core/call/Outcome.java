package io.redmesh.core.call;

import io.redmesh.core.endpoint.Result;

/** The outcome of one attempt. */
public enum Outcome {

	/** A response that is no failure of the receiver. */
	RESPONDED(Result.SUCCESS),

	/**
	 * A refusal of the request: right if the caller is wrong, suspicious if other
	 * instances accept the same.
	 */
	REJECTED(Result.REJECTION),

	/** A failure that the receiver reports; it may have done something. */
	FAILED(Result.FAILURE),

	/**
	 * A response of a receiver that cannot serve now, while other instances may; it may
	 * have done something.
	 */
	UNAVAILABLE(Result.FAILURE),

	/**
	 * A refusal of an overloaded receiver, which did nothing; other instances may serve.
	 */
	SHED(Result.FAILURE),

	/**
	 * A refusal of a receiver that has done nothing because the deadline had passed. It
	 * says nothing about the endpoint.
	 */
	EXPIRED(Result.NOTHING),

	/** A failure of a service behind the receiver, which relays it. */
	RELAYED(Result.RELAY),

	/**
	 * A response of another service than the one that was meant, which has done nothing.
	 */
	MISDIRECTED(Result.UNREACHABLE),

	/** No connection; nothing was sent. */
	CONNECT_FAILED(Result.UNREACHABLE),

	/**
	 * A certificate of the receiver that is not trusted or is that of another host, or
	 * one of the caller that the receiver refused. No request was served.
	 */
	CERTIFICATE_FAILED(Result.CERTIFICATE),

	/**
	 * A connection that broke before a response; the receiver may have done something.
	 */
	BROKEN(Result.FAILURE),

	/** A timeout of the attempt; the receiver may have done something. */
	TIMED_OUT(Result.FAILURE),

	/**
	 * An attempt that the caller gave up, or that failed on the caller's side. It says
	 * nothing about the endpoint.
	 */
	ABANDONED(Result.NOTHING);

	private final Result result;

	Outcome(Result result) {
		this.result = result;
	}

	/**
	 * Returns the result for the endpoint.
	 * @return the result
	 */
	Result result() {
		return this.result;
	}

	/** Returns whether there is a response, whose body is still to be read. */
	boolean isAnswer() {
		return switch (this) {
			case RESPONDED, REJECTED, FAILED, UNAVAILABLE, SHED, EXPIRED, RELAYED, MISDIRECTED -> true;
			case CONNECT_FAILED, CERTIFICATE_FAILED, BROKEN, TIMED_OUT, ABANDONED -> false;
		};
	}

	/**
	 * Returns whether the receiver certainly did nothing, and other instances may serve.
	 */
	boolean provesNotExecuted() {
		return isNoLoad() || this == SHED;
	}

	/** Returns whether the attempt was no load, so that its retries multiply none. */
	boolean isNoLoad() {
		return this == CONNECT_FAILED || this == CERTIFICATE_FAILED || this == MISDIRECTED;
	}

	/** Returns whether a retry elsewhere may help, where it does no harm. */
	boolean isWorthRepeating() {
		return this == UNAVAILABLE || this == BROKEN || this == TIMED_OUT;
	}

	/**
	 * Returns whether another attempt needs budget because it is more load. When an
	 * instance is killed, all its calls in flight break at once and are no load any more.
	 * So each of them may be retried once.
	 * @param attempts the number of attempts so far
	 * @return whether the budget must permit it
	 */
	boolean needsBudget(int attempts) {
		return !isNoLoad() && !(this == BROKEN && attempts == 1);
	}

}
