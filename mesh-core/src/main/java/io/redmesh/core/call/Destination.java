package io.redmesh.core.call;

import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;

import io.redmesh.core.endpoint.Endpoint;
import io.redmesh.core.endpoint.EndpointPool;
import io.redmesh.core.endpoint.Result;
import io.redmesh.core.endpoint.Tier;
import io.redmesh.core.instance.Status;
import io.redmesh.core.loadbalance.KeyHash;
import io.redmesh.core.loadbalance.LoadBalancer;
import io.redmesh.core.outlier.OutlierDetector;
import io.redmesh.core.time.Time;
import org.jspecify.annotations.Nullable;

/** What all calls of one service share. */
final class Destination {

	/** A failure is never taken for a fast answer. */
	private static final long LEAST_FAILURE = Duration.ofMillis(10).toNanos();

	private final EndpointPool pool;

	private final CallPolicy policy;

	// One for each tier, since they keep what they have computed for its list. The first
	// is also that of whoever does not ask how near somebody is.
	private final LoadBalancer[] loadBalancers = new LoadBalancer[Tier.MAX];

	// For further attempts, whose lists are made for them.
	private final LoadBalancer others;

	private final OutlierDetector outliers;

	private final RetryBudget budget;

	private final CallLimit limit;

	// Null unless calls are hedged by it.
	private final @Nullable LatencyPercentile usual;

	private final Map<CallRefusal, LongAdder> refused = new ConcurrentHashMap<>();

	Destination(EndpointPool pool, CallPolicy policy, long now) {
		this.pool = pool;
		this.policy = policy;
		Arrays.setAll(this.loadBalancers, (distance) -> policy.loadBalancing().create(ThreadLocalRandom::current));
		// A hash knows a part of the list that it has the table of.
		this.others = policy.loadBalancing().keepsTogether() ? this.loadBalancers[0]
				: policy.loadBalancing().create(ThreadLocalRandom::current);
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
		if (terms.limited()) {
			requireInTime(time.nanos() - terms.deadline());
		}
		Permit permit = this.limit.enter(waits);
		if (permit == null) {
			throw tooMany(this.limit.full());
		}
		return permit;
	}

	private void requireInTime(long late) throws DeadlinePassedException {
		if (late >= 0) {
			refuse(CallRefusal.DEADLINE);
			throw new DeadlinePassedException("A call of '%s' would come too late: whoever asked for it gave up %s ago"
				.formatted(this.pool.service(), Duration.ofNanos(late)));
		}
	}

	/**
	 * A call cannot begin since there are too many.
	 * @param circumstances how many there are
	 * @return what to throw
	 */
	TooManyCallsException tooMany(String circumstances) {
		refuse(CallRefusal.LIMIT);
		return new TooManyCallsException("No more calls of '%s': %s".formatted(this.pool.service(), circumstances));
	}

	int pending() {
		return this.limit.pending();
	}

	/**
	 * Returns how long a call may be unanswered before it is worth another attempt beside
	 * its first.
	 * @param now the monotonic time
	 * @return nanoseconds, 0 for ever
	 */
	long hedgeAfter(long now) {
		long least = this.policy.retries().hedging().after().toNanos();
		return (this.usual != null) ? Math.max(least, this.usual.value(now)) : least;
	}

	/**
	 * Learns from how an attempt ended.
	 * @param ended the attempt
	 * @param outcome how it ended
	 * @param now the monotonic time
	 */
	void learn(Attempt ended, Outcome outcome, long now) {
		Endpoint endpoint = ended.endpoint();
		long elapsed = Math.max(0, now - ended.started());
		Result result = outcome.result();
		endpoint.attemptDecided(outcome.isAnswer(), now);
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
		this.outliers.ended(endpoint, result, ended.started(), now);
		if (this.usual != null && ended.number() == 1) {
			// Of one that was given up after less, nobody knows how long it would have
			// taken.
			if (result == Result.SUCCESS || elapsed >= this.usual.value(now)) {
				this.usual.add(elapsed, now);
			}
		}
	}

	EndpointPool pool() {
		return this.pool;
	}

	CallPolicy policy() {
		return this.policy;
	}

	/**
	 * Finds a candidate by its id.
	 * @param hash the hash of the id
	 * @return the endpoint, or null if no candidate has such an id
	 */
	@Nullable Endpoint candidate(long hash) {
		for (Endpoint endpoint : this.pool.candidates()) {
			if (KeyHash.of(endpoint.instance().id()) == hash) {
				return endpoint;
			}
		}
		return null;
	}

	/**
	 * Picks where a call goes first.
	 * @param nanos the monotonic time now
	 * @param key what calls that belong together have in common, or chance
	 * @return the endpoint
	 * @throws NoEndpointException if nobody can be called
	 */
	Endpoint pick(long nanos, long key) throws NoEndpointException {
		Endpoint endpoint = this.policy.loadBalancing().keepsTogether()
				? this.loadBalancers[0].pick(this.pool.candidates(), nanos, key) : pickNear(nanos, key);
		if (endpoint == null) {
			refuse(CallRefusal.NOBODY);
			throw new NoEndpointException(nobody());
		}
		return endpoint;
	}

	private @Nullable Endpoint pickNear(long nanos, long key) {
		Tier tier = this.pool.tier(nanos);
		return this.loadBalancers[tier.distance()].pick(tier.endpoints(), nanos, key);
	}

	private String nobody() {
		Map<Status, Integer> byStatus = new EnumMap<>(Status.class);
		this.pool.all().forEach((endpoint) -> byStatus.merge(endpoint.instance().status(), 1, Integer::sum));
		return "No instance of '%s' can be called (known: %s)".formatted(this.pool.service(),
				byStatus.isEmpty() ? "none" : byStatus);
	}

	/**
	 * Picks where a call goes after an attempt, among those that it has not tried yet.
	 * Ejected ones are still better than giving up.
	 * @param tried those that it has tried
	 * @param nanos the monotonic time now
	 * @param key what calls that belong together have in common, or chance
	 * @return the endpoint, or null if it has tried all
	 */
	@Nullable Endpoint pickOther(List<Endpoint> tried, long nanos, long key) {
		Endpoint other = this.others.pick(without(tried, this.pool.candidates().stream()), nanos, key);
		if (other != null) {
			return other;
		}
		Stream<Endpoint> up = this.pool.all()
			.stream()
			.filter((endpoint) -> endpoint.instance().status() == Status.UP && endpoint.instance().port() > 0);
		return this.others.pick(without(tried, up), nanos, key);
	}

	private static List<Endpoint> without(List<Endpoint> tried, Stream<Endpoint> all) {
		return all.filter((endpoint) -> !tried.contains(endpoint)).toList();
	}

	/**
	 * Picks where a call goes after an attempt.
	 * @param tried those that it has tried
	 * @param orAgain whether one of those is better than nobody. A kept-alive connection
	 * may have been closed by a healthy instance in that very moment, and who says for
	 * how long it cannot serve can serve after that.
	 * @param nanos the monotonic time now
	 * @param key what calls that belong together have in common, or chance
	 * @return the endpoint, or null if there is none
	 */
	@Nullable Endpoint pickAfter(List<Endpoint> tried, boolean orAgain, long nanos, long key) {
		Endpoint other = pickOther(tried, nanos, key);
		return (other == null && orAgain) ? this.others.pick(this.pool.candidates(), nanos, key) : other;
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
