package io.redmesh.core.call;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;

import io.redmesh.core.endpoint.Endpoint;
import io.redmesh.core.endpoint.ReportedLoad;
import io.redmesh.core.loadbalance.KeyHash;
import io.redmesh.core.time.Time;
import org.jspecify.annotations.Nullable;

/**
 * The decisions of one logical call: where it goes first, and after each attempt whether,
 * when and where it goes again. Does no I/O, so that blocking and reactive clients drive
 * the same plan: <pre>
 * Attempt attempt = plan.first();
 * while (attempt != null) {
 *     // wait for attempt.delay(), try it for attempt.timeout(), and then
 *     attempt = plan.after(outcome, retryAfter);
 * }
 * // read the answer, if there is one, and then
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

	private boolean underWay;

	private final Repetition repetition;

	private final Preference preference;

	private boolean hedge;

	private volatile @Nullable Permit permit;

	CallPlan(Destination destination, CallTerms terms, Time time) {
		this.destination = destination;
		this.terms = terms;
		this.preference = new Preference(terms.requirement());
		this.repetition = new Repetition(terms);
		this.time = time;
		this.deadline = Deadline.of(terms, destination.policy().timeout(), time.nanos());
	}

	/**
	 * Returns the service that is called.
	 * @return its name
	 */
	public String service() {
		return this.destination.pool().service();
	}

	/**
	 * Returns how the service is called.
	 * @return the policy
	 */
	public CallPolicy policy() {
		return this.destination.policy();
	}

	/**
	 * Lets the call go where others go that it belongs together with, if the balancer
	 * keeps such calls together. Without a key it goes by chance.
	 * @param key what they have in common
	 */
	public void hashKey(CharSequence key) {
		this.preference.key(KeyHash.of(key));
	}

	/**
	 * Lets the call go first to the instance that it asks for, as long as that is a
	 * candidate; however it is balanced, and even if another is to be probed.
	 * @param instance the {@link KeyHash} of the instance's id, or 0 for none
	 */
	public void preferInstance(long instance) {
		this.preference.session(instance);
	}

	/**
	 * Lets the call go to an endpoint and nowhere else, since its caller makes it alone.
	 * @param endpoint what {@link #pick()} has said
	 */
	public void pinTo(Endpoint endpoint) {
		this.preference.only(endpoint);
		this.repetition.becomesImpossible();
	}

	/**
	 * Takes a place among the calls that are under way, or in the queue for one.
	 * @return what to wait for before the call begins; null if it may now
	 * @throws NoEndpointException if too many wait, or nobody waits for this one any more
	 */
	public @Nullable Turn turn() throws NoEndpointException {
		long patience = this.deadline.left(this.time.nanos());
		Permit taken = this.destination.enter(this.terms, this.time, true);
		this.permit = taken;
		CompletableFuture<@Nullable Void> comes = taken.turn();
		return (comes != null) ? new Turn(this.destination, taken, comes, patience) : null;
	}

	/**
	 * Decides where the call goes first.
	 * @return the attempt to start now
	 * @throws NoEndpointException if there is nobody to call, it is too late, or too many
	 * calls are under way and it has not waited for its turn
	 */
	public Attempt first() throws NoEndpointException {
		try {
			long now = this.time.nanos();
			if (this.permit == null) {
				this.permit = this.destination.enter(this.terms, this.time, false);
			}
			Endpoint endpoint = this.preference.first(this.destination, now, this.repetition.isRepeatable());
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
	 * Picks for somebody who makes the call alone, and perhaps tells how it went: nothing
	 * begins yet.
	 * @return where to call, or what is to be probed
	 * @throws NoEndpointException if there is nobody to call
	 */
	public Endpoint pick() throws NoEndpointException {
		return this.preference.first(this.destination, this.time.nanos(), false);
	}

	/**
	 * Tells what would become of the call now, without any consequence.
	 * @return the preview
	 */
	public CallPreview preview() {
		return CallPreview.of(this.destination, this.terms, this.preference, this.deadline, this.time.nanos());
	}

	/**
	 * Returns how long the first attempt may be unanswered before it is worth a hedge.
	 * @return nanoseconds; 0 for never, also while too few calls have told
	 */
	public long hedgeAfter() {
		return Math.max(0, this.destination.hedgeAfter(this.time.nanos()));
	}

	/**
	 * Plans the same call once more beside its first attempt, which takes long: whoever
	 * answers first wins, the other is to be abandoned (hedging; Dean and Barroso, The
	 * Tail at Scale, 2013). May be called by any thread.
	 * @return a plan of one attempt elsewhere; null if the call must not be made twice,
	 * the budget is used up, or there is nobody else
	 */
	public @Nullable CallPlan hedge() {
		Attempt slow = this.current;
		long now = this.time.nanos();
		if (slow == null || slow.number() > 1 || !this.repetition.isRepeatable()
				|| policy().retries().maxAttempts() == 1) {
			return null;
		}
		Endpoint other = this.preference.beside(this.destination, slow.endpoint(), now);
		if (other == null || !this.destination.budget().tryWithdraw(now)) {
			return null;
		}
		CallPlan hedge = new CallPlan(this.destination, this.terms, this.time);
		hedge.pinTo(other);
		hedge.hedge = true;
		return hedge;
	}

	/**
	 * Takes in how the current attempt ended, and decides what comes next.
	 * @param outcome how it ended
	 * @param retryAfter how long the receiver asks not to be called again, or null
	 * @return the attempt to start after its delay, or null when the call is over: its
	 * result is that of the last attempt
	 */
	public @Nullable Attempt after(Outcome outcome, @Nullable Duration retryAfter) {
		Attempt ended = this.current;
		if (ended == null || !this.underWay) {
			throw new IllegalStateException("No attempt is under way");
		}
		this.underWay = false;
		boolean answerIsRead = false;
		try {
			long now = this.time.nanos();
			this.destination.learn(ended, outcome, now);
			Attempt next = permitsAnother(ended, outcome, now) ? another(ended, outcome, retryAfter, now) : null;
			answerIsRead = next == null && outcome.isAnswer();
			return next;
		}
		finally {
			// Also if listeners, balancers or anything else threw.
			if (!answerIsRead) {
				ended.release();
				if (!this.underWay) {
					release();
				}
			}
		}
	}

	/**
	 * The receiver of the current attempt says how busy it is.
	 * @param utilization requests that it serves over those that it may serve at a time
	 */
	public void reported(float utilization) {
		Attempt attempt = this.current;
		if (attempt != null) {
			attempt.endpoint().reported(new ReportedLoad(utilization, this.time.nanos()));
		}
	}

	/**
	 * The answer was read, closed, failed or cancelled: the call is no load any more. May
	 * be called by any thread, and does nothing the second time.
	 */
	public void release() {
		Attempt last = this.current;
		if (last != null) {
			last.release();
		}
		Permit held = this.permit;
		if (held != null) {
			held.leave();
		}
	}

	/**
	 * Returns whether the call may be made again, of which its driver learns more while
	 * the request is sent.
	 * @return to be told by any thread
	 */
	public Repetition repetition() {
		return this.repetition;
	}

	private boolean permitsAnother(Attempt ended, Outcome outcome, long now) {
		return ended.number() < this.destination.policy().retries().maxAttempts() && !this.deadline.isPassed(now)
				&& this.repetition.isPermittedAfter(outcome);
	}

	private @Nullable Attempt another(Attempt ended, Outcome outcome, @Nullable Duration retryAfter, long now) {
		boolean orAgain = outcome == Outcome.BROKEN || retryAfter != null;
		Endpoint endpoint = this.preference.next(this.destination, ended.endpoint(), orAgain, now);
		if (endpoint == null) {
			return null;
		}
		long delay = outcome.isNoLoad() ? 0 : policy().retries().delay(ended.number(), ThreadLocalRandom.current());
		if (retryAfter != null && endpoint == ended.endpoint()) {
			delay = Math.max(delay, Time.nanos(retryAfter));
		}
		if (this.deadline.isPassedAfter(delay, now)) {
			return null;
		}
		if (outcome.needsBudget(ended.number()) && !this.destination.budget().tryWithdraw(now)) {
			return null;
		}
		return start(ended.number() + 1, endpoint, now, delay);
	}

	private Attempt start(int number, Endpoint endpoint, long now, long delay) {
		long left = this.deadline.left(now + delay);
		Attempt attempt = new Attempt(number, this.hedge, endpoint, now, delay, policy().patience(), left);
		this.current = attempt;
		this.underWay = true;
		return attempt;
	}

}
