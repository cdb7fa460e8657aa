package io.redmesh.autoconfigure.discovery;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.redmesh.autoconfigure.registry.RegistryClient;
import io.redmesh.core.endpoint.EjectionCause;
import io.redmesh.core.endpoint.Endpoint;
import io.redmesh.core.endpoint.EndpointListener;
import io.redmesh.core.instance.Instance;
import io.redmesh.core.registry.Catalog;
import io.redmesh.core.time.Timer;

/**
 * Tells the registry of instances that cannot be reached: the first at once, those that
 * follow together a second later. What is too much, or meets a registry that is away, is
 * dropped; it is a hint.
 * <p>
 * Safe for use by many threads; never holds up the one that made the call.
 */
final class RefusedHints implements EndpointListener {

	private static final Duration INTERVAL = Duration.ofSeconds(1);

	private static final int MAX = 100;

	private final RegistryClient client;

	private final Catalog catalog;

	private final Timer timer;

	private final Map<String, Instance> waiting = new LinkedHashMap<>();

	private boolean resting;

	RefusedHints(RegistryClient client, Catalog catalog, Timer timer) {
		this.client = client;
		this.catalog = catalog;
		this.timer = timer;
	}

	@Override
	public void ejected(Endpoint endpoint, EjectionCause cause, Duration until) {
		if (cause == EjectionCause.UNREACHABLE) {
			unreachable(endpoint.instance());
		}
	}

	@Override
	public void stillEjected(Endpoint endpoint, EjectionCause cause) {
		if (cause == EjectionCause.UNREACHABLE) {
			unreachable(endpoint.instance());
		}
	}

	@Override
	public void restored(Endpoint endpoint) {
		// The registry has its own way to find out.
	}

	void unreachable(Instance instance) {
		if (this.catalog.isFixed(instance.service())) {
			return;
		}
		synchronized (this.waiting) {
			if (this.waiting.size() < MAX) {
				this.waiting.put(instance.service() + "/" + instance.id(), instance);
			}
			if (this.resting) {
				return;
			}
			this.resting = true;
		}
		this.timer.schedule(Duration.ZERO, this::send);
	}

	private void send() {
		List<Instance> refused;
		synchronized (this.waiting) {
			refused = List.copyOf(this.waiting.values());
			this.waiting.clear();
			this.resting = !refused.isEmpty();
		}
		if (!refused.isEmpty()) {
			this.client.hint(refused).whenComplete((answer, failure) -> this.timer.schedule(INTERVAL, this::send));
		}
	}

}
