package io.redmesh.core.endpoint;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

import io.redmesh.core.instance.Instance;
import io.redmesh.core.instance.Locality;
import io.redmesh.core.instance.Status;
import io.redmesh.core.registry.ServiceSnapshot;
import io.redmesh.core.time.Time;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The endpoints of one service. A snapshot replaces the list. An endpoint that is in both
 * the old and the new list stays the same object, so that its beliefs survive (after the
 * nondestructive update of Finagle's {@code Balancer}).
 * <p>
 * Safe for use by many threads. A read is one volatile read of an immutable
 * {@link EndpointView view}.
 */
public final class EndpointPool {

	private static final Logger logger = LoggerFactory.getLogger(EndpointPool.class);

	private final String service;

	private final Time time;

	private final EjectionPolicy policy;

	private final Locality own;

	private final Supplier<? extends RandomGenerator> random;

	private final EndpointListener listener;

	private volatile EndpointView view = EndpointView.NONE;

	private volatile long emptySince;

	// Initially long before any attempt, so that no unanswered time counts yet.
	private volatile long lastResponse = Long.MIN_VALUE / 2;

	EndpointPool(String service, Time time, EjectionPolicy policy, Locality own,
			Supplier<? extends RandomGenerator> random, EndpointListener listener) {
		this.service = service;
		this.time = time;
		this.policy = policy;
		this.own = own;
		this.random = random;
		this.listener = listener;
	}

	long lastResponse() {
		return this.lastResponse;
	}

	void recordResponse(long nanos) {
		this.lastResponse = nanos;
	}

	/**
	 * Returns the service of these endpoints.
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
	 * Returns the view of all endpoints.
	 * @return the view
	 */
	public EndpointView view() {
		return this.view;
	}

	/**
	 * Returns the view of the endpoints that meet a requirement.
	 * @param requirement the requirement of a call, or null for none
	 * @return the view
	 */
	public EndpointView view(@Nullable Requirement requirement) {
		return this.view.meeting(requirement);
	}

	/**
	 * Returns whether calls to the service's name are for this pool: an instance is
	 * known, and if the call names a port, an instance has registered that port.
	 * @param requirement the requirement of the call, or null
	 * @return whether they are; if not, they are for a plain host of that name
	 */
	public boolean captures(@Nullable Requirement requirement) {
		List<Endpoint> all = this.view.all();
		if (requirement == null || requirement.port() == 0) {
			return !all.isEmpty();
		}
		return all.stream().anyMatch((endpoint) -> endpoint.instance().port() == requirement.port());
	}

	/**
	 * Returns an ejected endpoint whose probe is due, and keeps other calls from probing
	 * it until this probe must have ended.
	 * @param requirement the requirement of the call, or null
	 * @param nanos the monotonic time now
	 * @param repeatable whether the call can be retried if the probe fails. Other calls
	 * probe only unreachable endpoints, and endpoints whose probe is long overdue.
	 * @return the endpoint that the call goes to, or null, as nearly always
	 */
	public @Nullable Endpoint nextProbe(@Nullable Requirement requirement, long nanos, boolean repeatable) {
		return view(requirement).isProbeDue(nanos) ? takeProbe(requirement, nanos, repeatable) : null;
	}

	/**
	 * Returns the endpoint that the next such call would probe, without marking it.
	 * @param requirement the requirement of the call, or null
	 * @param nanos the monotonic time now
	 * @param repeatable whether the call can be retried if the probe fails
	 * @return the endpoint, or null, as nearly always
	 */
	public @Nullable Endpoint dueProbe(@Nullable Requirement requirement, long nanos, boolean repeatable) {
		// Calls that cannot be retried leave the probe to calls that can.
		return view(requirement).dueProbe(nanos, repeatable ? 0 : Time.nanos(this.policy.maxEjection()));
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

	/** Returns whether the service has had no instances for that long. */
	boolean isEmptyFor(Duration length) {
		return all().isEmpty() && this.time.nanos() - this.emptySince >= length.toNanos();
	}

	private static boolean sameIncarnation(Instance known, Instance instance) {
		return known.fence() == instance.fence() && known.port() == instance.port()
				&& known.secure() == instance.secure() && known.host().equals(instance.host());
	}

	/** Ejects an endpoint if the limits permit it; all ejections pass here. */
	void eject(Endpoint endpoint, EjectionCause cause, long started, long nanos) {
		Ejection current;
		Ejection next;
		synchronized (this) {
			current = endpoint.ejection();
			// Attempts that failed together count once.
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
		if (isRemoved(endpoint)) {
			return false;
		}
		if (cause.isUnreachable() || endpoint.isEjected()) {
			return true;
		}
		List<Endpoint> up = this.view.all()
			.stream()
			.filter((other) -> EndpointView.isCallable(other, Status.UP))
			.toList();
		long ejected = up.stream().filter((other) -> other.isEjected() && !other.isUnreachable()).count();
		return ejected < this.policy.maxEjected(up.size());
	}

	void restore(Endpoint endpoint, long nanos) {
		synchronized (this) {
			if (!endpoint.isEjected() || isRemoved(endpoint)) {
				return;
			}
			endpoint.restored(nanos);
			publish(this.view.all());
		}
		logger.info("{}: endpoint {} restored", this.service, endpoint.authority());
		this.listener.restored(endpoint);
	}

	// The last attempts of a removed endpoint end later.
	private boolean isRemoved(Endpoint endpoint) {
		return !this.view.all().contains(endpoint);
	}

	private void publish(List<Endpoint> all) {
		this.view = EndpointView.of(all, this.policy.panicThreshold(), this.own, this.random);
	}

}
