package io.redmesh.core.call;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import io.redmesh.core.call.Repetition.Retry;
import io.redmesh.core.endpoint.Endpoint;
import io.redmesh.core.endpoint.ReportedLoad;
import io.redmesh.core.endpoint.Requirement;
import io.redmesh.core.time.Time;
import io.redmesh.core.traffic.Forward;
import io.redmesh.core.traffic.RetryRule;
import org.jspecify.annotations.Nullable;

/**
 * The plan of one logical call: where it goes first, and after each attempt whether, when
 * and where it is retried. It does no I/O, so that blocking and reactive clients drive
 * the same plan: <pre>
 * Step step = plan.first();
 * while (step != null) {
 *     // wait for step.delay(), carry it out, and then
 *     step = plan.after(outcome, status, retryAfter);
 * }
 * // read the response, if there is one, and then
 * plan.release();
 * </pre>
 * <p>
 * For one call only; not safe for use by several threads at once.
 */
public final class CallPlan {

	private final Destination destination;

	private final ActivePolicy policy;

	// Those of the policy, unless a route changes them.
	private final CallPolicy settings;

	private final CallTerms terms;

	private final Deadline deadline;

	private volatile @Nullable Step current;

	private boolean awaitsOutcome;

	private final Repetition repetition;

	private final Preference preference;

	private boolean hedge;

	private volatile @Nullable Permit permit;

	CallPlan(Destination destination, ActivePolicy policy, CallTerms terms) {
		this.destination = destination;
		this.policy = policy;
		this.terms = terms;
		this.preference = new Preference(destination, policy, terms);
		this.repetition = new Repetition(terms);
		Forward forward = forward();
		this.settings = (forward != null) ? policy.settings().routed(forward) : policy.settings();
		this.deadline = terms.deadline().within(this.settings.timeout(), now());
	}

	private @Nullable Forward forward() {
		Routing routing = this.terms.routing();
		return (routing != null) ? routing.forward() : null;
	}

	/** Returns the response that a rule gives in place of any instance, or null. */
	Step.@Nullable Respond responseOfRule() {
		Routing routing = this.terms.routing();
		return (routing != null) ? routing.response() : null;
	}

	private long now() {
		return this.destination.time().nanos();
	}

	/**
	 * Returns the service that is called.
	 * @return its name
	 */
	public String service() {
		return this.destination.pool().service();
	}

	/**
	 * Returns the policy of the call: the one that was in force when it was planned, with
	 * what its route changes.
	 * @return the policy
	 */
	public CallPolicy policy() {
		return this.settings;
	}

	/**
	 * Returns the decision of traffic rules on the call.
	 * @return the decision, or null without a rule for it
	 */
	public @Nullable Routing routing() {
		return this.terms.routing();
	}

	/**
	 * Returns the requirement for the instances that the call may go to.
	 * @return that of the call and that of its destination, or null for none
	 */
	public @Nullable Requirement requirement() {
		return this.preference.picker().requirement();
	}

	/**
	 * Acquires a permit, or a place in the queue for one. {@link #release()} returns
	 * either.
	 * @return the future that completes when the call may begin, by the thread that
	 * released the permit; null if the call may begin now
	 * @throws NoEndpointException if the queue is full or the deadline has passed
	 */
	public @Nullable CompletableFuture<?> acquirePermit() throws NoEndpointException {
		if (responseOfRule() != null) {
			return null;
		}
		Permit acquired = this.destination.acquire(this.terms, true);
		this.permit = acquired;
		return acquired.granted();
	}

