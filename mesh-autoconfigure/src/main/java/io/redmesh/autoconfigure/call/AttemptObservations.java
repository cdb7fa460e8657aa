package io.redmesh.autoconfigure.call;

import java.util.Locale;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.redmesh.core.call.Attempt;
import io.redmesh.core.call.Outcome;
import io.redmesh.core.call.Step;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Micrometer observations of attempts. If observing fails, the attempt goes on,
 * because its end must be reported to the plan in any case.
 */
final class AttemptObservations {

	private static final Logger logger = LoggerFactory.getLogger(AttemptObservations.class);

	private AttemptObservations() {
	}

	static Observation begin(ObservationRegistry registry, @Nullable Observation parent, String service, Step step) {
		if (registry.isNoop()) {
			return Observation.NOOP;
		}
		try {
			return start(registry, parent, service, step);
		}
		catch (RuntimeException ex) {
			logger.warn("Cannot start the observation of an attempt at '{}'", service, ex);
			return Observation.NOOP;
		}
	}

	private static Observation start(ObservationRegistry registry, @Nullable Observation parent, String service,
			Step step) {
		Attempt attempt = (step instanceof Attempt sent) ? sent : null;
		Observation observation = Observation.createNotStarted("mesh.client.attempt", registry);
		if (parent != null) {
			observation.parentObservation(parent);
		}
		return observation.contextualName("attempt " + service)
			.lowCardinalityKeyValue("mesh.service", service)
			.lowCardinalityKeyValue("mesh.attempt",
					(attempt != null && attempt.isHedge()) ? "hedge" : Integer.toString(step.number()))
			.highCardinalityKeyValue("mesh.instance", (attempt != null) ? attempt.instance().id() : "none")
			.start();
	}

	static void end(Observation observation, Outcome outcome, @Nullable Throwable failure) {
		if (observation.isNoop()) {
			return;
		}
		try {
			if (failure != null) {
				observation.error(failure);
			}
			observation.lowCardinalityKeyValue("mesh.result", outcome.name().toLowerCase(Locale.ROOT)).stop();
		}
		catch (RuntimeException ex) {
			logger.warn("Cannot stop the observation of an attempt", ex);
		}
	}

}
