package io.redmesh.autoconfigure.call;

import java.util.Locale;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.redmesh.core.call.Attempt;
import io.redmesh.core.call.Outcome;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes each attempt known to whoever observes. If that fails, the attempt goes on: its
 * end must be told to the plan in any case.
 */
final class AttemptObservations {

	private static final Logger logger = LoggerFactory.getLogger(AttemptObservations.class);

	private AttemptObservations() {
	}

	static Observation begin(ObservationRegistry registry, @Nullable Observation parent, String service,
			Attempt attempt) {
		if (registry.isNoop()) {
			return Observation.NOOP;
		}
		try {
			return begun(registry, parent, service, attempt);
		}
		catch (RuntimeException ex) {
			logger.warn("An attempt of '{}' is not observed", service, ex);
			return Observation.NOOP;
		}
	}

	private static Observation begun(ObservationRegistry registry, @Nullable Observation parent, String service,
			Attempt attempt) {
		Observation begun = Observation.createNotStarted("mesh.client.attempt", registry);
		if (parent != null) {
			begun.parentObservation(parent);
		}
		return begun.contextualName("attempt " + service)
			.lowCardinalityKeyValue("mesh.service", service)
			.lowCardinalityKeyValue("mesh.attempt", attempt.isHedge() ? "hedge" : Integer.toString(attempt.number()))
			.highCardinalityKeyValue("mesh.instance", attempt.instance().id())
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
			logger.warn("The end of an attempt is not observed", ex);
		}
	}

}
