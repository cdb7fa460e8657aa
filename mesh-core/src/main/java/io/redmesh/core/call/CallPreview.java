package io.redmesh.core.call;

import java.time.Duration;

import io.redmesh.core.endpoint.Endpoint;
import io.redmesh.core.endpoint.EndpointView;
import io.redmesh.core.instance.Instance;
import org.jspecify.annotations.Nullable;

/**
 * A preview of a call that would begin now. It starts and counts nothing, and no later
 * call goes elsewhere because of it. Immutable.
 *
 * @param refusal why the call could not begin; null if it could, perhaps after waiting
 * @param instance the instance of its first attempt; null if the call could not begin
 * @param probe whether that instance is ejected and the call would probe it
 * @param candidates the number of instances that the call may go to
 * @param panic whether so few are left that ejections for responses do not count
 * @param waits whether the call would wait for a permit
 * @param ahead the number of calls that are already in the queue
 * @param timeout the timeout of the first attempt, or null for none
 * @param repeatable whether the retry budget permits another attempt
 */
public record CallPreview(@Nullable String refusal, @Nullable Instance instance, boolean probe, int candidates,
		boolean panic, boolean waits, int ahead, @Nullable Duration timeout, boolean repeatable) {

	static CallPreview of(CallPlan plan, Destination destination, CallTerms terms, Preference preference,
			boolean repeatable, Deadline deadline, long now) {
		boolean waits = destination.limit().isFull();
		String refusal = plan.refusal(now);
		Endpoint probed = null;
		Endpoint endpoint = null;
		if (refusal == null) {
			probed = preference.dueProbe(now, repeatable);
			endpoint = (probed != null) ? probed : preference.preview(now);
			refusal = (endpoint == null) ? destination.noEndpointMessage(preference.picker().requirement()) : null;
		}
		EndpointView view = preference.picker().view();
		long timeout = Math.min(plan.policy().attemptNanos(), deadline.left(now));
		return new CallPreview(refusal, (endpoint != null) ? endpoint.instance() : null, probed != null,
				view.candidates().size(), view.isPanicking(), waits && refusal == null, destination.limit().pending(),
				(timeout != Long.MAX_VALUE) ? Duration.ofNanos(timeout) : null, plan.retriesLeft() >= 1);
	}

}
