package io.redmesh.core.call;

import java.time.Duration;

import io.redmesh.core.endpoint.Endpoint;
import io.redmesh.core.instance.Instance;
import org.jspecify.annotations.Nullable;

/**
 * What would become of a call if it began now. Nothing begins, nothing is counted, and no
 * later call goes elsewhere because of it. Immutable.
 *
 * @param refusal why the call could not begin; null if it could, perhaps after waiting
 * @param instance where its first attempt would go; null if it could not begin
 * @param probe whether that instance is ejected and would be probed by the call
 * @param candidates how many instances the call may go to
 * @param panic whether so few are left that ejections for answers do not count
 * @param waits whether the call would wait for a free place
 * @param ahead how many calls wait already
 * @param timeout how long the first attempt may be unanswered, or null for any time
 * @param repeatable whether the retry budget permits another attempt
 */
public record CallPreview(@Nullable String refusal, @Nullable Instance instance, boolean probe, int candidates,
		boolean panic, boolean waits, int ahead, @Nullable Duration timeout, boolean repeatable) {

	static CallPreview of(Destination destination, CallTerms terms, Preference preference, Deadline deadline,
			long now) {
		boolean waits = destination.limit().isFull();
		String refusal = destination.refusal(terms, now);
		Endpoint probed = null;
		Endpoint endpoint = null;
		if (refusal == null) {
			probed = preference.dueProbe(destination, now, terms.idempotent() && terms.retries());
			endpoint = (probed != null) ? probed : preference.preview(destination, now);
			refusal = (endpoint == null) ? destination.none(terms.requirement()) : null;
		}
		long timeout = Math.min(destination.policy().patience(), deadline.left(now));
		return new CallPreview(refusal, (endpoint != null) ? endpoint.instance() : null, probed != null,
				destination.pool().candidates(terms.requirement()).size(),
				destination.pool().isPanicking(terms.requirement()), waits && refusal == null,
				destination.limit().pending(), (timeout != Long.MAX_VALUE) ? Duration.ofNanos(timeout) : null,
				destination.budget().left(now) >= 1);
	}

}
