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
 * The hints to the registry about unreachable instances. The first is sent at once, those
 * that follow together a second later. Hints beyond the maximum, and hints to an
 * unreachable registry, are dropped.
 * <p>
 * Safe for use by many threads; never blocks the caller that reports an instance.
 */
final class RefusedHints implements EndpointListener {

	private static final Duration INTERVAL = Duration.ofSeconds(1);

	private static final int MAX = 100;

	private final RegistryClient client;

	private final Catalog catalog;

	private final Timer timer;

	private final Map<String, Instance> waiting = new LinkedHashMap<>();

	private boolean sendScheduled;

	RefusedHints(RegistryClient client, Catalog catalog, Timer timer) {
		this.client = client;
		this.catalog = catalog;
		this.timer = timer;
	}

	@Override
	public void ejected(Endpoint endpoint, EjectionCause cause, Duration until) {
		if (cause == EjectionCause.UNREACHABLE) {
			report(endpoint.instance());
		}
	}

	@Override
	public void stillEjected(Endpoint endpoint, EjectionCause cause) {
		if (cause == EjectionCause.UNREACHABLE) {
			report(endpoint.instance());
		}
	}

	@Override
	public void restored(Endpoint endpoint) {
		// The registry finds out by itself.
	}

	void report(Instance instance) {
		if (this.catalog.isFixed(instance.service())) {
			return;
		}
		synchronized (this.waiting) {
			if (this.waiting.size() < MAX) {
				this.waiting.put(instance.service() + "/" + instance.id(), instance);
			}
			if (this.sendScheduled) {
				return;
			}
			this.sendScheduled = true;
		}
		this.timer.schedule(Duration.ZERO, this::send);
	}

	private void send() {
		List<Instance> refused;
		synchronized (this.waiting) {
			refused = List.copyOf(this.waiting.values());
			this.waiting.clear();
			this.sendScheduled = !refused.isEmpty();
		}
		if (!refused.isEmpty()) {
			this.client.hint(refused).whenComplete((answer, failure) -> this.timer.schedule(INTERVAL, this::send));
		}
	}

}
