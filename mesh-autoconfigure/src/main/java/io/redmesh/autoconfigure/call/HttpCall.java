package io.redmesh.autoconfigure.call;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.redmesh.core.call.Attempt;
import io.redmesh.core.call.CallPlan;
import io.redmesh.core.call.NoEndpointException;
import io.redmesh.core.call.Outcome;
import io.redmesh.core.call.Step;
import io.redmesh.core.instance.Instance;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ResponseCookie;

/**
 * A call over HTTP, always at its current attempt. Connects the plan's decisions with
 * HTTP: the address of each attempt, and the meaning of its response. The driver decides
 * how to send it: <pre>
 * HttpCall call = calls.plan(…).await();
 * do {
 *     // wait for call.delay(), take call.ruleResponse() or else send to
 *     // call.address(uri) with call.addTo(headers), and give up after call.timeout()
 * }
 * while (call.responded(status, headers)); // or failed(exception)
 * // read the response, and then
 * call.release();
 * </pre>
 * <p>
 * Attempts follow one another, but {@link #abandon()} may be called at any time and by
 * any thread; each attempt is still reported to the plan exactly once. If
 * {@link #responded} throws, or {@link #failed} throws or returns false, the call has
 * ended: nothing stays in flight and no permit is kept.
 */
public final class HttpCall {

	private static final long MILLI = Duration.ofMillis(1).toNanos();

	private final CallPlan plan;

	private final ResponseClassifier responseClassifier;

	private final long maxBodySize;

	private final @Nullable StickyCookie session;

	private final @Nullable ServedRequest served;

	private final ObservationRegistry observations;

	private final @Nullable Observation parent;

	private final Attempts attempts;

	private @Nullable Throwable earlier;

	HttpCall(CallPlan plan, ResponseClassifier responseClassifier, long maxBodySize, @Nullable StickyCookie session,
			@Nullable ServedRequest served, ObservationRegistry observations, @Nullable Observation parent)
			throws NoEndpointException {
		this.plan = plan;
		this.responseClassifier = responseClassifier;
		this.maxBodySize = maxBodySize;
		this.session = session;
		this.served = served;
		this.observations = observations;
		this.parent = parent;
		this.attempts = new Attempts(plan, observations, parent);
	}

	/**
	 * Returns the service that is called.
	 * @return the name of the service
	 */
	public String service() {
		return this.plan.service();
	}

	/**
	 * Returns the instance that the current attempt goes to.
	 * @return the instance
	 */
	public Instance instance() {
		return attempt().instance();
	}

	/**
	 * Directs a URI to the instance of the current attempt. Path, query and user info
	 * stay as they are, letter for letter, unless a traffic rule rewrites the path.
	 * @param uri the URI of the request
	 * @return the URI at the instance
	 */
	public URI address(URI uri) {
		String text = uri.toString();
		String target = RouteChanges.target(this.plan.routing(),
				text.substring(text.indexOf("//") + 2 + uri.getRawAuthority().length()));
		String userInfo = (uri.getRawUserInfo() != null) ? uri.getRawUserInfo() + "@" : "";
		return URI.create(
				(instance().secure() ? "https://" : "http://") + userInfo + attempt().endpoint().authority() + target);
	}

	/**
	 * Changes the headers of a request as traffic rules say.
	 * @param headers the headers of the current attempt
	 */
	public void changeRequest(HttpHeaders headers) {
		RouteChanges.request(this.plan.routing(), headers);
	}

	/**
	 * Changes the headers of a request as traffic rules say, and adds the mesh's headers.
	 * @param headers the headers of the current attempt
	 */
	public void addTo(HttpHeaders headers) {
		changeRequest(headers);
		headers.set(MeshHeaders.DESTINATION, service());
		if (attempt().number() > 1) {
			headers.set(MeshHeaders.ATTEMPT, Integer.toString(attempt().number()));
		}
		if (attempt().isLimited()) {
			headers.set(MeshHeaders.TIMEOUT, Long.toString((attempt().timeout() + MILLI - 1) / MILLI));
		}
	}

	/**
	 * Reads whether a request is idempotent, where that is only known when it is sent.
	 * @param method the method of the request
	 * @param headers the headers of the request
	 * @param attributes the attributes of the request, see {@link MeshClient#REPEATABLE}
	 */
	public void describe(HttpMethod method, HttpHeaders headers, Map<String, Object> attributes) {
		this.plan.repetition().idempotent(HttpCalls.isIdempotent(method, headers, attributes));
	}

	/**
	 * Returns how long to wait before the current attempt.
	 * @return the backoff, usually zero
	 */
	public Duration delay() {
		return Duration.ofNanos(this.attempts.current().delay());
	}

	/**
	 * Returns the timeout of the current attempt, until its response begins.
	 * @return the timeout, or null for none
	 */
	public @Nullable Duration timeout() {
		return (this.attempts.current() instanceof Attempt attempt && attempt.isLimited())
				? Duration.ofNanos(attempt.timeout()) : null;
	}

	/**
	 * Returns the response that a traffic rule gives in place of the current attempt. The
	 * driver treats it like the response of an instance.
	 * @return the response; null if the attempt is to be sent, as nearly always
	 * @throws IOException if the attempt fails because of a rule
	 */
	public @Nullable RuleResponse ruleResponse() throws IOException {
		Step step = this.attempts.current();
		if (step instanceof Step.Fail fail) {
			throw new SocketTimeoutException(fail.message());
		}
		return (step instanceof Step.Respond respond) ? RuleResponse.of(respond, this.plan.routing()) : null;
	}

