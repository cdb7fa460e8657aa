package io.redmesh.core.call;

import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

import io.redmesh.core.endpoint.Endpoint;
import io.redmesh.core.endpoint.EndpointPool;
import io.redmesh.core.endpoint.Requirement;
import io.redmesh.core.endpoint.Result;
import io.redmesh.core.instance.Status;
import io.redmesh.core.outlier.OutlierDetector;
import io.redmesh.core.time.Time;
import org.jspecify.annotations.Nullable;

/** What all calls of one service share. */
final class Destination {

	/** A failure is never taken for a fast answer. */
	private static final long LEAST_FAILURE = Duration.ofMillis(10).toNanos();

	/** More requirements than calls of one service have at a time. */
	private static final int MAX_PICKERS = 16;

	private final EndpointPool pool;

	private final CallPolicy policy;

	private final Picker picker;

	private final Map<Requirement, Picker> pickers = new ConcurrentHashMap<>();

	private final OutlierDetector outliers;

	private final RetryBudget budget;

	private final CallLimit limit;

	// Null unless calls are hedged by it.
	private final @Nullable LatencyPercentile usual;

	private final Map<CallRefusal, LongAdder> refused = new ConcurrentHashMap<>();

	Destination(EndpointPool pool, CallPolicy policy, long now) {
		this.pool = pool;
		this.policy = policy;
		this.picker = new Picker(pool, null, policy.loadBalancing());
		this.outliers = new OutlierDetector(pool, policy.outliers());
		this.budget = new RetryBudget(policy.retries().budgetShare(), policy.retries().budgetMinimum());
		this.limit = new CallLimit(policy.maxCalls(), policy.maxPending());
		int percentile = policy.retries().hedging().percentile();
		this.usual = (percentile > 0) ? new LatencyPercentile(percentile, now) : null;
	}

	/**
	 * Lets a call begin, or wait until it may.
	 * @param terms what is special about it
	 * @param time tells whether it is too late
	 * @param waits whether it would wait
	 * @return what it holds until it is over
	 * @throws NoEndpointException if there are as many as are permitted, or nobody waits
	 * for it any more
	 */
	Permit enter(CallTerms terms, Time time, boolean waits) throws NoEndpointException {
		String late = terms.limited() ? late(terms, time.nanos()) : null;
		if (late != null) {
			refuse(CallRefusal.DEADLINE);
			throw new DeadlinePassedException(late);
		}
		Permit permit = this.limit.enter(waits);
		if (permit == null) {
			throw tooMany(this.limit.full());
		}
		return permit;
	}

	private @Nullable String late(CallTerms terms, long now) {
		long late = now - terms.deadline();
		return (late >= 0) ? "A call of '%s' would come too late: whoever asked for it gave up %s ago"
			.formatted(this.pool.service(), Duration.ofNanos(late)) : null;
	}

	/**
	 * Tells why a call could neither begin nor wait now, without refusing it.
	 * @param terms what is special about it
	 * @param now the monotonic time
	 * @return the reason, or null if it could
	 */
	@Nullable String refusal(CallTerms terms, long now) {
		String late = terms.limited() ? late(terms, now) : null;
		return (late != null || !this.limit.isFullForGood()) ? late : tooManyCalls(this.limit.full());
	}

	/**
	 * A call cannot begin since there are too many.
	 * @param circumstances how many there are
	 * @return what to throw
	 */
	TooManyCallsException tooMany(String circumstances) {
		refuse(CallRefusal.LIMIT);
		return new TooManyCallsException(tooManyCalls(circumstances));
	}

	private String tooManyCalls(String circumstances) {
		return "No more calls of '%s': %s".formatted(this.pool.service(), circumstances);
	}

	CallLimit limit() {
		return this.limit;
	}

	/**
	 * Returns how long a call may be unanswered before it is worth another attempt beside
	 * its first.
	 * @param now the monotonic time
	 * @return nanoseconds, 0 for ever
	 */
	long hedgeAfter(long now) {
		long least = Time.nanos(this.policy.retries().hedging().after());
		return (this.usual != null) ? Math.max(least, this.usual.value(now)) : least;
	}

