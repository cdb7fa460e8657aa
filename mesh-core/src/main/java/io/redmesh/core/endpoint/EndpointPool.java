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
import io.redmesh.core.traffic.DestinationKey;
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

	private final DestinationKey key;

	private final String service;

	private final Time time;

	private final Locality own;

	private final Supplier<? extends RandomGenerator> random;

	private final EndpointListener listener;

	private volatile EjectionPolicy policy;

	private volatile EndpointView view = EndpointView.NONE;

	private volatile long emptySince;

	// Initially long before any attempt, so that no unanswered time counts yet.
	private volatile long lastResponse = Long.MIN_VALUE / 2;

	EndpointPool(String service, Time time, EjectionPolicy policy, Locality own,
			Supplier<? extends RandomGenerator> random, EndpointListener listener) {
		this.key = new DestinationKey(service, "");
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

	/**
	 * Returns the key of calls to all of these endpoints.
	 * @return the same object for all callers
	 */
	public DestinationKey key() {
		return this.key;
	}

	/**
	 * Returns the policy that is in force for ejections.
	 * @return the policy
	 */
	public EjectionPolicy policy() {
		return this.policy;
	}

	/**
	 * Replaces the policy at once. Ejections that have begun last as long as they were to
	 * last; all that is decided from now on follows the new policy.
	 * @param policy the policy
	 */
	synchronized void replacePolicy(EjectionPolicy policy) {
		if (!policy.equals(this.policy)) {
			this.policy = policy;
			publish(this.view.all());
		}
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
	 * Returns the view of the endpoints of a subset.
	 * @param subset the subset, or null for all endpoints
	 * @return the view
	 */
	public EndpointView subset(@Nullable EndpointSubset subset) {
		return this.view.subset(subset);
	}

	/**
	 * Returns whether calls to the service's name are for this pool: an instance is
	 * known, and if the call names a port, an instance has registered that port. A subset
	 * without instances captures calls all the same: they fail, rather than leave the
	 * mesh.
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
		EndpointView view = view(requirement);
		return view.dueProbe(nanos, repeatable ? 0 : Time.nanos(view.policy().maxEjection()));
	}

	private synchronized @Nullable Endpoint takeProbe(@Nullable Requirement requirement, long nanos,
			boolean repeatable) {
		Endpoint due = dueProbe(requirement, nanos, repeatable);
		Ejection ejection = (due != null) ? due.ejection() : null;
		if (due != null && ejection != null) {
			due.ejections().probe(ejection, view(requirement).policy(), nanos);
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

	/**
	 * Ejects an endpoint if the limits permit it; all ejections pass here.
	 * @param subset the subset whose limits count, or null for those of the whole service
	 */
	void eject(Endpoint endpoint, EjectionCause cause, @Nullable EndpointSubset subset, long started, long nanos) {
		Ejection current;
		Ejection next;
		synchronized (this) {
			current = endpoint.ejection();
			EndpointView peers = peers(endpoint, subset);
			// Attempts that failed together count once.
			if ((current != null && !current.isProlongedBy(cause, started)) || !mayEject(endpoint, cause, peers)) {
				return;
			}
			next = endpoint.ejections().begin(cause, peers.policy(), nanos);
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

	private boolean mayEject(Endpoint endpoint, EjectionCause cause, EndpointView peers) {
		if (isRemoved(endpoint)) {
			return false;
		}
		if (cause.isUnreachable() || endpoint.isEjected()) {
			return true;
		}
		List<Endpoint> up = peers.all().stream().filter((other) -> EndpointView.isCallable(other, Status.UP)).toList();
		long ejected = up.stream().filter((other) -> other.isEjected() && !other.isUnreachable()).count();
		return ejected < peers.policy().maxEjected(up.size());
	}

	// The labels of an instance may change while an attempt is in flight.
	private EndpointView peers(Endpoint endpoint, @Nullable EndpointSubset subset) {
		EndpointView peers = this.view.subset(subset);
		return peers.all().contains(endpoint) ? peers : this.view;
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
		this.view = EndpointView.of(all, this.policy, this.own, this.random);
	}

}
