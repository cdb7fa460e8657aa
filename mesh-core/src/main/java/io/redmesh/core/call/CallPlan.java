package io.redmesh.core.call;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

import io.redmesh.core.endpoint.Endpoint;
import io.redmesh.core.endpoint.EndpointPool;
import io.redmesh.core.instance.Instance;
import io.redmesh.core.instance.Status;
import io.redmesh.core.loadbalance.LoadBalancer;
import io.redmesh.core.time.Time;
import org.jspecify.annotations.Nullable;

/**
 * The decisions of one logical call: where it goes first, and after each attempt whether
 * and where it goes again. Does no I/O, so that blocking and reactive clients drive the
 * same plan: <pre>
 * Attempt attempt = plan.first();
 * while (attempt != null) {
 *     // try it, and then, if it failed
 *     attempt = plan.after(outcome);
 * }
 * </pre>
 * <p>
 * For one call only; not safe for use by several threads at once.
 */
public final class CallPlan {

	private final EndpointPool pool;

	private final LoadBalancer loadBalancer;

	private final RetryPolicy retryPolicy;

	private final boolean idempotent;

	private final Time time;

	private @Nullable Attempt current;

	private volatile boolean repeatable = true;

	// Most calls never need it.
	private List<Endpoint> tried = List.of();

	CallPlan(EndpointPool pool, LoadBalancer loadBalancer, RetryPolicy retryPolicy, boolean idempotent, Time time) {
		this.pool = pool;
		this.loadBalancer = loadBalancer;
		this.retryPolicy = retryPolicy;
		this.idempotent = idempotent;
		this.time = time;
	}

	/**
	 * Returns the service that is called.
	 * @return its name
	 */
	public String service() {
		return this.pool.service();
	}

	/**
	 * Decides where the call goes first.
	 * @return the attempt to start now
	 * @throws NoEndpointException if there is nobody to call
	 */
	public Attempt first() throws NoEndpointException {
		return start(1, pick());
	}

	/**
	 * Picks for somebody who makes the call alone and never tells how it went: nothing
	 * begins, and nothing is learned.
	 * @return the instance to call
	 * @throws NoEndpointException if there is nobody to call
	 */
	public Instance only() throws NoEndpointException {
		return pick().instance();
	}

	private Endpoint pick() throws NoEndpointException {
		Endpoint endpoint = this.loadBalancer.pick(this.pool.candidates(this.time.nanos()));
		if (endpoint == null) {
			throw new NoEndpointException(nobody());
		}
		return endpoint;
	}

	/**
	 * Takes in how the current attempt ended, and decides what comes next.
	 * @param outcome how it ended
	 * @return the attempt to start now, or null when the call is over: its result is that
	 * of the last attempt
	 */
	public @Nullable Attempt after(Outcome outcome) {
		Attempt ended = this.current;
		if (ended == null) {
			throw new IllegalStateException("No attempt is under way");
		}
		this.current = null;
		learn(ended.endpoint(), outcome);
		if (!this.repeatable || !this.retryPolicy.permits(ended.number(), outcome, this.idempotent)) {
			return null;
		}
		Endpoint another = pickAnother(ended.endpoint(), outcome);
		return (another != null) ? start(ended.number() + 1, another) : null;
	}

	/**
	 * No attempt follows the current one, since the request cannot be sent again. May be
	 * called by any thread.
	 */
	public void cannotBeRepeated() {
		this.repeatable = false;
	}

	private void learn(Endpoint endpoint, Outcome outcome) {
		endpoint.attemptEnded();
		if (outcome == Outcome.RESPONDED) {
			endpoint.reached();
		}
		else if (outcome == Outcome.CONNECT_FAILED || outcome == Outcome.MISDIRECTED) {
			endpoint.unreachable(this.time.nanos());
		}
	}

	private @Nullable Endpoint pickAnother(Endpoint last, Outcome outcome) {
		if (this.tried.isEmpty()) {
			this.tried = new ArrayList<>(this.retryPolicy.maxAttempts());
		}
		this.tried.add(last);
		List<Endpoint> candidates = this.pool.candidates(this.time.nanos());
		Endpoint another = this.loadBalancer.pick(without(candidates, this.tried));
		if (another == null) {
			// Avoided ones that were not tried yet are still better than giving up.
			List<Endpoint> up = this.pool.all()
				.stream()
				.filter((endpoint) -> endpoint.instance().status() == Status.UP && endpoint.instance().port() > 0)
				.toList();
			another = this.loadBalancer.pick(without(up, this.tried));
		}
		// A kept-alive connection may have been closed by a healthy instance in that very
		// moment.
		return (another == null && outcome == Outcome.BROKEN) ? this.loadBalancer.pick(candidates) : another;
	}

	private static List<Endpoint> without(List<Endpoint> candidates, List<Endpoint> tried) {
		return candidates.stream().filter((endpoint) -> !tried.contains(endpoint)).toList();
	}

	private Attempt start(int number, Endpoint endpoint) {
		endpoint.attemptStarted(this.time.nanos());
		Attempt attempt = new Attempt(number, endpoint, endpoint.instance());
		this.current = attempt;
		return attempt;
	}

	private String nobody() {
		Map<Status, Integer> byStatus = new EnumMap<>(Status.class);
		this.pool.all().forEach((endpoint) -> byStatus.merge(endpoint.instance().status(), 1, Integer::sum));
		return "No instance of '%s' can be called (known: %s)".formatted(service(),
				byStatus.isEmpty() ? "none" : byStatus);
	}

	/**
	 * Returns the endpoints whose attempts have failed so far.
	 * @return in the order in which they were tried
	 */
	public List<Endpoint> tried() {
		return Collections.unmodifiableList(this.tried);
	}

}