	/**
	 * Returns the time left until the deadline.
	 * @return nanoseconds, 1 or more; {@link Long#MAX_VALUE} without a deadline
	 */
	public long timeLeft() {
		return this.deadline.left(now());
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
	 * Begins the first step.
	 * @return the step to carry out after its delay
	 * @throws NoEndpointException if no instance can be called, the caller's deadline has
	 * passed, or no permit is free and the call has not waited for one
	 */
	public Step first() throws NoEndpointException {
		try {
			Step answer = responseOfRule();
			return (answer != null) ? begun(answer) : firstAttempt(now());
		}
		catch (Throwable ex) {
			release();
			throw ex;
		}
	}

	private Step firstAttempt(long now) throws NoEndpointException {
		if (this.permit == null) {
			this.permit = this.destination.acquire(this.terms, false);
		}
		int number = this.hedge ? 2 : 1;
		InjectedFault fault = drawFault();
		Step injected = fault.step(number, 0, timeOfAttempt(now), service());
		Step step = (injected != null) ? begun(injected)
				: start(number, this.preference.first(now, this.repetition.isRepeatable()), fault, now, 0);
		if (!this.hedge) {
			this.destination.budget().deposit(now);
		}
		return step;
	}

	/**
	 * Picks an endpoint for a caller that sends the request itself, and may report the
	 * outcome. No attempt begins yet.
	 * @return the endpoint to call
	 * @throws NoEndpointException if no instance can be called
	 */
	public Endpoint pick() throws NoEndpointException {
		return this.preference.first(now(), false);
	}

	/**
	 * Returns a preview of the call, without any effect.
	 * @return the preview
	 */
	public CallPreview preview() {
		return CallPreview.of(this, this.destination, this.terms, this.preference, this.repetition.isRepeatable(),
				this.deadline, now());
	}

	/**
	 * Returns why the call would not get to an instance now, without counting a refusal.
	 * @param now the monotonic time
	 * @return the reason, or null if it would
	 */
	@Nullable String refusal(long now) {
		Step.Respond answer = responseOfRule();
		Routing routing = this.terms.routing();
		return (answer != null && routing != null)
				? "A traffic rule responds with status %d%s".formatted(answer.status(), routing.suffix())
				: this.destination.refusal(this.terms, now);
	}

	/**
	 * Returns how long the first attempt may be unanswered before a hedge is sent.
	 * @return nanoseconds; 0 for no hedge, also while the percentile has too few values
	 */
	public long hedgeAfter() {
		return Math.max(0, this.policy.hedgeAfter(now()));
	}

	/**
	 * Plans a hedge: the same call once more beside its slow first attempt. The first
	 * response wins, and the other attempt is to be abandoned (Dean and Barroso, The Tail
	 * at Scale, 2013). May be called by any thread.
	 * @return a plan of one attempt at another endpoint; null if the call must not be
	 * made twice, the budget is used up, or there is no other endpoint
	 */
	public @Nullable CallPlan hedge() {
		long now = now();
		if (!(this.current instanceof Attempt slow) || slow.number() > 1 || !this.repetition.isRepeatable()
				|| policy().retries().maxAttempts() == 1) {
			return null;
		}
		Endpoint other = this.preference.pickHedge(slow.endpoint(), now);
		if (other == null || !this.destination.budget().tryWithdraw(policy().retries(), now)) {
			return null;
		}
		CallPlan hedge = new CallPlan(this.destination, this.policy, this.terms.pinnedTo(other));
		hedge.hedge = true;
		return hedge;
	}

	/**
	 * Records the outcome of the current step, and decides on the next one.
	 * @param outcome the outcome
	 * @param status the status of the response, 0 for none
	 * @param retryAfter the pause that the receiver asks for, or null
	 * @return the step to carry out after its delay, or null when the call is over: its
	 * result is that of the last step
	 */
	public @Nullable Step after(Outcome outcome, int status, @Nullable Duration retryAfter) {
		Step ended = this.current;
		if (ended == null || !this.awaitsOutcome) {
			throw new IllegalStateException("No attempt awaits its outcome");
		}
		this.awaitsOutcome = false;
		boolean responseToRead = false;
		try {
			long now = now();
			if (ended instanceof Attempt attempt) {
				this.policy.learn(attempt, outcome, status, now);
			}
			Step next = another(ended, outcome, status, retryAfter, now);
			responseToRead = next == null && outcome.isAnswer();
			return next;
		}
		finally {
			// Also if a listener, a balancer or anything else threw.
			if (!responseToRead) {
				release(ended);
				if (!this.awaitsOutcome) {
					release();
				}
			}
		}
	}

	private static void release(@Nullable Step step) {
		if (step instanceof Attempt attempt) {
			attempt.release();
		}
	}

	/**
	 * Returns the retries and hedges that the budget of the destination permits now.
	 * @return their number, for all calls together
	 */
	public double retriesLeft() {
		return this.destination.budget().left(policy().retries(), now());
	}

	/**
	 * Records the load that the receiver of the current attempt reports.
	 * @param utilization requests in flight over requests permitted at a time
	 */
	public void reported(float utilization) {
		if (this.current instanceof Attempt attempt) {
			attempt.endpoint().reported(new ReportedLoad(utilization, now()));
		}
	}

	/**
	 * Ends the call: its response was read, closed, failed or cancelled. May be called by
	 * any thread, and does nothing the second time.
	 */
	public void release() {
		release(this.current);
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

	private @Nullable Step another(Step ended, Outcome outcome, int status, @Nullable Duration retryAfter, long now) {
		Retry retry = this.repetition.after(outcome, effect(outcome, status), ended.number());
		if (retry == Retry.NEVER || ended.number() >= policy().retries().maxAttempts()) {
			return null;
		}
		if (this.deadline.isPassed(now)) {
			return null;
		}
		int number = ended.number() + 1;
		long delay = retry.isDelayed() ? policy().retries().delay(ended.number(), this.destination.random()) : 0;
		InjectedFault fault = drawFault();
		Step injected = fault.step(number, delay, timeOfAttempt(now + delay), service());
		if (injected != null) {
			return isPermitted(retry, delay, now) ? begun(injected) : null;
		}
		Endpoint endpoint = next(ended, outcome == Outcome.BROKEN || retryAfter != null, now);
		if (endpoint == null) {
			return null;
		}
		if (retryAfter != null && endpoint == endpoint(ended)) {
			delay = Math.max(delay, Time.nanos(retryAfter));
		}
		return isPermitted(retry, delay, now) ? start(number, endpoint, fault, now, delay) : null;
	}

	private boolean isPermitted(Retry retry, long delay, long now) {
		return !this.deadline.isPassedAfter(delay, now)
				&& (!retry.needsBudget() || this.destination.budget().tryWithdraw(policy().retries(), now));
	}

	private Outcome.Effect effect(Outcome outcome, int status) {
		if (responseOfRule() != null) {
			return Outcome.Effect.FINAL;
		}
		RetryRule rule = retryRule();
		return (rule != null) ? outcome.effect(status, rule.on()) : outcome.effect();
	}

	/**
	 * Picks the endpoint of a further attempt. A route with a policy of retries is obeyed
	 * even if there is no other endpoint.
	 */
	private @Nullable Endpoint next(Step ended, boolean allowTried, long now) {
		RetryRule rule = retryRule();
		boolean avoided = rule == null || rule.otherEndpoints();
		return this.preference.next(avoided ? endpoint(ended) : null, allowTried || rule != null, now);
	}

	private static @Nullable Endpoint endpoint(Step step) {
		return (step instanceof Attempt attempt) ? attempt.endpoint() : null;
	}

	private @Nullable RetryRule retryRule() {
		Forward forward = forward();
		return (forward != null) ? forward.retries() : null;
	}

	// A pinned call is sent by its caller, or is a hedge beside the attempt with the
	// fault.
	private InjectedFault drawFault() {
		return (this.terms.pinned() == null) ? InjectedFault.draw(this.terms.routing()) : InjectedFault.NONE;
	}

	private long timeOfAttempt(long start) {
		return Math.min(policy().attemptNanos(), this.deadline.left(start));
	}

	private Step start(int number, Endpoint endpoint, InjectedFault fault, long now, long delay) {
		long left = this.deadline.left(now + delay);
		if (fault.delay() > 0) {
			// What a rule takes of its time is not held against the endpoint.
			left = timeOfAttempt(now + delay) - fault.delay();
		}
		return begun(
				new Attempt(number, this.hedge, endpoint, now, delay + fault.delay(), policy().attemptNanos(), left));
	}

	private Step begun(Step step) {
		this.current = step;
		this.awaitsOutcome = true;
		return step;
	}

}
