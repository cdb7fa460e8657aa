package io.redmesh.autoconfigure.call;

import java.net.URI;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicReference;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.redmesh.core.call.Attempt;
import io.redmesh.core.call.CallPlan;
import io.redmesh.core.call.NoEndpointException;
import io.redmesh.core.call.Outcome;
import io.redmesh.core.instance.Instance;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;

/**
 * One call over HTTP, always at its current attempt. Puts the plan's decisions and HTTP
 * together: where the attempt goes, and what its end means. How it is sent is up to the
 * driver: <pre>
 * HttpCall call = calls.begin(…);
 * do {
 *     // send to call.address(uri)
 * }
 * while (call.responded(status)); // or failed(exception)
 * </pre>
 * <p>
 * Attempts follow one another, but {@link #abandon()} may come at any time and from any
 * thread; each attempt is reported to the plan exactly once all the same.
 */
public final class HttpCall {

	private final CallPlan plan;

	private final ObservationRegistry observations;

	private final @Nullable Observation parent;

	// Whoever takes UNDER_WAY out of it ends the attempt.
	private final AtomicReference<Progress> progress = new AtomicReference<>(Progress.UNDER_WAY);

	private Attempt attempt;

	private Observation observation;

	private @Nullable Throwable earlier;

	HttpCall(CallPlan plan, ObservationRegistry observations, @Nullable Observation parent) throws NoEndpointException {
		this.plan = plan;
		this.observations = observations;
		this.parent = parent;
		this.attempt = plan.first();
		this.observation = observe(this.attempt);
	}

	/**
	 * Returns the service that is called.
	 * @return its name
	 */
	public String service() {
		return this.plan.service();
	}

	/**
	 * Returns the instance that the current attempt goes to.
	 * @return the instance
	 */
	public Instance instance() {
		return this.attempt.instance();
	}

	/**
	 * Directs a URI to the instance of the current attempt. Path, query and user info
	 * stay as they are, letter for letter.
	 * @param uri what the caller wants
	 * @return the same at the instance
	 */
	public URI address(URI uri) {
		Instance instance = this.attempt.instance();
		String text = uri.toString();
		int authority = text.indexOf("//") + 2;
		int path = authority;
		while (path < text.length() && "/?#".indexOf(text.charAt(path)) < 0) {
			path++;
		}
		int host = text.lastIndexOf('@', path - 1) + 1;
		String userInfo = (host > authority) ? text.substring(authority, host) : "";
		return URI.create(
				(instance.secure() ? "https://" : "http://") + userInfo + instance.authority() + text.substring(path));
	}

	/**
	 * The current attempt was answered.
	 * @param status the status of the answer
	 * @return whether to discard the answer and go on with the next attempt, which has
	 * begun
	 */
	public boolean responded(HttpStatusCode status) {
		boolean misdirected = status.value() == HttpStatus.MISDIRECTED_REQUEST.value();
		return ended(misdirected ? Outcome.MISDIRECTED : Outcome.RESPONDED, null);
	}

	/**
	 * The current attempt has failed.
	 * @param failure why; those of earlier attempts are attached to it when it is final
	 * @return whether to go on with the next attempt, which has begun
	 */
	public boolean failed(Throwable failure) {
		boolean goesOn = ended(Failures.outcome(failure), failure);
		if (this.earlier != null && this.earlier != failure) {
			failure.addSuppressed(this.earlier);
		}
		this.earlier = failure;
		return goesOn;
	}

	/**
	 * Part of the request is gone and cannot be sent a second time: no attempt follows
	 * the current one.
	 */
	public void cannotBeRepeated() {
		this.plan.cannotBeRepeated();
	}

	/** Nobody waits for the call any more; does nothing if it is over already. */
	public void abandon() {
		if (this.progress.getAndSet(Progress.ABANDONED) == Progress.UNDER_WAY) {
			report(Outcome.ABANDONED, null);
		}
	}

	private boolean ended(Outcome outcome, @Nullable Throwable failure) {
		if (!this.progress.compareAndSet(Progress.UNDER_WAY, Progress.DECIDING)) {
			return false;
		}
		Attempt next = report(outcome, failure);
		if (next == null) {
			return false;
		}
		this.attempt = next;
		this.observation = observe(next);
		if (this.progress.compareAndSet(Progress.DECIDING, Progress.UNDER_WAY)) {
			return true;
		}
		// Abandoned meanwhile, by a thread that has left the rest to this one.
		report(Outcome.ABANDONED, null);
		return false;
	}

	private @Nullable Attempt report(Outcome outcome, @Nullable Throwable failure) {
		if (!this.observation.isNoop()) {
			if (failure != null) {
				this.observation.error(failure);
			}
			this.observation.lowCardinalityKeyValue("mesh.result", outcome.name().toLowerCase(Locale.ROOT)).stop();
		}
		return this.plan.after(outcome);
	}

	private Observation observe(Attempt attempt) {
		if (this.observations.isNoop()) {
			return Observation.NOOP;
		}
		Observation started = Observation.createNotStarted("mesh.client.attempt", this.observations);
		if (this.parent != null) {
			started.parentObservation(this.parent);
		}
		return started.contextualName("attempt " + service())
			.lowCardinalityKeyValue("mesh.service", service())
			.lowCardinalityKeyValue("mesh.attempt", Integer.toString(attempt.number()))
			.highCardinalityKeyValue("mesh.instance", attempt.instance().id())
			.start();
	}

	private enum Progress {

		UNDER_WAY, DECIDING, ABANDONED

	}

}