	/**
	 * Reports the response to the current attempt.
	 * @param status the status of the response
	 * @param headers the headers of the response
	 * @return whether to discard it and go on with the next attempt, which has begun
	 */
	public boolean responded(HttpStatusCode status, HttpHeaders headers) {
		boolean reported = false;
		try {
			boolean retries = reportResponse(status, headers);
			reported = true;
			return retries;
		}
		finally {
			if (!reported) {
				this.attempts.giveUp();
			}
		}
	}

	private boolean reportResponse(HttpStatusCode status, HttpHeaders headers) {
		float load = this.responseClassifier.load(headers);
		if (load >= 0) {
			this.plan.reported(load);
		}
		Outcome outcome = this.responseClassifier.outcome(service(), status, headers);
		Duration retryAfter = (outcome == Outcome.UNAVAILABLE || outcome == Outcome.SHED)
				? this.responseClassifier.retryAfter(headers) : null;
		return this.attempts.end(outcome, status.value(), retryAfter, null);
	}

	/**
	 * Returns the value of {@link MeshHeaders#FAILED_AT} for a failing response.
	 * @param status the status of the last response
	 * @param headers the headers of the last response
	 * @return the service to name, or null if the response is no failure, or names a
	 * service already
	 */
	public @Nullable String failedAt(HttpStatusCode status, HttpHeaders headers) {
		return (status.is5xxServerError() && !headers.containsHeader(MeshHeaders.FAILED_AT)) ? service() : null;
	}

	/**
	 * Returns the cookie of the sticky session to add to the response. Further requests
	 * with it go to the instance that has sent this response.
	 * @return a cookie or null
	 */
	public @Nullable ResponseCookie sessionCookie() {
		return (this.session != null && this.attempts.current() instanceof Attempt attempt)
				? this.session.cookie(attempt.instance()) : null;
	}

	/**
	 * Returns the address that has responded.
	 * @return host and port of the instance; empty if a traffic rule responds
	 */
	public String authority() {
		return (this.attempts.current() instanceof Attempt attempt) ? attempt.instance().authority() : "";
	}

	/**
	 * Tells whether a traffic rule has routed the call.
	 * @return whether one has
	 */
	public boolean isRouted() {
		return this.plan.routing() != null;
	}

	/**
	 * Tells whether traffic rules change the headers of the response.
	 * @return whether they do
	 */
	public boolean changesResponse() {
		return RouteChanges.changesResponse(this.plan.routing());
	}

	/**
	 * Changes the headers of the response as traffic rules say.
	 * @param headers the headers, mutable
	 */
	public void changeResponse(HttpHeaders headers) {
		RouteChanges.response(this.plan.routing(), headers);
	}

	/**
	 * Reports that the current attempt has failed.
	 * @param failure the reason; when it is final, those of earlier attempts are attached
	 * to it
	 * @return whether to go on with the next attempt, which has begun
	 */
	public boolean failed(Throwable failure) {
		boolean retries = false;
		try {
			retries = reportFailure(failure);
			return retries;
		}
		finally {
			if (!retries) {
				this.attempts.giveUp();
			}
		}
	}

	private boolean reportFailure(Throwable failure) {
		Outcome outcome = ExceptionClassifier.outcome(failure);
		boolean retries = this.attempts.end(outcome, 0, null, failure);
		if (this.earlier != null && this.earlier != failure) {
			failure.addSuppressed(this.earlier);
		}
		this.earlier = failure;
		boolean ours = outcome == Outcome.ABANDONED || this.attempts.isAbandoned();
		if (!retries && this.served != null && !ours) {
			this.served.callFailed(service(), failure);
		}
		return retries;
	}

	/** Rules out further attempts, because part of the request is gone. */
	public void cannotBeRepeated() {
		this.plan.repetition().becomesImpossible();
	}

	/**
	 * Reports the size of the request's body.
	 * @param bytes the size; above the limit, an attempt that may have been executed is
	 * not followed by another
	 */
	public void bodyHas(long bytes) {
		if (bytes > this.maxBodySize) {
			this.plan.repetition().becomesHarmful();
		}
	}

	/**
	 * Returns how long the first attempt may be unanswered before the call is hedged, if
	 * the driver can make two attempts at once.
	 * @return the time; zero for never
	 */
	public Duration hedgeAfter() {
		return Duration.ofNanos(this.plan.hedgeAfter());
	}

	/**
	 * Begins a hedge: the same call at another instance, in one attempt. The first
	 * response wins, and the other call must be {@link #abandon() abandoned}. May be
	 * called by any thread.
	 * @return the hedge, or null if the call must not or cannot be hedged
	 */
	public @Nullable HttpCall hedge() {
		CallPlan hedge = this.plan.hedge();
		try {
			return (hedge != null) ? new HttpCall(hedge, this.responseClassifier, this.maxBodySize, this.session,
					this.served, this.observations, this.parent) : null;
		}
		catch (NoEndpointException ex) {
			return null;
		}
	}

	/** Ends the call because its caller no longer waits; does nothing if it is over. */
	public void abandon() {
		this.attempts.abandon();
	}

	/** Ends the call in any state, because its driver hands out no response. */
	public void giveUp() {
		this.attempts.giveUp();
	}

	/**
	 * Ends the call after its response was read, closed or cancelled; any thread, once.
	 */
	public void release() {
		this.attempts.release();
	}

	private Attempt attempt() {
		if (this.attempts.current() instanceof Attempt attempt) {
			return attempt;
		}
		throw new IllegalStateException("A traffic rule responds, and no instance is called");
	}

}
