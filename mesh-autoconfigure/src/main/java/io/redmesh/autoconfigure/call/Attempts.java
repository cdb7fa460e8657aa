package io.redmesh.autoconfigure.call;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.redmesh.core.call.Attempt;
import io.redmesh.core.call.CallPlan;
import io.redmesh.core.call.NoEndpointException;
import io.redmesh.core.call.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * The attempts of one call, each of which is reported to the plan and observed exactly
 * once. The only place where a call ends: a method that throws has released the plan, so
 * that no attempt stays in flight and no permit is kept.
 * <p>
 * Attempts follow one another, but {@link #abandon()} and {@link #release()} may come at
 * any time and from any thread.
 */
final class Attempts {

	private final CallPlan plan;

	private final ObservationRegistry observations;

	private final @Nullable Observation parent;

	// The thread that takes UNDER_WAY out of it ends the attempt.
	private final AtomicReference<Progress> progress = new AtomicReference<>(Progress.UNDER_WAY);

	private Attempt current;

	private Observation observation;

	/**
	 * Begins the first attempt of a call.
	 * @param plan decides where it goes
	 * @param observations is told of each attempt
	 * @param parent what the attempts are observed under, or null for whatever is current
	 * @throws NoEndpointException if no instance can be called
	 */
	Attempts(CallPlan plan, ObservationRegistry observations, @Nullable Observation parent) throws NoEndpointException {
		this.plan = plan;
		this.observations = observations;
		this.parent = parent;
		this.current = plan.first();
		this.observation = observe(this.current);
	}

	/** Returns the current attempt. */
	Attempt current() {
		return this.current;
	}

	/** Tells whether the call was abandoned before it ended by itself. */
	boolean isAbandoned() {
		return this.progress.get() == Progress.ABANDONED;
	}

	/**
	 * Ends the current attempt, unless that has happened.
	 * @param outcome how it ended
	 * @param retryAfter how long the receiver asks not to be called again, or null
	 * @param failure why it failed, or null
	 * @return whether the next attempt has begun
	 */
	boolean ended(Outcome outcome, @Nullable Duration retryAfter, @Nullable Throwable failure) {
		if (!this.progress.compareAndSet(Progress.UNDER_WAY, Progress.DECIDING)) {
			return false;
		}
		Attempt next = report(outcome, retryAfter, failure);
		if (next == null) {
			if (!this.progress.compareAndSet(Progress.DECIDING, Progress.OVER)) {
				// No caller reads the answer.
				release();
			}
			return false;
		}
		this.current = next;
		this.observation = observe(next);
		if (this.progress.compareAndSet(Progress.DECIDING, Progress.UNDER_WAY)) {
			return true;
		}
		// Abandoned meanwhile, by a thread that has left the rest to this one.
		report(Outcome.ABANDONED, null, null);
		return false;
	}

	/** Ends the call because its caller does not wait; does nothing if it is over. */
	void abandon() {
		if (this.progress.compareAndSet(Progress.UNDER_WAY, Progress.ABANDONED)) {
			report(Outcome.ABANDONED, null, null);
		}
		else {
			this.progress.compareAndSet(Progress.DECIDING, Progress.ABANDONED);
		}
	}

	/** Ends the call, whatever it has come to: no caller reads its answer. */
	void giveUp() {
		try {
			abandon();
		}
		finally {
			release();
		}
	}

	/** Releases what the call holds. Does nothing the second time. */
	void release() {
		this.plan.release();
	}

	private @Nullable Attempt report(Outcome outcome, @Nullable Duration retryAfter, @Nullable Throwable failure) {
		boolean reported = false;
		try {
			AttemptObservations.end(this.observation, outcome, failure);
			Attempt next = this.plan.after(outcome, retryAfter);
			reported = true;
			return next;
		}
		finally {
			if (!reported) {
				release();
			}
		}
	}

	private Observation observe(Attempt attempt) {
		boolean begun = false;
		try {
			Observation observed = AttemptObservations.begin(this.observations, this.parent, this.plan.service(),
					attempt);
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

		UNDER_WAY, DECIDING, OVER, ABANDONED

	}

}
