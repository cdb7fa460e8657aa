package io.redmesh.autoconfigure.call;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.redmesh.core.call.CallPlan;
import io.redmesh.core.call.NoEndpointException;
import io.redmesh.core.call.Outcome;
import io.redmesh.core.call.Step;
import org.jspecify.annotations.Nullable;

/**
 * The attempts of one call. Each is reported to the plan and observed exactly once. This
 * is the only place where a call ends: a method that throws has released the plan, so
 * that no attempt stays in flight and no permit is kept.
 * <p>
 * Attempts follow one another, but {@link #abandon()} and {@link #release()} may be
 * called at any time and by any thread.
 */
final class Attempts {

	private final CallPlan plan;

	private final ObservationRegistry observations;

	private final @Nullable Observation parent;

	// The thread that replaces IN_FLIGHT ends the attempt.
	private final AtomicReference<Progress> progress = new AtomicReference<>(Progress.IN_FLIGHT);

	private Step current;

	private Observation observation;

	/**
	 * Begins the first attempt of a call.
	 * @param plan the plan, which picks the instances
	 * @param observations the registry that observes each attempt
	 * @param parent the parent of the attempts' observations, or null for the current one
	 * @throws NoEndpointException if no instance can be called
	 */
	Attempts(CallPlan plan, ObservationRegistry observations, @Nullable Observation parent) throws NoEndpointException {
		this.plan = plan;
		this.observations = observations;
		this.parent = parent;
		this.current = plan.first();
		this.observation = observe(this.current);
	}

	/** Returns the current step. */
	Step current() {
		return this.current;
	}

	/** Tells whether the call was abandoned before it ended by itself. */
	boolean isAbandoned() {
		return this.progress.get() == Progress.ABANDONED;
	}

	/**
	 * Ends the current attempt, unless it has ended already.
	 * @param outcome the outcome of the attempt
	 * @param status the status of the response, 0 for none
	 * @param retryAfter how long the receiver asks not to be called again, or null
	 * @param failure the exception of the attempt, or null if it was answered
	 * @return whether the next attempt has begun
	 */
	boolean end(Outcome outcome, int status, @Nullable Duration retryAfter, @Nullable Throwable failure) {
		if (!this.progress.compareAndSet(Progress.IN_FLIGHT, Progress.DECIDING)) {
			return false;
		}
		Step next = report(outcome, status, retryAfter, failure);
		if (next == null) {
			if (!this.progress.compareAndSet(Progress.DECIDING, Progress.OVER)) {
				// No caller reads the response.
				release();
			}
			return false;
		}
		this.current = next;
		this.observation = observe(next);
		if (this.progress.compareAndSet(Progress.DECIDING, Progress.IN_FLIGHT)) {
			return true;
		}
		// Abandoned meanwhile, by a thread that has left the rest to this one.
		report(Outcome.ABANDONED, 0, null, null);
		return false;
	}

	/** Ends the call because its caller no longer waits; does nothing if it is over. */
	void abandon() {
		if (this.progress.compareAndSet(Progress.IN_FLIGHT, Progress.ABANDONED)) {
			report(Outcome.ABANDONED, 0, null, null);
		}
		else {
			this.progress.compareAndSet(Progress.DECIDING, Progress.ABANDONED);
		}
	}

	/** Ends the call in any state, because no caller will read its response. */
	void giveUp() {
		try {
			abandon();
		}
		finally {
			release();
		}
	}

	/** Releases the permit and the load of the call. Does nothing the second time. */
	void release() {
		this.plan.release();
	}

	private @Nullable Step report(Outcome outcome, int status, @Nullable Duration retryAfter,
			@Nullable Throwable failure) {
		boolean reported = false;
		try {
			AttemptObservations.end(this.observation, outcome, failure);
			Step next = this.plan.after(outcome, status, retryAfter);
			reported = true;
			return next;
		}
		finally {
			if (!reported) {
				release();
			}
		}
	}

	private Observation observe(Step step) {
		boolean begun = false;
		try {
			Observation observed = AttemptObservations.begin(this.observations, this.parent, this.plan.service(), step);
			begun = true;
			return observed;
		}
		finally {
			if (!begun) {
				release();
			}
		}
	}

	private enum Progress {

		IN_FLIGHT, DECIDING, OVER, ABANDONED

	}

}
