package io.redmesh.core.call;

/**
 * A step of a call's plan: what the driver of the call does next, after a delay. It sends
 * the request in an {@link Attempt}, or it pretends to, because a rule says so. What came
 * of it is reported to {@link CallPlan#after} in any case, so that retries see no
 * difference.
 */
public sealed interface Step permits Attempt, Step.Respond, Step.Fail {

	/**
	 * Returns the number of the step within its call.
	 * @return 1 for the first
	 */
	int number();

	/**
	 * Returns the delay before the step.
	 * @return nanoseconds, usually zero for a first step
	 */
	long delay();

	/**
	 * A response that a rule gives in place of an instance: an injected abort, a direct
	 * response or a redirect.
	 *
	 * @param number the number of the step within its call
	 * @param delay the delay before the response
	 * @param status the status of the response
	 * @param body the body of the response, empty for none
	 */
	record Respond(int number, long delay, int status, String body) implements Step {

	}

	/**
	 * A timeout that a rule causes, because it delays the attempt for too long.
	 *
	 * @param number the number of the step within its call
	 * @param delay the delay before the timeout
	 * @param message the message of the exception
	 */
	record Fail(int number, long delay, String message) implements Step {

	}

}
