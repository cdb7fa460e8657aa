package io.redmesh.core.endpoint;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

import io.redmesh.core.instance.Locality;
import io.redmesh.core.instance.Status;
import org.jspecify.annotations.Nullable;

/**
 * A view of the endpoints of a service, or of those that meet a requirement: which of
 * them a call may go to, and in which tiers.
 * <p>
 * Immutable, and replaced as a whole when an endpoint or an ejection changes, so that
 * balancers may keep what they have computed for its lists. The views for subsets and
 * requirements are computed when a call first demands them, and kept as long as this one.
 */
public final class EndpointView {

	static final EndpointView NONE = of(List.of(), EjectionPolicy.DEFAULT, Locality.UNKNOWN,
			ThreadLocalRandom::current);

	/**
	 * The number of requirements whose views are kept. For calls with further
	 * requirements the view is computed each time.
	 */
	private static final int MAX_VIEWS = 16;

	/**
	 * The number of subsets whose views are kept, more than the rules of one service
	 * define at a time. Subsets come from operators, requirements from the URIs of calls:
	 * these must not displace those.
	 */
	private static final int MAX_SUBSETS = 256;

	private final List<Endpoint> all;

	private final EjectionPolicy policy;

	private final Locality own;

	private final Supplier<? extends RandomGenerator> random;

	private final List<Endpoint> candidates;

	private final Tiers tiers;

	private final boolean panic;

	private final boolean probes;

	private final long nextProbe;

	private volatile Map<Requirement, EndpointView> views = Map.of();

	private volatile Map<EndpointSubset, EndpointView> subsets = Map.of();

	private EndpointView(List<Endpoint> all, EjectionPolicy policy, Locality own,
			Supplier<? extends RandomGenerator> random) {
		this.all = all;
		this.policy = policy;
		this.own = own;
		this.random = random;
		List<Endpoint> up = only(all, (endpoint) -> isCallable(endpoint, Status.UP));
		List<Endpoint> reachable = only(up, (endpoint) -> !endpoint.isUnreachable());
		List<Endpoint> trusted = only(reachable, (endpoint) -> !endpoint.instance().suspect());
		if (trusted.isEmpty()) {
			trusted = reachable;
		}
		List<Endpoint> good = only(trusted, (endpoint) -> !endpoint.isEjected());
		boolean few = good.size() < Math.max(1, policy.panicThreshold() * trusted.size());
		List<Endpoint> candidates = few ? trusted : good;
		if (candidates.isEmpty()) {
			candidates = !up.isEmpty() ? up : only(all,
					(endpoint) -> isCallable(endpoint, Status.STARTING) || isCallable(endpoint, Status.DRAINING));
		}
		this.candidates = candidates;
		this.tiers = Tiers.of(candidates, up, own, random);
		this.panic = few && !candidates.isEmpty();
		boolean probed = false;
		long next = 0;
		for (Endpoint endpoint : up) {
			Ejection ejection = endpoint.ejection();
			if (ejection != null && (!probed || ejection.until() - next < 0)) {
				probed = true;
				next = ejection.until();
			}
		}
		this.probes = probed;
		this.nextProbe = next;
	}

	static EndpointView of(List<Endpoint> all, EjectionPolicy policy, Locality own,
			Supplier<? extends RandomGenerator> random) {
		return new EndpointView(all, policy, own, random);
	}

	static boolean isCallable(Endpoint endpoint, Status status) {
		return endpoint.instance().status() == status && endpoint.instance().port() > 0;
	}

	private static List<Endpoint> only(List<Endpoint> endpoints, Predicate<Endpoint> condition) {
		return endpoints.stream().filter(condition).toList();
	}

	/**
	 * Returns the view of the endpoints that meet a requirement, as if there were no
	 * other endpoints.
	 * @param requirement the requirement of a call, or null for none
	 * @return the view, or this object if all endpoints meet the requirement
	 */
	EndpointView meeting(@Nullable Requirement requirement) {
		if (requirement == null) {
			return this;
		}
		EndpointView view = subset(requirement.subset());
		return requirement.isOfSubsetOnly() ? view : view.kept(requirement);
	}

