package io.redmesh.core.call;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import io.redmesh.core.call.Repetition.Retry;
import io.redmesh.core.endpoint.Endpoint;
import io.redmesh.core.endpoint.ReportedLoad;
import io.redmesh.core.time.Time;
import org.jspecify.annotations.Nullable;

/**
 * The plan of one logical call: where it goes first, and after each attempt whether, when
 * and where it is retried. It does no I/O, so that blocking and reactive clients drive
 * the same plan: <pre>
 * Attempt attempt = plan.first();
 * while (attempt != null) {
 *     // wait for attempt.delay(), try it for attempt.timeout(), and then
 *     attempt = plan.after(outcome, retryAfter);
 * }
 * // read the response, if there is one, and then
 * plan.release();
 * </pre>
 * <p>
 * For one call only; not safe for use by several threads at once.
 */
public final class CallPlan {

	private final Destination destination;

	private final CallTerms terms;

	private final Time time;

	private final Deadline deadline;

	private volatile @Nullable Attempt current;

	private boolean awaitsOutcome;

	private final Repetition repetition;

	private final Preference preference;

	private boolean hedge;

	private volatile @Nullable Permit permit;

	CallPlan(Destination destination, CallTerms terms, Time time) {
		this.destination = destination;
		this.terms = terms;
		this.preference = new Preference(destination, terms);
		this.repetition = new Repetition(terms);
		this.time = time;
		this.deadline = terms.deadline().within(destination.policy().timeout(), time.nanos());
	}

	/**
	 * Returns the service that is called.
	 * @return its name
	 */
	public String service() {
		return this.destination.pool().service();
	}

	/**
	 * Returns the policy of calls to the service.
	 * @return the policy
	 */
	public CallPolicy policy() {
		return this.destination.policy();
	}

	/**
	 * Acquires a permit, or a place in the queue for one. {@link #release()} returns
	 * either.
	 * @return the future that completes when the call may begin, by the thread that
	 * released the permit; null if the call may begin now
	 * @throws NoEndpointException if the queue is full or the deadline has passed
	 */
	public @Nullable CompletableFuture<?> acquirePermit() throws NoEndpointException {
		Permit acquired = this.destination.acquire(this.terms, true);
		this.permit = acquired;
		return acquired.granted();
	}

	/**
	 * Returns the time left until the deadline.
	 * @return nanoseconds, 1 or more; {@link Long#MAX_VALUE} without a deadline
	 */
	public long timeLeft() {
		return this.deadline.left(this.time.nanos());
	}

	/**
	 * Leaves the queue because no permit was granted in time, and counts a refused call.
	 * @return the exception to throw
	 */
	public NoEndpointException permitTimedOut() {
		release();
		return this.destination.tooMany("timed out waiting for a permit");
	}

	/**
	 * Starts the first attempt.
	 * @return the attempt to send now
	 * @throws NoEndpointException if no instance can be called, the caller's deadline has
	 * passed, or no permit is free and the call has not waited for one
	 */
	public Attempt first() throws NoEndpointException {
		try {
			long now = this.time.nanos();
			if (this.permit == null) {
				this.permit = this.destination.acquire(this.terms, false);
			}
			Endpoint endpoint = this.preference.first(now, this.repetition.isRepeatable());
			if (!this.hedge) {
				this.destination.budget().deposit(now);
			}
			return start(this.hedge ? 2 : 1, endpoint, now, 0);
		}
		catch (Throwable ex) {
			release();
			throw ex;
		}
	}

	/**
	 * Picks an endpoint for a caller that sends the request itself, and may report the
	 * outcome. No attempt begins yet.
	 * @return the endpoint to call
	 * @throws NoEndpointException if no instance can be called
	 */
	public Endpoint pick() throws NoEndpointException {
		return this.preference.first(this.time.nanos(), false);
	}

	/**
	 * Returns a preview of the call, without any effect.
	 * @return the preview
	 */
	public CallPreview preview() {
		return CallPreview.of(this.destination, this.terms, this.preference, this.repetition.isRepeatable(),
				this.deadline, this.time.nanos());
	}

	/**
	 * Returns how long the first attempt may be unanswered before a hedge is sent.
	 * @return nanoseconds; 0 for no hedge, also while the percentile has too few values
	 */
	public long hedgeAfter() {
		return Math.max(0, this.destination.hedgeAfter(this.time.nanos()));
	}

