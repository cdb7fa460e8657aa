package io.redmesh.core.call;

import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

import io.redmesh.core.endpoint.Endpoint;
import io.redmesh.core.endpoint.EndpointPool;
import io.redmesh.core.endpoint.EndpointSubset;
import io.redmesh.core.endpoint.Requirement;
import io.redmesh.core.instance.Status;
import io.redmesh.core.time.Time;
import io.redmesh.core.traffic.DestinationKey;
import io.redmesh.core.traffic.HashKey;
import org.jspecify.annotations.Nullable;

/**
 * The destination of calls: one service or a subset of it, and the state that all its
 * calls share. The state outlives any policy: the retry budget, the number of calls in
 * flight, the latencies and the refused calls.
 * <p>
 * Safe for use by many threads.
 */
public final class Destination {

	private final DestinationKey key;

	private final EndpointPool pool;

	private final Time time;

	private final Supplier<? extends RandomGenerator> random;

	private final RetryBudget budget = new RetryBudget();

	private final CallLimit limit;

	private final Map<CallRefusal, LongAdder> refused = new ConcurrentHashMap<>();

	private volatile ActivePolicy policy;

	// Kept as long as hedges depend on a percentile.
	private @Nullable LatencyPercentile latencies;

	Destination(DestinationKey key, EndpointPool pool, CallPolicy policy, Time time,
			Supplier<? extends RandomGenerator> random) {
		this.key = key;
		this.pool = pool;
		this.time = time;
		this.random = random;
		this.limit = new CallLimit(policy.maxCalls(), policy.maxPending());
		this.latencies = latencies(policy, null, time);
		this.policy = new ActivePolicy(policy, newPickers(policy), pool, this.latencies);
	}

	/**
	 * Replaces the policy at once. Calls that have begun keep the one that they began
	 * with; only the limit of calls in flight is the same for all.
	 * @param settings the policy
	 */
	synchronized void replacePolicy(CallPolicy settings) {
		if (settings.equals(this.policy.settings())) {
			return;
		}
		Pickers pickers = this.policy.pickersFor(settings);
		this.latencies = latencies(settings, this.latencies, this.time);
		this.policy = new ActivePolicy(settings, (pickers != null) ? pickers : newPickers(settings), this.pool,
				this.latencies);
		this.limit.resize(settings.maxCalls(), settings.maxPending());
	}

	private static @Nullable LatencyPercentile latencies(CallPolicy settings, @Nullable LatencyPercentile known,
			Time time) {
		if (settings.retries().hedging().percentile() == 0) {
			return null;
		}
		return (known != null) ? known : new LatencyPercentile(time.nanos());
	}

	private Pickers newPickers(CallPolicy settings) {
		return new Pickers(this.pool, settings.subset(), settings.loadBalancing(), this.random);
	}

	/**
	 * Returns the key of the destination.
	 * @return service and subset
	 */
	public DestinationKey key() {
		return this.key;
	}

	/**
	 * Returns the service that is called.
	 * @return its name
	 */
	public String service() {
		return this.pool.service();
	}

	/**
	 * Plans a call.
	 * @param terms the terms of the call
	 * @return the plan
	 */
	public CallPlan plan(CallTerms terms) {
		return new CallPlan(this, this.policy, terms);
	}

	/**
	 * Acquires a permit for a call, or a place in the queue for one.
	 * @param terms the terms of the call
	 * @param waits whether the call would wait
	 * @return the permit, to be released when the call is over
	 * @throws NoEndpointException if too many calls are in flight or in the queue, or the
	 * deadline of the caller has passed
	 */
	Permit acquire(CallTerms terms, boolean waits) throws NoEndpointException {
		String late = terms.deadline().limited() ? lateMessage(terms.deadline(), this.time.nanos()) : null;
		if (late != null) {
			refuse(CallRefusal.DEADLINE);
			throw new DeadlinePassedException(late);
		}
		Permit permit = this.limit.acquire(waits);
		if (permit == null) {
			throw tooMany(this.limit.fullMessage());
		}
		return permit;
	}

