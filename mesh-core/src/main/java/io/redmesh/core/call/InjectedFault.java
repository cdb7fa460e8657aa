package io.redmesh.core.call;

import java.time.Duration;
import java.util.random.RandomGenerator;

import io.redmesh.core.time.Time;
import io.redmesh.core.traffic.FaultRule;
import io.redmesh.core.traffic.Route;
import org.jspecify.annotations.Nullable;

/**
 * A fault that is injected into one attempt. Faults are drawn for each attempt, not for
 * the call, so that retries and timeouts can be tested with them.
 *
 * @param delay nanoseconds by which the attempt is delayed, which are part of its time
 * @param status the status of the response in place of the attempt; 0 if it is sent
 */
record InjectedFault(long delay, int status) {

	/** The fault of nearly all attempts. */
	static final InjectedFault NONE = new InjectedFault(0, 0);

	/** The body of Envoy's response. */
	private static final String BODY = "fault filter abort";

	/**
	 * Draws the fault of an attempt: the delay and the abort independently.
	 * @param routing the decision of rules on the call, or null
	 * @return the fault
	 */
	static InjectedFault draw(@Nullable Routing routing) {
		Route route = (routing != null) ? routing.route() : null;
		FaultRule rule = (route != null) ? route.fault() : null;
		return (routing != null && rule != null) ? draw(rule, routing.destination().random()) : NONE;
	}

	private static InjectedFault draw(FaultRule rule, RandomGenerator random) {
		FaultRule.Delay delay = rule.delay();
		FaultRule.Abort abort = rule.abort();
		boolean delayed = delay != null && delay.percentage().includes(random.nextLong());
		boolean aborted = abort != null && abort.percentage().includes(random.nextLong());
		return new InjectedFault((delayed && delay != null) ? Time.nanos(delay.duration()) : 0,
				(aborted && abort != null) ? abort.status() : 0);
	}

	/**
	 * Returns the step that takes the place of the attempt. A delay that is longer than
	 * the attempt may take is a timeout, which no endpoint has to do with.
	 * @param number the number of the step within its call
	 * @param backoff nanoseconds before the attempt would start
	 * @param limit nanoseconds that the attempt may take
	 * @param service the service that is called
	 * @return the step, or null if the attempt is sent
	 */
	@Nullable Step step(int number, long backoff, long limit, String service) {
		if (this.delay >= limit) {
			return new Step.Fail(number, backoff + limit, "No response from '%s' within %s: a traffic rule delays it"
				.formatted(service, Duration.ofNanos(limit)));
		}
		return (this.status != 0) ? new Step.Respond(number, backoff + this.delay, this.status, BODY) : null;
	}

}
