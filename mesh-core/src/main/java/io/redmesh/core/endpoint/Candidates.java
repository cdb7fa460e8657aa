package io.redmesh.core.endpoint;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

import io.redmesh.core.instance.Locality;
import io.redmesh.core.instance.Status;
import org.jspecify.annotations.Nullable;

/**
 * The endpoints of a service and all that a call reads about them, replaced as a whole.
 * <p>
 * Immutable. The parts that meet a requirement are computed when a call first demands
 * them, so that they too stay the same objects until something changes.
 */
final class Candidates {

	static final Candidates NONE = of(List.of(), 0, Locality.UNKNOWN);

	/**
	 * The number of requirements whose parts are kept. For calls with further
	 * requirements the part is computed each time.
	 */
	private static final int MAX_PARTS = 16;

	private final List<Endpoint> all;

	private final double panicThreshold;

	private final Locality own;

	private final List<Endpoint> endpoints;

	private final Tiers tiers;

	private final boolean panic;

	private final boolean probes;

	private final long nextProbe;

	private volatile Map<Requirement, Candidates> parts = Map.of();

	private Candidates(List<Endpoint> all, double panicThreshold, Locality own) {
		this.all = all;
		this.panicThreshold = panicThreshold;
		this.own = own;
		List<Endpoint> up = only(all, (endpoint) -> isCallable(endpoint, Status.UP));
		List<Endpoint> reachable = only(up, (endpoint) -> !endpoint.isUnreachable());
		List<Endpoint> trusted = only(reachable, (endpoint) -> !endpoint.instance().suspect());
		if (trusted.isEmpty()) {
			trusted = reachable;
		}
		List<Endpoint> good = only(trusted, (endpoint) -> !endpoint.isEjected());
		boolean few = good.size() < Math.max(1, panicThreshold * trusted.size());
		List<Endpoint> candidates = few ? trusted : good;
		if (candidates.isEmpty()) {
			candidates = !up.isEmpty() ? up : only(all,
					(endpoint) -> isCallable(endpoint, Status.STARTING) || isCallable(endpoint, Status.DRAINING));
		}
		this.endpoints = candidates;
		this.tiers = Tiers.of(candidates, up, own);
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

	static Candidates of(List<Endpoint> all, double panicThreshold, Locality own) {
		return new Candidates(all, panicThreshold, own);
	}

	static boolean isCallable(Endpoint endpoint, Status status) {
		return endpoint.instance().status() == status && endpoint.instance().port() > 0;
	}

	private static List<Endpoint> only(List<Endpoint> endpoints, Predicate<Endpoint> condition) {
		return endpoints.stream().filter(condition).toList();
	}

	/**
	 * Returns the part with the endpoints that meet a requirement.
	 * @param requirement the requirement of a call, or null for none
	 * @return the part, or this object if all endpoints meet the requirement
	 */
	Candidates meeting(@Nullable Requirement requirement) {
		if (requirement == null) {
			return this;
		}
		Candidates part = this.parts.get(requirement);
		return (part != null) ? part : newPart(requirement);
	}

	private synchronized Candidates newPart(Requirement requirement) {
		Candidates known = this.parts.get(requirement);
		if (known != null) {
			return known;
		}
		List<Endpoint> some = only(this.all, (endpoint) -> requirement.isMetBy(endpoint.instance()));
		Candidates part = (some.size() == this.all.size()) ? this : of(some, this.panicThreshold, this.own);
		if (this.parts.size() < MAX_PARTS) {
			Map<Requirement, Candidates> more = new HashMap<>(this.parts);
			more.put(requirement, part);
			this.parts = Map.copyOf(more);
		}
		return part;
	}

	/** Returns all endpoints, whether calls may go there or not. */
	List<Endpoint> all() {
		return this.all;
	}

	/** Returns the endpoints that a call may go to. */
	List<Endpoint> endpoints() {
		return this.endpoints;
	}

	/** Returns the endpoints that a call may go to, by distance. */
	Tiers tiers() {
		return this.tiers;
	}

	boolean isPanicking() {
		return this.panic;
	}

	boolean isProbeDue(long nanos) {
		return this.probes && nanos - this.nextProbe >= 0;
	}

}
