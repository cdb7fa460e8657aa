package io.redmesh.autoconfigure.call;

import java.util.Locale;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.redmesh.core.call.Attempt;
import io.redmesh.core.call.Outcome;
import org.jspecify.annotations.Nullable;

/** Makes each attempt known to whoever observes. */
final class AttemptObservations {

	private AttemptObservations() {
	}

	static Observation begin(ObservationRegistry registry, @Nullable Observation parent, String service,
			Attempt attempt) {
		if (registry.isNoop()) {
			return Observation.NOOP;
		}
		Observation started = Observation.createNotStarted("mesh.client.attempt", registry);
		if (parent != null) {
			started.parentObservation(parent);
		}
		return started.contextualName("attempt " + service)
			.lowCardinalityKeyValue("mesh.service", service)
			.lowCardinalityKeyValue("mesh.attempt", Integer.toString(attempt.number()))
			.highCardinalityKeyValue("mesh.instance", attempt.instance().id())
			.start();
	}

	static void end(Observation observation, Outcome outcome, @Nullable Throwable failure) {
		if (observation.isNoop()) {
			return;
		}
		if (failure != null) {
			observation.error(failure);
		}
		observation.lowCardinalityKeyValue("mesh.result", outcome.name().toLowerCase(Locale.ROOT)).stop();
	}

}