	private @Nullable String lateMessage(Deadline deadline, long now) {
		return deadline.isPassed(now) ? "A call of '%s' would come too late: its deadline passed %s ago"
			.formatted(this.pool.service(), Duration.ofNanos(now - deadline.nanos())) : null;
	}

	/**
	 * Returns why a call could neither begin nor wait now, without counting a refusal.
	 * @param terms the terms of the call
	 * @param now the monotonic time
	 * @return the reason, or null if it could
	 */
	@Nullable String refusal(CallTerms terms, long now) {
		String late = lateMessage(terms.deadline(), now);
		return (late != null || !this.limit.isQueueFull()) ? late : tooManyCallsMessage(this.limit.fullMessage());
	}

	/**
	 * Counts a call that cannot begin because there are too many.
	 * @param circumstances the number of calls
	 * @return the exception to throw
	 */
	TooManyCallsException tooMany(String circumstances) {
		refuse(CallRefusal.LIMIT);
		return new TooManyCallsException(tooManyCallsMessage(circumstances));
	}

	private String tooManyCallsMessage(String circumstances) {
		return "No more calls of '%s': %s".formatted(this.pool.service(), circumstances);
	}

	CallLimit limit() {
		return this.limit;
	}

	EndpointPool pool() {
		return this.pool;
	}

	/** Returns the policy in force. */
	CallPolicy policy() {
		return this.policy.settings();
	}

	/**
	 * Returns the part of a request that a rule makes the hash key of calls.
	 * @return the part; null if no rule does
	 */
	public @Nullable HashKey hashKey() {
		return policy().hashKey();
	}

	/** Returns the clock of all decisions. */
	Time time() {
		return this.time;
	}

	/**
	 * Picks the endpoint of a first attempt.
	 * @param picker the picker of the call
	 * @param nanos the monotonic time now
	 * @param key the hash key of the call, or a random number
	 * @param routing the decision of rules that leads here, or null
	 * @return the endpoint
	 * @throws NoEndpointException if no instance can be called
	 */
	Endpoint pick(Picker picker, long nanos, long key, @Nullable Routing routing) throws NoEndpointException {
		Endpoint endpoint = picker.pick(nanos, key);
		if (endpoint == null) {
			refuse(CallRefusal.NO_ENDPOINT);
			throw new NoEndpointException(
					noEndpointMessage(picker.requirement()) + ((routing != null) ? routing.suffix() : ""));
		}
		return endpoint;
	}

	/** Returns the message that says why no instance can be called. */
	String noEndpointMessage(@Nullable Requirement requirement) {
		List<Endpoint> all = this.pool.all();
		List<Endpoint> some = this.pool.view(requirement).all();
		if (requirement != null && some.isEmpty() && !all.isEmpty()) {
			EndpointSubset subset = requirement.subset();
			if (subset != null && this.pool.subset(subset).all().isEmpty()) {
				return "No instance of '%s' %s (known: %d)".formatted(this.pool.service(), subset, all.size());
			}
			return "No instance of '%s' %s (known: %d%s)".formatted(this.pool.service(), requirement, all.size(),
					requirement.secure() ? "; an https call is never sent over plain http" : "");
		}
		Map<Status, Integer> byStatus = new EnumMap<>(Status.class);
		some.forEach((endpoint) -> byStatus.merge(endpoint.instance().status(), 1, Integer::sum));
		return "No instance of '%s'%s can be called (known: %s)".formatted(this.pool.service(),
				(requirement != null) ? " that " + requirement : "", byStatus.isEmpty() ? "none" : byStatus);
	}

	/**
	 * Counts a refused call.
	 * @param refusal the reason of the refusal
	 */
	void refuse(CallRefusal refusal) {
		this.refused.computeIfAbsent(refusal, (none) -> new LongAdder()).increment();
	}

	long refused(CallRefusal refusal) {
		LongAdder count = this.refused.get(refusal);
		return (count != null) ? count.sum() : 0;
	}

	/** Returns the source of randomness for the current thread. */
	RandomGenerator random() {
		return this.random.get();
	}

	RetryBudget budget() {
		return this.budget;
	}

	/** Returns the number of retries and hedges that the budget permits now. */
	double retriesLeft() {
		return this.budget.left(policy().retries(), this.time.nanos());
	}

}
