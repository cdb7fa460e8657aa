package io.redmesh.core.endpoint;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

import io.redmesh.core.instance.Instance;
import io.redmesh.core.instance.Locality;
import io.redmesh.core.instance.Status;
import io.redmesh.core.registry.ServiceSnapshot;
import io.redmesh.core.time.Time;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The endpoints of one service. A snapshot replaces the list, but endpoints that are in
 * both the old and the new one stay the same objects, so that what calls have taught
 * survives (after the nondestructive update of Finagle's {@code Balancer}).
 * <p>
 * Safe for use by many threads. Reading is one volatile read of an immutable list; that
 * list stays the same object until something about it changes, so that balancers may keep
 * what they have computed for it.
 */
public final class EndpointPool {

	private static final Logger logger = LoggerFactory.getLogger(EndpointPool.class);

	private final String service;

	private final Time time;

	private final EjectionPolicy policy;

	private final Locality own;

	private final EndpointListener listener;

	private volatile View view = View.NOBODY;

	// Long before any moment, so that nobody was silent since.
	private volatile long heard = Long.MIN_VALUE / 2;

	EndpointPool(String service, Time time, EjectionPolicy policy, Locality own, EndpointListener listener) {
		this.service = service;
		this.time = time;
		this.policy = policy;
		this.own = own;
		this.listener = listener;
	}

	long heard() {
		return this.heard;
	}

	void heard(long nanos) {
		this.heard = nanos;
	}

	/**
	 * Returns the service whose endpoints these are.
	 * @return the service's name
	 */
	public String service() {
		return this.service;
	}

	EjectionPolicy policy() {
		return this.policy;
	}

	/**
	 * Returns all endpoints, whatever their status, ordered by instance id.
	 * @return an immutable list
	 */
	public List<Endpoint> all() {
		return this.view.all;
	}

	/**
	 * Returns the endpoints that a call may go to now: those that are up, can be reached
	 * and are neither suspect nor ejected; when too few of them are left, also those that
	 * are ejected for how they answer. If there are none, the suspect ones; then all that
	 * are up; then those that are starting or draining, since a call that may fail is
	 * better than one that must.
	 * @return an immutable list, empty if nobody can be called
	 */
	public List<Endpoint> candidates() {
		return this.view.candidates;
	}

	/**
	 * Returns those of the candidates that a call goes to: in the zone of this app, or
	 * further away as far as they cannot take all calls.
	 * @param nanos the monotonic time now
	 * @return the tier, without endpoints if nobody can be called
	 */
	public Tier tier(long nanos) {
		return this.view.tiers.tier(nanos);
	}

	/**
	 * Tells whether so few endpoints are left that ejections for answers do not count.
	 * @return whether there is panic
	 */
	public boolean isPanicking() {
		return this.view.panic;
	}

	/**
	 * Returns an ejected endpoint that is to be probed, and lets nobody else probe it
	 * until that must have ended.
	 * @param nanos the monotonic time now
	 * @param repeatable whether the call can be made again when the probe fails; others
	 * are taken only where they cannot be lost, or after nobody else came
	 * @return the endpoint that one call is to go to, or null, as nearly always
	 */
	public @Nullable Endpoint nextProbe(long nanos, boolean repeatable) {
		View current = this.view;
		return (current.probes && nanos - current.nextProbe >= 0) ? takeProbe(nanos, repeatable) : null;
	}

	private synchronized @Nullable Endpoint takeProbe(long nanos, boolean repeatable) {
		for (Endpoint endpoint : this.view.all) {
			Ejection ejection = endpoint.ejection();
			if (ejection != null && isCallable(endpoint, Status.UP) && ejection.isDue(
					(repeatable || endpoint.isUnreachable()) ? nanos : nanos - this.policy.maxEjection().toNanos())) {
				// Each probe of somebody who never answers is a call that waits long.
				long patience = endpoint.isUnreachable() ? this.policy.nanos(ejection.times())
						: this.policy.maxEjection().toNanos();
				endpoint.probedUntil(ejection, nanos + patience);
				publish(this.view.all);
				return endpoint;
			}
		}
		return null;
	}

	synchronized void update(ServiceSnapshot snapshot) {
		Map<String, Endpoint> known = new HashMap<>();
		this.view.all.forEach((endpoint) -> known.put(endpoint.instance().id(), endpoint));
		boolean first = known.isEmpty();
		List<Endpoint> all = new ArrayList<>(snapshot.instances().size());
		for (Instance instance : snapshot.instances()) {
			Endpoint survivor = known.get(instance.id());
			if (survivor != null && sameIncarnation(survivor.instance(), instance)) {
				known.remove(instance.id());
				logStatus(survivor.instance(), instance);
				survivor.refresh(instance);
				all.add(survivor);
			}
			else {
				logger.info("{}: endpoint {} added, {}", this.service, instance.authority(), instance.status());
				all.add(new Endpoint(this, instance, first || this.policy.slowStart().isZero(), this.time.nanos()));
			}
		}
		known.values()
			.forEach((endpoint) -> logger.info("{}: endpoint {} removed", this.service, endpoint.authority()));
		publish(List.copyOf(all));
	}

	private void logStatus(Instance old, Instance instance) {
		if (old.suspect() != instance.suspect()) {
			logger.info("{}: endpoint {} is {}", this.service, instance.authority(),
					instance.suspect() ? "suspect to the registry, others are preferred" : "no longer suspect");
		}
		if (old.status() != instance.status()) {
			logger.info("{}: endpoint {} is {} now", this.service, instance.authority(), instance.status());
		}
	}

	private static boolean sameIncarnation(Instance known, Instance instance) {
		return known.fence() == instance.fence() && known.port() == instance.port()
				&& known.secure() == instance.secure() && known.host().equals(instance.host());
	}

	/** Gate of all ejections, whoever asks for them. */
	void eject(Endpoint endpoint, EjectionCause cause, long started, long nanos) {
		Ejection next;
		synchronized (this) {
			Ejection current = endpoint.ejection();
			// What failed together counts once.
			if ((current != null && !current.isDisprovedBy(started)) || !mayEject(endpoint, cause)) {
				return;
			}
			endpoint.ejected(cause, this.policy, nanos);
			publish(this.view.all);
			next = endpoint.ejection();
		}
		if (next != null) {
			Duration until = Duration.ofNanos(next.until() - nanos);
			logger.info("{}: endpoint {} ejected for {}: {}", this.service, endpoint.authority(), until,
					cause.sentence());
			this.listener.ejected(endpoint, cause, until);
		}
	}

	private boolean mayEject(Endpoint endpoint, EjectionCause cause) {
		if (hasLeft(endpoint)) {
			return false;
		}
		if (cause == EjectionCause.UNREACHABLE || endpoint.isEjected()) {
			return true;
		}
		List<Endpoint> up = up(this.view.all);
		long ejected = up.stream().filter((other) -> other.isEjected() && !other.isUnreachable()).count();
		return ejected < this.policy.maxEjected(up.size());
	}

	void restore(Endpoint endpoint, long nanos) {
		synchronized (this) {
			if (!endpoint.isEjected() || hasLeft(endpoint)) {
				return;
			}
			endpoint.restored(nanos);
			publish(this.view.all);
		}
		logger.info("{}: endpoint {} restored", this.service, endpoint.authority());
		this.listener.restored(endpoint);
	}

	// Its last attempts end later.
	private boolean hasLeft(Endpoint endpoint) {
		return !this.view.all.contains(endpoint);
	}

	private void publish(List<Endpoint> all) {
		this.view = View.of(all, this.policy.panicThreshold(), this.own);
	}

	private static List<Endpoint> up(List<Endpoint> all) {
		return only(all, (endpoint) -> isCallable(endpoint, Status.UP));
	}

	private static boolean isCallable(Endpoint endpoint, Status status) {
		return endpoint.instance().status() == status && endpoint.instance().port() > 0;
	}

	private static List<Endpoint> only(List<Endpoint> endpoints, Predicate<Endpoint> condition) {
		return endpoints.stream().filter(condition).toList();
	}

	/**
	 * Everything a call reads, swapped at once.
	 *
	 * @param probes whether somebody is to be probed, from {@code nextProbe} on
	 */
	private record View(List<Endpoint> all, List<Endpoint> candidates, Tiers tiers, boolean panic, boolean probes,
			long nextProbe) {

		static final View NOBODY = new View(List.of(), List.of(), Tiers.of(List.of(), List.of(), Locality.UNKNOWN),
				false, false, 0);

		static View of(List<Endpoint> all, double panicThreshold, Locality own) {
			List<Endpoint> up = up(all);
			List<Endpoint> reachable = only(up, (endpoint) -> !endpoint.isUnreachable());
			List<Endpoint> trusted = only(reachable, (endpoint) -> !endpoint.instance().suspect());
			if (trusted.isEmpty()) {
				trusted = reachable;
			}
			List<Endpoint> good = only(trusted, (endpoint) -> !endpoint.isEjected());
			boolean panic = good.size() < Math.max(1, panicThreshold * trusted.size());
			List<Endpoint> candidates = panic ? trusted : good;
			if (candidates.isEmpty()) {
				candidates = !up.isEmpty() ? up : only(all,
						(endpoint) -> isCallable(endpoint, Status.STARTING) || isCallable(endpoint, Status.DRAINING));
			}
			boolean probes = false;
			long nextProbe = 0;
			for (Endpoint endpoint : up) {
				Ejection ejection = endpoint.ejection();
				if (ejection != null && (!probes || ejection.until() - nextProbe < 0)) {
					probes = true;
					nextProbe = ejection.until();
				}
			}
			return new View(all, candidates, Tiers.of(candidates, up, own), panic && !candidates.isEmpty(), probes,
					nextProbe);
		}

	}

}
