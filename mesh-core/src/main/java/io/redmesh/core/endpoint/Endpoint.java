package io.redmesh.core.endpoint;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

import io.redmesh.core.instance.Instance;
import org.jspecify.annotations.Nullable;

/**
 * This process's handle on one instance: the newest fact about it, and the beliefs that
 * calls have formed. It lives as long as the incarnation does; new snapshots only refresh
 * the fact.
 * <p>
 * Safe for use by many threads. Balancers read it without a lock and without garbage.
 */
public final class Endpoint {

	/**
	 * The time constant of the latency. Finagle and Linkerd use 10 s; with 5 s an
	 * endpoint that was ten times slower is back after 12 s.
	 */
	private static final Duration LATENCY_CONSTANT = Duration.ofSeconds(5);

	private final EndpointPool pool;

	// Constant for the whole incarnation, and needed by each call.
	private final String authority;

	private final AtomicInteger inFlight = new AtomicInteger();

	private final Decaying latency = new Decaying(LATENCY_CONSTANT);

	private final UnansweredTime unanswered = new UnansweredTime();

	private final OutcomeHistory outcomes = new OutcomeHistory();

	private volatile Instance instance;

	private final Ejections ejections;

	private final SlowStart slowStart;

	private volatile ReportedLoad load = ReportedLoad.NONE;

	private volatile boolean answered;

	Endpoint(EndpointPool pool, Instance instance, boolean warm, long nanos) {
		this.pool = pool;
		this.instance = instance;
		this.authority = instance.authority();
		this.slowStart = new SlowStart(warm, nanos);
		this.ejections = new Ejections(nanos);
	}

	/**
	 * Returns the newest fact about the instance.
	 * @return the instance
	 */
	public Instance instance() {
		return this.instance;
	}

	/**
	 * Returns the address of the instance.
	 * @return host and port as they are written in a URI
	 */
	public String authority() {
		return this.authority;
	}

	void refresh(Instance instance) {
		this.instance = instance;
	}

	/**
	 * Returns the number of this process's attempts that are in flight at the instance.
	 * @return zero or more
	 */
	public int inFlight() {
		return this.inFlight.get();
	}

	/**
	 * Returns the latency: it rises at once with a slower response and decays over 5 s
	 * (the peak EWMA of Finagle).
	 * @param nanos the monotonic time now
	 * @return nanoseconds until the first byte; zero before the first response
	 */
	public float latency(long nanos) {
		return this.latency.value(nanos);
	}

	/**
	 * Returns for how long the endpoint has left attempts unanswered while other
	 * endpoints of the service responded.
	 * @return nanoseconds; zero or less if no attempt waits for a response
	 */
	public long silence() {
		return this.unanswered.nanosUntil(this.pool.lastResponse());
	}

	/**
	 * Returns the penalty for failures, besides the latency. Without it an endpoint that
	 * fails fast would attract all calls.
	 * @param nanos the monotonic time now
	 * @return 0 without failures, up to {@value OutcomeHistory#MAX_PENALTY}
	 */
	public float penalty(long nanos) {
		return this.outcomes.penalty(nanos);
	}

	/**
	 * Returns the part of its share of the calls that the endpoint gets: less than all
	 * during slow start.
	 * @param nanos the monotonic time now
	 * @return 0.1 to 1
	 */
	public float warmth(long nanos) {
		return this.slowStart.warmth(this.pool.policy(), nanos);
	}

	/**
	 * Returns the load that the instance last reported.
	 * @return the report; of zero load if there is none
	 */
	public ReportedLoad load() {
		return this.load;
	}

	/**
	 * Records a load report of the instance.
	 * @param load the report
	 */
	public void reported(ReportedLoad load) {
		this.load = load;
	}

	/**
	 * Returns the current ejection.
	 * @return the ejection, or null if the endpoint is not ejected
	 */
	public @Nullable Ejection ejection() {
		return this.ejections.current();
	}

	/**
	 * Returns whether this endpoint gets no calls while there are others.
	 * @return whether it is ejected
	 */
	public boolean isEjected() {
		return ejection() != null;
	}

	boolean isUnreachable() {
		Ejection current = ejection();
		return current != null && current.cause().isUnreachable();
	}

	/**
	 * Records the start of an attempt.
	 * @param nanos the monotonic time at which it starts
	 */
	public void attemptStarted(long nanos) {
		this.inFlight.incrementAndGet();
		this.unanswered.attemptStarted(nanos);
	}