	/**
	 * Plans a hedge: the same call once more beside its slow first attempt. The first
	 * response wins, and the other attempt is to be abandoned (Dean and Barroso, The Tail
	 * at Scale, 2013). May be called by any thread.
	 * @return a plan of one attempt at another endpoint; null if the call must not be
	 * made twice, the budget is used up, or there is no other endpoint
	 */
	public @Nullable CallPlan hedge() {
		Attempt slow = this.current;
		long now = this.time.nanos();
		if (slow == null || slow.number() > 1 || !this.repetition.isRepeatable()
				|| policy().retries().maxAttempts() == 1) {
			return null;
		}
		Endpoint other = this.preference.pickHedge(slow.endpoint(), now);
		if (other == null || !this.destination.budget().tryWithdraw(now)) {
			return null;
		}
		CallPlan hedge = this.destination.plan(this.terms.pinnedTo(other));
		hedge.hedge = true;
		return hedge;
	}

	/**
	 * Records the outcome of the current attempt, and decides on the next one.
	 * @param outcome the outcome
	 * @param retryAfter the pause that the receiver asks for, or null
	 * @return the attempt to send after its delay, or null when the call is over: its
	 * result is that of the last attempt
	 */
	public @Nullable Attempt after(Outcome outcome, @Nullable Duration retryAfter) {
		Attempt ended = this.current;
		if (ended == null || !this.awaitsOutcome) {
			throw new IllegalStateException("No attempt awaits its outcome");
		}
		this.awaitsOutcome = false;
		boolean responseToRead = false;
		try {
			long now = this.time.nanos();
			this.destination.learn(ended, outcome, now);
			Attempt next = another(ended, outcome, retryAfter, now);
			responseToRead = next == null && outcome.isAnswer();
			return next;
		}
		finally {
			// Also if a listener, a balancer or anything else threw.
			if (!responseToRead) {
				ended.release();
				if (!this.awaitsOutcome) {
					release();
				}
			}
		}
	}

	/**
	 * Records the load that the receiver of the current attempt reports.
	 * @param utilization requests in flight over requests permitted at a time
	 */
	public void reported(float utilization) {
		Attempt attempt = this.current;
		if (attempt != null) {
			attempt.endpoint().reported(new ReportedLoad(utilization, this.time.nanos()));
		}
	}

	/**
	 * Ends the call: its response was read, closed, failed or cancelled. May be called by
	 * any thread, and does nothing the second time.
	 */
	public void release() {
		Attempt last = this.current;
		if (last != null) {
			last.release();
		}
		Permit held = this.permit;
		if (held != null) {
			held.release();
		}
	}

	/**
	 * Returns the repeatability of the call, which its driver updates while the request
	 * is sent.
	 * @return the object to update, by any thread
	 */
	public Repetition repetition() {
		return this.repetition;
	}

	private @Nullable Attempt another(Attempt ended, Outcome outcome, @Nullable Duration retryAfter, long now) {
		Retry retry = this.repetition.after(outcome, ended.number());
		if (retry == Retry.NEVER || ended.number() >= policy().retries().maxAttempts()) {
			return null;
		}
		if (this.deadline.isPassed(now)) {
			return null;
		}
		boolean allowTried = outcome == Outcome.BROKEN || retryAfter != null;
		Endpoint endpoint = this.preference.next(ended.endpoint(), allowTried, now);
		if (endpoint == null) {
			return null;
		}
		long delay = retry.isDelayed() ? policy().retries().delay(ended.number(), this.destination.random()) : 0;
		if (retryAfter != null && endpoint == ended.endpoint()) {
			delay = Math.max(delay, Time.nanos(retryAfter));
		}
		if (this.deadline.isPassedAfter(delay, now)) {
			return null;
		}
		if (retry.needsBudget() && !this.destination.budget().tryWithdraw(now)) {
			return null;
		}
		return start(ended.number() + 1, endpoint, now, delay);
	}

	private Attempt start(int number, Endpoint endpoint, long now, long delay) {
		long left = this.deadline.left(now + delay);
		Attempt attempt = new Attempt(number, this.hedge, endpoint, now, delay, policy().attemptNanos(), left);
		this.current = attempt;
		this.awaitsOutcome = true;
		return attempt;
	}

}
