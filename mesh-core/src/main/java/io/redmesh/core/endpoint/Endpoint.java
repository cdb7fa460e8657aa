package io.redmesh.core.endpoint;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

import io.redmesh.core.instance.Instance;
import org.jspecify.annotations.Nullable;

/**
 * This process's handle on one instance: the newest fact about it and what calls have
 * taught about it. It lives as long as the incarnation does; new snapshots only refresh
 * the fact.
 * <p>
 * Safe for use by many threads; what balancers read is read without a lock and makes no
 * garbage.
 */
public final class Endpoint {

	/** Finagle and Linkerd take 10 s; whoever was ten times slower is back after 12 s. */
	private static final Duration LATENCY_CONSTANT = Duration.ofSeconds(5);

	private final EndpointPool pool;

	// It stays the same for the whole incarnation, and each call needs it.
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
		this.slowStart = new SlowStart(pool.policy(), warm, nanos);
		this.ejections = new Ejections(pool.policy(), nanos);
	}

	/**
	 * Returns the newest fact about the instance.
	 * @return the instance
	 */
	public Instance instance() {
		return this.instance;
	}

	/**
	 * Returns where the instance is.
	 * @return host and port as they stand in a URI
	 */
	public String authority() {
		return this.authority;
	}

	void refresh(Instance instance) {
		this.instance = instance;
	}

	/**
	 * Returns how many attempts of this process are under way at this instance.
	 * @return zero or more
	 */
	public int inFlight() {
		return this.inFlight.get();
	}

	/**
	 * Returns how long it takes to answer: up at once when an answer takes longer, down
	 * over 5 s (the peak EWMA of Finagle).
	 * @param nanos the monotonic time now
	 * @return nanoseconds until the first byte; zero while it has not answered yet
	 */
	public float latency(long nanos) {
		return this.latency.value(nanos);
	}

	/**
	 * Returns for how long nothing was heard of it while others were, although it should
	 * answer.
	 * @return nanoseconds, not more than zero if nobody waits for an answer
	 */
	public long silence() {
		return this.unanswered.until(this.pool.heard());
	}

	/**
	 * Returns what its failures are held against it, besides their latency: without that,
	 * whoever fails fast would attract the calls of all.
	 * @param nanos the monotonic time now
	 * @return 0 for one that does not fail, up to {@value Conduct#MAX_PENALTY}
	 */
	public float penalty(long nanos) {
		return this.outcomes.penalty(nanos);
	}

	/**
	 * Returns which part of its share of the calls it is to get: less than all while it
	 * starts slowly.
	 * @param nanos the monotonic time now
	 * @return 0.1 to 1
	 */
	public float warmth(long nanos) {
		return this.slowStart.warmth(nanos);
	}

	/**
	 * Returns how busy the instance says it is.
	 * @return its last word, if this process listens
	 */
	public ReportedLoad load() {
		return this.load;
	}

	/**
	 * The instance says how busy it is.
	 * @param load its word
	 */
	public void reported(ReportedLoad load) {
		this.load = load;
	}

	/**
	 * Returns whether and why it gets no calls.
	 * @return the ejection, or null
	 */
	public @Nullable Ejection ejection() {
		return this.ejections.current();
	}

	/**
	 * Tells whether this endpoint gets no calls while there are others.
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
	 * An attempt begins.
	 * @param nanos the monotonic time at which it does
	 */
	public void attemptStarted(long nanos) {
		this.inFlight.incrementAndGet();
		this.unanswered.asked(nanos);
	}

	/**
	 * Nobody waits any more for the answer of an attempt to begin. Exactly once for each.
	 * @param answered whether anything was heard of the instance
	 * @param nanos the monotonic time now
	 */
	public void attemptDecided(boolean answered, long nanos) {
		if (answered) {
			this.pool.heard(nanos);
		}
		this.unanswered.over(answered, nanos);
	}

	/** An attempt that had begun is over, however it went. Exactly once for each. */
	public void attemptEnded() {
		this.inFlight.decrementAndGet();
	}

	/**
	 * The first byte of an answer came. How long the first answer of all took is not
	 * remembered: it tells of cold code and new connections, and callers that call little
	 * would leave an instance that has just started alone.
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
	 * The first byte of an answer came, or the attempt was given up.
	 * @param elapsed nanoseconds since the attempt began
	 * @param nanos the monotonic time now
	 */
	public void answeredAfter(long elapsed, long nanos) {
		this.latency.observe((float) Math.max(1, elapsed), nanos);
	}

	/**
	 * Counts how an attempt ended.
	 * @param result what that says about it
	 * @param nanos the monotonic time now
	 * @return how many failures in a row that makes
	 */
	public int count(Result result, long nanos) {
		return this.outcomes.count(result, nanos);
	}

	/**
	 * Counts the attempts that ended within the last ten seconds.
	 * @param nanos the monotonic time now
	 * @return how many
	 */
	public int attempts(long nanos) {
		return this.outcomes.attempts(nanos);
	}

	/**
	 * Counts those of them that failed.
	 * @param nanos the monotonic time now
	 * @return how many
	 */
	public int failures(long nanos) {
		return this.outcomes.failures(nanos);
	}

	/**
	 * Counts those of them that are held against it only if its peers do better.
	 * @param result {@link Result#REJECTION} or {@link Result#RELAY}
	 * @param nanos the monotonic time now
	 * @return how many
	 */
	public int compared(Result result, long nanos) {
		return this.outcomes.compared(result, nanos);
	}

	/**
	 * Asks that it gets no calls. The pool has the last word, since only it knows how
	 * many others are left.
	 * @param cause why
	 * @param started when the attempt began that gave the reason
	 * @param nanos the monotonic time now
	 */
	public void eject(EjectionCause cause, long started, long nanos) {
		Ejection current = ejection();
		if (current == null || current.isProlongedBy(cause, started)) {
			this.pool.eject(this, cause, started, nanos);
		}
	}

	/**
	 * It did what it was asked: if that was asked after it had been ejected, it is back.
	 * @param started when the attempt began
	 * @param nanos the monotonic time now
	 */
	public void restore(long started, long nanos) {
		Ejection current = ejection();
		if (current != null && current.isDisprovedBy(started)) {
			this.pool.restore(this, nanos);
		}
	}

	// The rest is called by the pool, under its lock.

	Ejections ejections() {
		return this.ejections;
	}

	/** What it did before it was ejected says nothing about it any more. */
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