	/**
	 * Learns from how an attempt ended.
	 * @param ended the attempt
	 * @param outcome how it ended
	 * @param now the monotonic time
	 */
	void learn(Attempt ended, Outcome outcome, long now) {
		ended.decide(outcome.isAnswer(), now);
		// Then its caller lost interest before the instance had the time that it is
		// given.
		boolean cutShort = outcome == Outcome.TIMED_OUT && ended.isCutShort();
		Outcome learned = cutShort ? Outcome.ABANDONED : outcome;
		long elapsed = Math.max(0, now - ended.started());
		learnLatency(ended.endpoint(), learned, elapsed, now);
		this.outliers.ended(ended.endpoint(), learned.result(), ended.started(), now);
		if (this.usual != null && ended.number() == 1 && !cutShort) {
			// An attempt that was given up or failed says how long calls take only if it
			// took longer than most.
			long usually = this.usual.value(now);
			if (outcome.result() == Result.SUCCESS || (usually >= 0 && elapsed >= usually)) {
				this.usual.add(elapsed, now);
			}
		}
	}

	private static void learnLatency(Endpoint endpoint, Outcome outcome, long elapsed, long now) {
		Result result = outcome.result();
		if (result == Result.SUCCESS || result == Result.REJECTION) {
			endpoint.answered(elapsed, now);
		}
		else if (result == Result.FAILURE || result == Result.RELAY) {
			endpoint.answeredAfter(Math.max(elapsed, LEAST_FAILURE), now);
		}
		else if (outcome == Outcome.ABANDONED && elapsed > endpoint.latency(now)) {
			// It would have taken longer still.
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
	 * Returns what picks among the endpoints that meet a requirement.
	 * @param requirement what a call demands, or null
	 * @return the picker
	 */
	Picker picker(@Nullable Requirement requirement) {
		if (requirement == null) {
			return this.picker;
		}
		Picker known = this.pickers.get(requirement);
		if (known == null) {
			if (this.pickers.size() >= MAX_PICKERS) {
				// Ports come and go.
				this.pickers.clear();
			}
			known = this.pickers.computeIfAbsent(requirement,
					(key) -> new Picker(this.pool, key, this.policy.loadBalancing()));
		}
		return known;
	}

	/**
	 * Picks where a call goes first.
	 * @param requirement what the call demands, or null
	 * @param nanos the monotonic time now
	 * @param key the hash key of the call, or chance
	 * @return the endpoint
	 * @throws NoEndpointException if no instance can be called
	 */
	Endpoint pick(@Nullable Requirement requirement, long nanos, long key) throws NoEndpointException {
		Endpoint endpoint = picker(requirement).pick(nanos, key);
		if (endpoint == null) {
			refuse(CallRefusal.NO_ENDPOINT);
			throw new NoEndpointException(none(requirement));
		}
		return endpoint;
	}

	/** Says why no instance can be called. */
	String none(@Nullable Requirement requirement) {
		List<Endpoint> all = this.pool.all();
		if (requirement != null && !all.isEmpty()
				&& all.stream().noneMatch((endpoint) -> requirement.isMetBy(endpoint.instance()))) {
			return "No instance of '%s' %s (known: %d%s)".formatted(this.pool.service(), requirement, all.size(),
					requirement.secure() ? "; a call of https never goes out in plain http" : "");
		}
		Map<Status, Integer> byStatus = new EnumMap<>(Status.class);
		all.stream()
			.filter((endpoint) -> requirement == null || requirement.isMetBy(endpoint.instance()))
			.forEach((endpoint) -> byStatus.merge(endpoint.instance().status(), 1, Integer::sum));
		return "No instance of '%s'%s can be called (known: %s)".formatted(this.pool.service(),
				(requirement != null) ? " that " + requirement : "", byStatus.isEmpty() ? "none" : byStatus);
	}

	/**
	 * A call cannot begin.
	 * @param refusal why
	 */
	void refuse(CallRefusal refusal) {
		this.refused.computeIfAbsent(refusal, (none) -> new LongAdder()).increment();
	}

	long refused(CallRefusal refusal) {
		LongAdder count = this.refused.get(refusal);
		return (count != null) ? count.sum() : 0;
	}

	RetryBudget budget() {
		return this.budget;
	}

}