	/**
	 * Returns the view of the endpoints of a subset, as if there were no other endpoints.
	 * @param subset the subset, or null for all endpoints
	 * @return the view, or this object if it is the same
	 */
	EndpointView subset(@Nullable EndpointSubset subset) {
		if (subset == null) {
			return this;
		}
		EndpointView view = this.subsets.get(subset);
		return (view != null) ? view : newSubset(subset);
	}

	private synchronized EndpointView newSubset(EndpointSubset subset) {
		EndpointView known = this.subsets.get(subset);
		if (known != null) {
			return known;
		}
		EndpointView view = part((endpoint) -> subset.contains(endpoint.instance()),
				(subset.ejection() != null) ? subset.ejection() : this.policy);
		// Rules change more often than the endpoints of some services.
		Map<EndpointSubset, EndpointView> more = (this.subsets.size() < MAX_SUBSETS) ? new HashMap<>(this.subsets)
				: new HashMap<>();
		more.put(subset, view);
		this.subsets = Map.copyOf(more);
		return view;
	}

	private EndpointView kept(Requirement requirement) {
		EndpointView view = this.views.get(requirement);
		return (view != null) ? view : newView(requirement);
	}

	private synchronized EndpointView newView(Requirement requirement) {
		EndpointView known = this.views.get(requirement);
		if (known != null) {
			return known;
		}
		EndpointView view = part((endpoint) -> requirement.isMetBy(endpoint.instance()), this.policy);
		if (this.views.size() < MAX_VIEWS) {
			Map<Requirement, EndpointView> more = new HashMap<>(this.views);
			more.put(requirement, view);
			this.views = Map.copyOf(more);
		}
		return view;
	}

	private EndpointView part(Predicate<Endpoint> condition, EjectionPolicy policy) {
		List<Endpoint> some = only(this.all, condition);
		boolean same = some.size() == this.all.size() && policy.equals(this.policy);
		return same ? this : of(some, policy, this.own, this.random);
	}

	/** Returns the policy that holds for ejections among these endpoints. */
	EjectionPolicy policy() {
		return this.policy;
	}

	/**
	 * Returns all endpoints, whatever their status, ordered by instance id.
	 * @return an immutable list
	 */
	public List<Endpoint> all() {
		return this.all;
	}

	/**
	 * Returns the endpoints that a call may go to now: those that are up, reachable and
	 * neither suspect nor ejected. If too few of them are left, also those that are
	 * ejected for their responses. If there are none: the suspect ones, then all that are
	 * up, then those that are starting or draining, because a call that may fail is
	 * better than one that must.
	 * @return an immutable list, empty if no endpoint can be called
	 */
	public List<Endpoint> candidates() {
		return this.candidates;
	}

	/**
	 * Returns the candidates that a call goes to: in the zone of this app, or further
	 * away as far as the nearer ones cannot take all calls. The call is counted.
	 * @param nanos the monotonic time now
	 * @return the tier, without endpoints if no instance can be called
	 */
	public Tier tier(long nanos) {
		return this.tiers.tier(nanos);
	}

	/**
	 * Returns the tier that a call would go to now, without counting it.
	 * @param nanos the monotonic time now
	 * @return the tier, without endpoints if no instance can be called
	 */
	public Tier nextTier(long nanos) {
		return this.tiers.next(nanos);
	}

	/**
	 * Returns whether too few endpoints are left for ejections for responses to count.
	 * @return whether there is panic
	 */
	public boolean isPanicking() {
		return this.panic;
	}

	/**
	 * Returns whether the probe of an ejected endpoint may be due, at little cost.
	 * @param nanos the monotonic time now
	 * @return false if none is
	 */
	boolean isProbeDue(long nanos) {
		return this.probes && nanos - this.nextProbe >= 0;
	}

	/**
	 * Returns an ejected endpoint whose probe is due.
	 * @param nanos the monotonic time now
	 * @param overdue nanoseconds since when the probe must be due, unless the endpoint is
	 * unreachable
	 * @return the endpoint, or null
	 */
	@Nullable Endpoint dueProbe(long nanos, long overdue) {
		for (Endpoint endpoint : this.all) {
			Ejection ejection = endpoint.ejection();
			long wait = endpoint.isUnreachable() ? 0 : overdue;
			if (ejection != null && isCallable(endpoint, Status.UP) && ejection.isDue(nanos - wait)) {
				return endpoint;
			}
		}
		return null;
	}

}
