package io.redmesh.core.endpoint;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;

import io.redmesh.core.instance.Instance;
import io.redmesh.core.instance.Status;
import io.redmesh.core.registry.ServiceSnapshot;
import io.redmesh.core.time.Time;
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

	private final Consumer<Instance> onUnreachable;

	private volatile View view = new View(List.of(), List.of(), false, 0);

	EndpointPool(String service, Time time, Consumer<Instance> onUnreachable) {
		this.service = service;
		this.time = time;
		this.onUnreachable = onUnreachable;
	}

	/**
	 * Returns the service whose endpoints these are.
	 * @return the service's name
	 */
	public String service() {
		return this.service;
	}

	/**
	 * Returns all endpoints, whatever their status, ordered by instance id.
	 * @return an immutable list
	 */
	public List<Endpoint> all() {
		return this.view.all;
	}

	/**
	 * Returns the endpoints that a call may go to now: those that are up and neither
	 * suspect nor avoided; if there are none, those that are up and not avoided; then
	 * those that are up; if there are none, those that are starting or draining, since a
	 * call that may fail is better than one that must.
	 * @param nanos the monotonic time now
	 * @return an immutable list, empty if nobody can be called
	 */
	public List<Endpoint> candidates(long nanos) {
		View current = this.view;
		if (current.expires && nanos - current.validUntil >= 0) {
			current = rebuild(nanos);
		}
		return current.candidates;
	}

	synchronized void update(ServiceSnapshot snapshot) {
		Map<String, Endpoint> known = new HashMap<>();
		this.view.all.forEach((endpoint) -> known.put(endpoint.instance().id(), endpoint));
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
				all.add(new Endpoint(this, instance));
			}
		}
		known.values()
			.forEach((endpoint) -> logger.info("{}: endpoint {} removed", this.service,
					endpoint.instance().authority()));
		publish(List.copyOf(all), this.time.nanos());
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

	void avoided(Endpoint endpoint) {
		logger.info("{}: endpoint {} cannot be reached and is avoided", this.service, endpoint.instance().authority());
		this.onUnreachable.accept(endpoint.instance());
	}

	void restored(Endpoint endpoint) {
		logger.info("{}: endpoint {} answers again", this.service, endpoint.instance().authority());
		rebuild(this.time.nanos());
	}

	synchronized View rebuild(long nanos) {
		return publish(this.view.all, nanos);
	}

	private View publish(List<Endpoint> all, long nanos) {
		List<Endpoint> up = only(all, (endpoint) -> endpoint.instance().status() == Status.UP);
		List<Endpoint> reachable = only(up, (endpoint) -> !endpoint.isAvoided(nanos));
		List<Endpoint> trusted = only(reachable, (endpoint) -> !endpoint.instance().suspect());
		long soonest = Long.MAX_VALUE;
		for (Endpoint endpoint : up) {
			if (endpoint.isAvoided(nanos)) {
				soonest = Math.min(soonest, endpoint.avoidedUntil() - nanos);
			}
		}
		boolean expires = soonest != Long.MAX_VALUE;
		View next = new View(all, preferred(all, up, trusted.isEmpty() ? reachable : trusted), expires,
				expires ? nanos + soonest : 0);
		this.view = next;
		return next;
	}

	private static List<Endpoint> preferred(List<Endpoint> all, List<Endpoint> up, List<Endpoint> reachable) {
		if (!reachable.isEmpty()) {
			return reachable;
		}
		return !up.isEmpty() ? up : only(all, (endpoint) -> {
			Status status = endpoint.instance().status();
			return status == Status.STARTING || status == Status.DRAINING;
		});
	}

	private static List<Endpoint> only(List<Endpoint> endpoints, Predicate<Endpoint> condition) {
		return endpoints.stream().filter((endpoint) -> endpoint.instance().port() > 0).filter(condition).toList();
	}

	/**
	 * Everything a call reads, swapped at once.
	 *
	 * @param expires whether time alone makes the candidates stale, at {@code validUntil}
	 */
	record View(List<Endpoint> all, List<Endpoint> candidates, boolean expires, long validUntil) {

	}

}
