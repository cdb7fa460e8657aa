package io.redmesh.autoconfigure.call;

import java.net.URI;
import java.time.Duration;
import java.util.Map;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.redmesh.core.call.Attempt;
import io.redmesh.core.call.CallPlan;
import io.redmesh.core.call.NoEndpointException;
import io.redmesh.core.call.Outcome;
import io.redmesh.core.instance.Instance;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ResponseCookie;

/**
 * One call over HTTP, always at its current attempt. Puts the plan's decisions and HTTP
 * together: where the attempt goes, and what its end means. How it is sent is up to the
 * driver: <pre>
 * HttpCall call = calls.plan(…).await();
 * do {
 *     // wait for call.delay(), send to call.address(uri) with call.addTo(headers),
 *     // and give up after call.timeout()
 * }
 * while (call.responded(status, headers)); // or failed(exception)
 * // read the answer, and then
 * call.release();
 * </pre>
 * <p>
 * Attempts follow one another, but {@link #abandon()} may come at any time and from any
 * thread; each attempt is reported to the plan exactly once all the same. If
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
		return attempt().instance();
	}

	/**
	 * Directs a URI to the instance of the current attempt. Path, query and user info
	 * stay as they are, letter for letter.
	 * @param uri what the caller wants
	 * @return the same at the instance
	 */
	public URI address(URI uri) {
		String text = uri.toString();
		String path = text.substring(text.indexOf("//") + 2 + uri.getRawAuthority().length());
		String userInfo = (uri.getRawUserInfo() != null) ? uri.getRawUserInfo() + "@" : "";
		return URI.create(
				(instance().secure() ? "https://" : "http://") + userInfo + attempt().endpoint().authority() + path);
	}

	/**
	 * Says in a request what its receiver must know.
	 * @param headers the headers of the current attempt
	 */
	public void addTo(HttpHeaders headers) {
		headers.set(MeshHeaders.DESTINATION, service());
		if (attempt().number() > 1) {
			headers.set(MeshHeaders.ATTEMPT, Integer.toString(attempt().number()));
		}
		if (attempt().isLimited()) {
			headers.set(MeshHeaders.TIMEOUT, Long.toString((attempt().timeout() + MILLI - 1) / MILLI));
		}
	}

	/**
	 * Takes in what a request says of itself, where that is only known when it is sent.
	 * @param method the method of the request
	 * @param headers the headers of the request
	 * @param attributes the attributes of the request, see {@link MeshClient#REPEATABLE}
	 */
	public void describe(HttpMethod method, HttpHeaders headers, Map<String, Object> attributes) {
		this.plan.repetition().idempotent(HttpCalls.isIdempotent(method, headers, attributes));
	}

	/**
	 * Returns how long to wait before the current attempt.
	 * @return the time, usually none
	 */
	public Duration delay() {
		return Duration.ofNanos(attempt().delay());
	}

	/**
	 * Returns how long the answer to the current attempt may take to begin.
	 * @return the time, or null for as long as it likes
	 */
	public @Nullable Duration timeout() {
		return attempt().isLimited() ? Duration.ofNanos(attempt().timeout()) : null;
	}

	/**
	 * The current attempt was answered.
	 * @param status the status of the answer
	 * @param headers the headers of the answer
	 * @return whether to discard the answer and go on with the next attempt, which has
	 * begun
	 */
	public boolean responded(HttpStatusCode status, HttpHeaders headers) {
		boolean understood = false;
		try {
			boolean goesOn = understand(status, headers);
			understood = true;
			return goesOn;
		}
		finally {
			if (!understood) {
				this.attempts.giveUp();
			}
		}
	}

	private boolean understand(HttpStatusCode status, HttpHeaders headers) {
		float load = this.responseClassifier.load(headers);
		if (load >= 0) {
			this.plan.reported(load);
		}
		Outcome outcome = this.responseClassifier.outcome(service(), status, headers);
		Duration retryAfter = (outcome == Outcome.UNAVAILABLE || outcome == Outcome.SHED)
				? this.responseClassifier.retryAfter(headers) : null;
		return this.attempts.ended(outcome, retryAfter, null);
	}

	/**
	 * Returns what a failing answer must say in {@link MeshHeaders#FAILED_AT}.
	 * @param status the status of the last answer
	 * @param headers its headers
	 * @return the service to name, or null if the answer is no failure, or says already
	 * which one it passes on
	 */
	public @Nullable String failedAt(HttpStatusCode status, HttpHeaders headers) {
		return (status.is5xxServerError() && !headers.containsHeader(MeshHeaders.FAILED_AT)) ? service() : null;
	}

	/**
	 * Returns what to add to the answer, so that further requests can ask for the
	 * instance that it came from.
	 * @return a cookie or null
	 */
	public @Nullable ResponseCookie sessionCookie() {
		return (this.session != null) ? this.session.cookie(instance()) : null;
	}

	/**
	 * The current attempt has failed.
	 * @param failure why; those of earlier attempts are attached to it when it is final
	 * @return whether to go on with the next attempt, which has begun
	 */
	public boolean failed(Throwable failure) {
		boolean goesOn = false;
		try {
			goesOn = judge(failure);
			return goesOn;
		}
		finally {
			if (!goesOn) {
				this.attempts.giveUp();
			}
		}
	}

	private boolean judge(Throwable failure) {
		Outcome outcome = ExceptionClassifier.outcome(failure);
		boolean goesOn = this.attempts.ended(outcome, null, failure);
		if (this.earlier != null && this.earlier != failure) {
			failure.addSuppressed(this.earlier);
		}
		this.earlier = failure;
		boolean ours = outcome == Outcome.ABANDONED || this.attempts.isAbandoned();
		if (!goesOn && this.served != null && !ours) {
			this.served.callFailed(service(), failure);
		}
		return goesOn;
	}

	/** Part of the request is gone: no attempt follows the current one. */
	public void cannotBeRepeated() {
		this.plan.repetition().becomesImpossible();
	}

	/**
	 * The body of the request is known.
	 * @param bytes its size; above the limit the call is not made again elsewhere once it
	 * may have been done
	 */
	public void bodyHas(long bytes) {
		if (bytes > this.maxBodySize) {
			this.plan.repetition().becomesHarmful();
		}
	}

	/**
	 * Returns how long the first attempt may be unanswered before the call is worth a
	 * second one beside it, if the driver can make both at once.
	 * @return the time; zero for never
	 */
	public Duration hedgeAfter() {
		return Duration.ofNanos(this.plan.hedgeAfter());
	}

	/**
	 * Begins the same call once more, elsewhere and in one attempt. Whichever is answered
	 * first wins, and the other is to be {@link #abandon() abandoned}. May be called by
	 * any thread.
	 * @return the call, or null if there must or can be no other
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

	/** Nobody waits for the call any more; does nothing if it is over already. */
	public void abandon() {
		this.attempts.abandon();
	}

	/** Ends the call whatever it has come to, since its driver hands out no answer. */
	public void giveUp() {
		this.attempts.giveUp();
	}

	/** Ends the call, whose answer was read, closed or cancelled; any thread, once. */
	public void release() {
		this.attempts.release();
	}

	private Attempt attempt() {
		return this.attempts.current();
	}

}
