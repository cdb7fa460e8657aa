package io.redmesh.registry.eviction;

import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.redmesh.core.instance.Instance;
import io.redmesh.core.time.Timer;
import io.redmesh.registry.catalog.CatalogInstance;
import io.redmesh.registry.catalog.CatalogPosition;
import io.redmesh.registry.catalog.Change;
import io.redmesh.registry.catalog.NamespaceCatalog;
import io.redmesh.registry.catalog.Namespaces;
import io.redmesh.registry.catalog.ServiceView;
import io.redmesh.registry.eviction.TcpProbe.ProbeResult;
import org.jspecify.annotations.Nullable;

import org.springframework.context.SmartLifecycle;

/**
 * The incarnations that this server has reached at their registered address. It probes
 * each of them once, when it first sees it. Only for these does a refused connection
 * prove anything: here an address may mean another machine than where the callers are.
 * <p>
 * Reads changes once a second, on the timer's thread. A query costs nothing.
 */
final class ReachableInstances implements SmartLifecycle {

	private static final Duration INTERVAL = Duration.ofSeconds(1);

	// Neither a mass start nor a start of this server may cause a storm of connections.
	private static final int PER_INTERVAL = 100;

	private static final int MAX_ATTEMPTS = 3;

	private final Namespaces namespaces;

	private final TcpProbe probe;

	private final Timer timer;

	private final Map<String, Known> known = new HashMap<>();

	private final Map<Key, Long> reached = new ConcurrentHashMap<>();

	private volatile boolean running;

	ReachableInstances(Namespaces namespaces, TcpProbe probe, Timer timer) {
		this.namespaces = namespaces;
		this.probe = probe;
		this.timer = timer;
	}

	/**
	 * Returns whether this server has reached an incarnation.
	 * @param namespace the namespace
	 * @param instance the instance, with its fence
	 * @return whether its address accepted a connection
	 */
	boolean hasReached(String namespace, Instance instance) {
		return Long.valueOf(instance.fence())
			.equals(this.reached.get(new Key(namespace, instance.service(), instance.id())));
	}

	private void readChanges() {
		if (!this.running) {
			return;
		}
		int left = PER_INTERVAL;
		for (NamespaceCatalog namespace : this.namespaces.followed()) {
			Known known = this.known.computeIfAbsent(namespace.name(), (name) -> new Known());
			collect(namespace, known);
			left = probe(namespace, known, left);
		}
		this.timer.schedule(INTERVAL, this::readChanges);
	}

	private void collect(NamespaceCatalog namespace, Known known) {
		CatalogPosition now = namespace.position();
		if (now == null || (now.generation() == known.generation && now.revision() == known.revision)) {
			return;
		}
		List<Change> changes = (now.generation() == known.generation)
				? now.history().between(known.revision, now.revision()) : null;
		known.generation = now.generation();
		known.revision = now.revision();
		if (changes != null) {
			changes.forEach((change) -> note(namespace, known, change.service(), change.id()));
			return;
		}
		this.reached.keySet()
			.removeIf(
					(key) -> key.namespace.equals(namespace.name()) && namespace.instance(key.service, key.id) == null);
		for (ServiceView service : namespace.services()) {
			service.instances().forEach((one) -> note(namespace, known, service.service(), one.instance().id()));
		}
	}

	private void note(NamespaceCatalog namespace, Known known, String service, String id) {
		Key key = new Key(namespace.name(), service, id);
		Instance instance = find(namespace, key);
		if (instance == null) {
			this.reached.remove(key);
			known.waiting.remove(key);
		}
		else if (instance.port() > 0 && !hasReached(namespace.name(), instance)) {
			known.waiting.put(key, 0);
		}
	}

	private int probe(NamespaceCatalog namespace, Known known, int limit) {
		int left = limit;
		Map<Key, Integer> again = new HashMap<>();
		Iterator<Map.Entry<Key, Integer>> waiting = known.waiting.entrySet().iterator();
		while (left > 0 && waiting.hasNext()) {
			Map.Entry<Key, Integer> next = waiting.next();
			waiting.remove();
			Instance instance = find(namespace, next.getKey());
			if (instance != null && !hasReached(namespace.name(), instance)) {
				left--;
				this.probe.connect(instance).subscribe((result) -> probed(next.getKey(), instance, result));
				if (next.getValue() + 1 < MAX_ATTEMPTS) {
					again.put(next.getKey(), next.getValue() + 1);
				}
			}
		}
		known.waiting.putAll(again);
		return left;
	}

	private void probed(Key key, Instance instance, ProbeResult result) {
		if (result == ProbeResult.OPEN) {
			this.reached.put(key, instance.fence());
		}
	}

	private static @Nullable Instance find(NamespaceCatalog namespace, Key key) {
		CatalogInstance instance = namespace.instance(key.service, key.id);
		return (instance != null) ? instance.instance() : null;
	}

	@Override
	public void start() {
		this.running = true;
		this.timer.schedule(INTERVAL, this::readChanges);
	}

	@Override
	public void stop() {
		this.running = false;
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	private record Key(String namespace, String service, String id) {

	}

	/** The position up to which changes were read, and the instances to be probed. */
	private static final class Known {

		private final Map<Key, Integer> waiting = new LinkedHashMap<>();

		private long generation;

		private long revision;

	}

}