	/**
	 * Records that an attempt no longer waits for the response to begin. Exactly once for
	 * each attempt.
	 * @param answered whether the instance has responded in any way
	 * @param nanos the monotonic time now
	 */
	public void attemptDecided(boolean answered, long nanos) {
		if (answered) {
			this.pool.recordResponse(nanos);
		}
		this.unanswered.attemptDecided(answered, nanos);
	}

	/**
	 * Records the end of an attempt, whatever its outcome. Exactly once for each attempt.
	 */
	public void attemptEnded() {
		this.inFlight.decrementAndGet();
	}

	/**
	 * Records the latency of a response, at its first byte. The very first response does
	 * not count: it measures cold code and new connections. Callers with few calls would
	 * otherwise avoid an instance that has just started.
	 * @param elapsed nanoseconds since the attempt began
	 * @param nanos the monotonic time now
	 */
	public void answered(long elapsed, long nanos) {
		if (this.answered) {
			answeredAfter(elapsed, nanos);
		}
		this.answered = true;
	}

	/**
	 * Records the latency of a response, or the time after which an attempt was given up.
	 * @param elapsed nanoseconds since the attempt began
	 * @param nanos the monotonic time now
	 */
	public void answeredAfter(long elapsed, long nanos) {
		this.latency.observe((float) Math.max(1, elapsed), nanos);
	}

	/**
	 * Counts the end of an attempt.
	 * @param result the result of the attempt for the endpoint
	 * @param nanos the monotonic time now
	 * @return the number of consecutive failures so far
	 */
	public int count(Result result, long nanos) {
		return this.outcomes.count(result, nanos);
	}

	/**
	 * Returns the number of consecutive failures with the status 502, 503 or 504, or
	 * without a response.
	 * @return zero or more
	 */
	public int gatewayFailuresInARow() {
		return this.outcomes.gatewayFailuresInARow();
	}

	/**
	 * Returns the number of consecutive attempts without a response.
	 * @return zero or more
	 */
	public int unansweredInARow() {
		return this.outcomes.unansweredInARow();
	}

	/**
	 * Returns the number of attempts that ended within the last ten seconds.
	 * @param nanos the monotonic time now
	 * @return zero or more
	 */
	public int attempts(long nanos) {
		return this.outcomes.attempts(nanos);
	}

	/**
	 * Returns the number of attempts that failed within the last ten seconds.
	 * @param nanos the monotonic time now
	 * @return zero or more
	 */
	public int failures(long nanos) {
		return this.outcomes.failures(nanos);
	}

	/**
	 * Returns the number of attempts within the last ten seconds with a result that
	 * ejects the endpoint only if its peers do better.
	 * @param result {@link Result#REJECTION} or {@link Result#RELAY}
	 * @param nanos the monotonic time now
	 * @return zero or more
	 */
	public int compared(Result result, long nanos) {
		return this.outcomes.compared(result, nanos);
	}

	/**
	 * Asks the pool to eject the endpoint. The pool decides, because only it knows how
	 * many other endpoints are left.
	 * @param cause the cause
	 * @param subset the subset that was called, whose limits count; null if the call was
	 * for the whole service
	 * @param started the monotonic time at which the attempt began that gave the cause
	 * @param nanos the monotonic time now
	 */
	public void eject(EjectionCause cause, @Nullable EndpointSubset subset, long started, long nanos) {
		Ejection current = ejection();
		if (current == null || current.isProlongedBy(cause, started)) {
			this.pool.eject(this, cause, subset, started, nanos);
		}
	}

	/**
	 * Restores the endpoint after a success, if the attempt began after the ejection.
	 * @param started the monotonic time at which the attempt began
	 * @param nanos the monotonic time now
	 */
	public void restore(long started, long nanos) {
		Ejection current = ejection();
		if (current != null && current.isDisprovedBy(started)) {
			this.pool.restore(this, nanos);
		}
	}

	// The pool calls the following methods, under its lock.

	Ejections ejections() {
		return this.ejections;
	}

	/** Ends the ejection and forgets the older beliefs, which say nothing any more. */
	void restored(long nanos) {
		this.ejections.end(nanos);
		this.latency.forget();
		this.outcomes.forget();
		this.load = ReportedLoad.NONE;
		this.slowStart.begin(nanos);
	}

	@Override
	public String toString() {
		return this.instance.service() + "/" + this.instance.id();
	}

}
