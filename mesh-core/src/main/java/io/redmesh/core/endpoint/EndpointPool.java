package io.redmesh.core.endpoint;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

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

	private volatile Candidates view = Candidates.NONE;

	private volatile long emptySince;

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
		return this.view.all();
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
		return candidates(null);
	}

	/**
	 * Returns those of the endpoints that meet a requirement to which a call may go now,
	 * as if there were no others.
	 * @param requirement what the call demands, or null
	 * @return an immutable list, empty if no instance that meets it can be called
	 */
	public List<Endpoint> candidates(@Nullable Requirement requirement) {
		return this.view.meeting(requirement).endpoints();
	}

	/**
	 * Returns those of the candidates that a call goes to: in the zone of this app, or
	 * further away as far as they cannot take all calls.
	 * @param requirement what the call demands, or null
	 * @param nanos the monotonic time now
	 * @return the tier, without endpoints if no instance can be called
	 */
	public Tier tier(@Nullable Requirement requirement, long nanos) {
		return this.view.meeting(requirement).tiers().tier(nanos);
	}

	/**
	 * Returns the tier that a call would go to now, without counting it.
	 * @param requirement what the call demands, or null
	 * @param nanos the monotonic time now
	 * @return the tier, without endpoints if no instance can be called
	 */
	public Tier nextTier(@Nullable Requirement requirement, long nanos) {
		return this.view.meeting(requirement).tiers().next(nanos);
	}

	/**
	 * Tells whether calls of the service's name are for this pool: an instance is known,
	 * and if the call names a port one has registered it.
	 * @param requirement what the call demands, or null
	 * @return whether they are; if not they are for any host of that name
	 */
	public boolean captures(@Nullable Requirement requirement) {
		List<Endpoint> all = this.view.all();
		if (requirement == null || requirement.port() == 0) {
			return !all.isEmpty();
		}
		return all.stream().anyMatch((endpoint) -> endpoint.instance().port() == requirement.port());
	}

	/**
	 * Tells whether so few endpoints are left that ejections for answers do not count.
	 * @return whether there is panic
	 */
	public boolean isPanicking() {
		return isPanicking(null);
	}

	/**
	 * Tells the same of the endpoints that meet a requirement.
	 * @param requirement what the call demands, or null
	 * @return whether there is panic
	 */
	public boolean isPanicking(@Nullable Requirement requirement) {
		return this.view.meeting(requirement).isPanicking();
	}

	/**
	 * Returns an ejected endpoint that is to be probed, and lets no other call probe it
	 * until that must have ended.
	 * @param requirement what the call demands, or null
	 * @param nanos the monotonic time now
	 * @param repeatable whether the call can be made again when the probe fails; others
	 * are taken only where they cannot be lost, or after nobody else came
	 * @return the endpoint that one call is to go to, or null, as nearly always
	 */
	public @Nullable Endpoint nextProbe(@Nullable Requirement requirement, long nanos, boolean repeatable) {
		return this.view.meeting(requirement).isProbeDue(nanos) ? takeProbe(requirement, nanos, repeatable) : null;
	}

	/**
	 * Returns the endpoint that the next such call would probe, without taking it.
	 * @param requirement what the call demands, or null
	 * @param nanos the monotonic time now
	 * @param repeatable whether the call can be made again when the probe fails
	 * @return the endpoint, or null, as nearly always
	 */
	public @Nullable Endpoint dueProbe(@Nullable Requirement requirement, long nanos, boolean repeatable) {
		for (Endpoint endpoint : this.view.meeting(requirement).all()) {
			Ejection ejection = endpoint.ejection();
			// Calls that cannot be repeated wait for others that can.
			long wait = (repeatable || endpoint.isUnreachable()) ? 0 : Time.nanos(this.policy.maxEjection());
			if (ejection != null && Candidates.isCallable(endpoint, Status.UP) && ejection.isDue(nanos - wait)) {
				return endpoint;
			}
		}
		return null;
	}

	private synchronized @Nullable Endpoint takeProbe(@Nullable Requirement requirement, long nanos,
			boolean repeatable) {
		Endpoint due = dueProbe(requirement, nanos, repeatable);
		Ejection ejection = (due != null) ? due.ejection() : null;
		if (due != null && ejection != null) {
			due.ejections().probe(ejection, nanos);
			publish(this.view.all());
		}
		return due;
	}

	synchronized void update(ServiceSnapshot snapshot) {
		Map<String, Endpoint> known = new HashMap<>();
		this.view.all().forEach((endpoint) -> known.put(endpoint.instance().id(), endpoint));
		boolean first = known.isEmpty();
		List<Endpoint> all = new ArrayList<>(snapshot.instances().size());
		for (Instance instance : snapshot.instances()) {
			Endpoint survivor = known.get(instance.id());
			if (survivor != null && sameIncarnation(survivor.instance(), instance)) {
				known.remove(instance.id());
				StatusLog.log(logger, survivor.instance(), instance);
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
		if (all.isEmpty()) {
			this.emptySince = this.time.nanos();
		}
		publish(List.copyOf(all));
	}

	/** Tells whether its service has had no instances for that long. */
	boolean isEmptyFor(Duration length) {
		return all().isEmpty() && this.time.nanos() - this.emptySince >= length.toNanos();
	}

	private static boolean sameIncarnation(Instance known, Instance instance) {
		return known.fence() == instance.fence() && known.port() == instance.port()
				&& known.secure() == instance.secure() && known.host().equals(instance.host());
	}

	/** Gate of all ejections, whoever asks for them. */
	void eject(Endpoint endpoint, EjectionCause cause, long started, long nanos) {
		Ejection current;
		Ejection next;
		synchronized (this) {
			current = endpoint.ejection();
			// What failed together counts once.
			if ((current != null && !current.isProlongedBy(cause, started)) || !mayEject(endpoint, cause)) {
				return;
			}
			next = endpoint.ejections().begin(cause, nanos);
			publish(this.view.all());
		}
		Duration until = Duration.ofNanos(next.until() - nanos);
		if (current == null) {
			logger.info("{}: endpoint {} ejected for {}: {}", this.service, endpoint.authority(), until,
					cause.sentence());
			this.listener.ejected(endpoint, cause, until);
		}
		else {
			logger.debug("{}: endpoint {} stays ejected for {}: {}", this.service, endpoint.authority(), until,
					cause.sentence());
			this.listener.stillEjected(endpoint, cause);
		}
	}

	private boolean mayEject(Endpoint endpoint, EjectionCause cause) {
		if (hasLeft(endpoint)) {
			return false;
		}
		if (cause.isUnreachable() || endpoint.isEjected()) {
			return true;
		}
		List<Endpoint> up = this.view.all()
			.stream()
			.filter((other) -> Candidates.isCallable(other, Status.UP))
			.toList();
		long ejected = up.stream().filter((other) -> other.isEjected() && !other.isUnreachable()).count();
		return ejected < this.policy.maxEjected(up.size());
	}

	void restore(Endpoint endpoint, long nanos) {
		synchronized (this) {
			if (!endpoint.isEjected() || hasLeft(endpoint)) {
				return;
			}
			endpoint.restored(nanos);
			publish(this.view.all());
		}
		logger.info("{}: endpoint {} restored", this.service, endpoint.authority());
		this.listener.restored(endpoint);
	}

	// Its last attempts end later.
	private boolean hasLeft(Endpoint endpoint) {
		return !this.view.all().contains(endpoint);
	}

	private void publish(List<Endpoint> all) {
		this.view = Candidates.of(all, this.policy.panicThreshold(), this.own);
	}

}
