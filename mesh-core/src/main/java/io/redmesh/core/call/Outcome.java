package io.redmesh.core.call;

import io.redmesh.core.endpoint.Result;
import io.redmesh.core.traffic.RetryOn;

/** The outcome of one attempt. */
public enum Outcome {

	/** A response that is no failure of the receiver. */
	RESPONDED(Result.SUCCESS, Effect.FINAL),

	/**
	 * A refusal of the request: right if the caller is wrong, suspicious if other
	 * instances accept the same.
	 */
	REJECTED(Result.REJECTION, Effect.FINAL),

	/** A failure that the receiver reports; it may have done something. */
	FAILED(Result.FAILURE, Effect.FINAL),

	/**
	 * A response of a receiver that cannot serve now, while other instances may; it may
	 * have done something.
	 */
	UNAVAILABLE(Result.FAILURE, Effect.UNKNOWN),

	/**
	 * A refusal of an overloaded receiver, which did nothing; other instances may serve.
	 */
	SHED(Result.FAILURE, Effect.NOT_EXECUTED),

	/**
	 * A refusal of a receiver that has done nothing because the deadline had passed. It
	 * says nothing about the endpoint.
	 */
	EXPIRED(Result.NOTHING, Effect.FINAL),

	/** A failure of a service behind the receiver, which relays it. */
	RELAYED(Result.RELAY, Effect.FINAL),

	/**
	 * A response of another service than the one that was meant, which has done nothing.
	 */
	MISDIRECTED(Result.UNREACHABLE, Effect.NO_LOAD),

	/** No connection; nothing was sent. */
	CONNECT_FAILED(Result.UNREACHABLE, Effect.NO_LOAD),

	/**
	 * A certificate of the receiver that is not trusted or is that of another host, or
	 * one of the caller that the receiver refused. No request was served.
	 */
	CERTIFICATE_FAILED(Result.CERTIFICATE, Effect.NO_LOAD),

	/**
	 * A connection that broke before a response; the receiver may have done something.
	 */
	BROKEN(Result.UNANSWERED, Effect.UNKNOWN),

	/** A timeout of the attempt; the receiver may have done something. */
	TIMED_OUT(Result.UNANSWERED, Effect.UNKNOWN),

	/**
	 * An attempt that the caller gave up, or that failed on the caller's side. It says
	 * nothing about the endpoint.
	 */
	ABANDONED(Result.NOTHING, Effect.FINAL);

	private final Result result;

	private final Effect effect;

	Outcome(Result result, Effect effect) {
		this.result = result;
		this.effect = effect;
	}

	/**
	 * Returns the result for the endpoint.
	 * @param status the status of the response, 0 for none
	 * @return the result
	 */
	Result result(int status) {
		return (this.result == Result.FAILURE && status >= 502 && status <= 504) ? Result.GATEWAY_FAILURE : this.result;
	}

	/** Returns whether there is a response, whose body is still to be read. */
	boolean isAnswer() {
		return switch (this) {
			case RESPONDED, REJECTED, FAILED, UNAVAILABLE, SHED, EXPIRED, RELAYED, MISDIRECTED -> true;
			case CONNECT_FAILED, CERTIFICATE_FAILED, BROKEN, TIMED_OUT, ABANDONED -> false;
		};
	}

	/**
	 * Returns the effect on the receiver, on which a further attempt depends.
	 * @return the effect
	 */
	Effect effect() {
		return this.effect;
	}

	/**
	 * Returns the effect as the retry policy of a route sees it, which says which ends of
	 * an attempt permit another. An attempt that put no load on the receiver always does.
	 * Never does a failure of a service behind the receiver, which has had its retries.
	 * @param status the status of the response, 0 for none
	 * @param on the ends that permit another attempt
	 * @return the effect
	 */
	Effect effect(int status, RetryOn on) {
		return switch (this) {
			case RESPONDED, REJECTED, FAILED, UNAVAILABLE -> on.status(status) ? Effect.UNKNOWN : Effect.FINAL;
			case SHED -> (on.refused() || on.status(status)) ? this.effect : Effect.FINAL;
			case BROKEN, TIMED_OUT -> on.noResponse() ? this.effect : Effect.FINAL;
			case EXPIRED, RELAYED, MISDIRECTED, CONNECT_FAILED, CERTIFICATE_FAILED, ABANDONED -> this.effect;
		};
	}

	/** The effect of an attempt on its receiver. */
	enum Effect {

		/** Nothing was executed, and the attempt put no load on the receiver. */
		NO_LOAD,

		/** Nothing was executed, but the receiver had the work of refusing. */
		NOT_EXECUTED,

		/** The request may have been executed. Another instance may do better. */
		UNKNOWN,

		/** Another attempt would not help, or the caller does not want it. */
		FINAL

	}

}
