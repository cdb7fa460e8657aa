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
import io.redmesh.core.endpoint.Requirement;
import io.redmesh.core.endpoint.Result;
import io.redmesh.core.instance.Status;
import io.redmesh.core.outlier.OutlierDetector;
import io.redmesh.core.time.Time;
import org.jspecify.annotations.Nullable;

/**
 * The destination of calls: one service, and the state that all its calls share.
 * <p>
 * Safe for use by many threads.
 */
public final class Destination {

	/** The least latency of a failure: a fast failure never counts as a fast response. */
	private static final long MIN_FAILURE_LATENCY = Duration.ofMillis(10).toNanos();

	/** The number of pickers that are kept, more than one service needs at a time. */
	private static final int MAX_PICKERS = 16;

	private final EndpointPool pool;

	private final CallPolicy policy;

	private final Time time;

	private final Supplier<? extends RandomGenerator> random;

	private final Picker picker;

	private final Map<Requirement, Picker> pickers = new ConcurrentHashMap<>();

	private final OutlierDetector outliers;

	private final RetryBudget budget;

	private final CallLimit limit;

	// Null unless hedges depend on a percentile.
	private final @Nullable LatencyPercentile latencies;

	private final Map<CallRefusal, LongAdder> refused = new ConcurrentHashMap<>();

	Destination(EndpointPool pool, CallPolicy policy, Time time, Supplier<? extends RandomGenerator> random) {
		this.pool = pool;
		this.policy = policy;
		this.time = time;
		this.random = random;
		this.picker = new Picker(pool, null, policy.loadBalancing(), random);
		this.outliers = new OutlierDetector(pool, policy.outliers());
		this.budget = new RetryBudget(policy.retries().budgetShare(), policy.retries().budgetMinimum());
		this.limit = new CallLimit(policy.maxCalls(), policy.maxPending());
		int percentile = policy.retries().hedging().percentile();
		this.latencies = (percentile > 0) ? new LatencyPercentile(percentile, time.nanos()) : null;
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
		return new CallPlan(this, terms, this.time);
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

	/**
	 * Returns how long the first attempt may be unanswered before a hedge is sent.
	 * @param now the monotonic time
	 * @return nanoseconds, 0 for no hedge
	 */
	long hedgeAfter(long now) {
		long least = Time.nanos(this.policy.retries().hedging().after());
		return (this.latencies != null) ? Math.max(least, this.latencies.value(now)) : least;
	}

	/**
	 * Learns from the outcome of an attempt.
	 * @param ended the attempt
	 * @param outcome the outcome
	 * @param now the monotonic time
	 */
	void learn(Attempt ended, Outcome outcome, long now) {
		ended.decide(outcome.isAnswer(), now);
		// The caller gave up before the instance had its regular time.
		boolean cutShort = outcome == Outcome.TIMED_OUT && ended.isCutShort();
		Outcome learned = cutShort ? Outcome.ABANDONED : outcome;
		long elapsed = Math.max(0, now - ended.started());
		learnLatency(ended.endpoint(), learned, elapsed, now);
		this.outliers.ended(ended.endpoint(), learned.result(), ended.started(), now);
		if (this.latencies != null && ended.number() == 1 && !cutShort) {
			// The duration of an abandoned or failed attempt counts only if it is longer
			// than most.
			long usually = this.latencies.value(now);
			if (outcome.result() == Result.SUCCESS || (usually >= 0 && elapsed >= usually)) {
				this.latencies.add(elapsed, now);
			}
		}
	}

	private static void learnLatency(Endpoint endpoint, Outcome outcome, long elapsed, long now) {
		Result result = outcome.result();
		if (result == Result.SUCCESS || result == Result.REJECTION) {
			endpoint.answered(elapsed, now);
		}
		else if (result == Result.FAILURE || result == Result.RELAY) {
			endpoint.answeredAfter(Math.max(elapsed, MIN_FAILURE_LATENCY), now);
		}
		else if (outcome == Outcome.ABANDONED && elapsed > endpoint.latency(now)) {
			// The response would have taken longer still.
			endpoint.answeredAfter(elapsed, now);
		}
	}

	EndpointPool pool() {
		return this.pool;
	}

	CallPolicy policy() {
		return this.policy;
	}

	/**
	 * Returns the picker for the endpoints that meet a requirement.
	 * @param requirement the requirement of a call, or null
	 * @return the picker
	 */
	Picker picker(@Nullable Requirement requirement) {
		if (requirement == null) {
			return this.picker;
		}
		Picker known = this.pickers.get(requirement);
		if (known == null) {
			if (this.pickers.size() >= MAX_PICKERS) {
				// Registered ports change over time.
				this.pickers.clear();
			}
			known = this.pickers.computeIfAbsent(requirement,
					(key) -> new Picker(this.pool, key, this.policy.loadBalancing(), this.random));
		}
		return known;
	}

	/**
	 * Picks the endpoint of a first attempt.
	 * @param requirement the requirement of the call, or null
	 * @param nanos the monotonic time now
	 * @param key the hash key of the call, or a random number
	 * @return the endpoint
	 * @throws NoEndpointException if no instance can be called
	 */
	Endpoint pick(@Nullable Requirement requirement, long nanos, long key) throws NoEndpointException {
		Endpoint endpoint = picker(requirement).pick(nanos, key);
		if (endpoint == null) {
			refuse(CallRefusal.NO_ENDPOINT);
			throw new NoEndpointException(noEndpointMessage(requirement));
		}
		return endpoint;
	}

	/** Returns the message that says why no instance can be called. */
	String noEndpointMessage(@Nullable Requirement requirement) {
		List<Endpoint> all = this.pool.all();
		if (requirement != null && !all.isEmpty()
				&& all.stream().noneMatch((endpoint) -> requirement.isMetBy(endpoint.instance()))) {
			return "No instance of '%s' %s (known: %d%s)".formatted(this.pool.service(), requirement, all.size(),
					requirement.secure() ? "; an https call is never sent over plain http" : "");
		}
		Map<Status, Integer> byStatus = new EnumMap<>(Status.class);
		all.stream()
			.filter((endpoint) -> requirement == null || requirement.isMetBy(endpoint.instance()))
			.forEach((endpoint) -> byStatus.merge(endpoint.instance().status(), 1, Integer::sum));
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

}
