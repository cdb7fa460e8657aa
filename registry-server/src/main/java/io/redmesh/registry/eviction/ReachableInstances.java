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
import io.redmesh.registry.eviction.TcpProbe.Knock;
import org.jspecify.annotations.Nullable;

import org.springframework.context.SmartLifecycle;

/**
 * The incarnations that this server has reached at their registered address, for which it
 * knocks once when it hears of them. Only of these a refused connection says anything: an
 * address may mean something else here than where the callers are.
 * <p>
 * Looks at what has changed once a second, on the timer's thread; asking is free.
 */
final class ReachableInstances implements SmartLifecycle {

	private static final Duration INTERVAL = Duration.ofSeconds(1);

	// So that a mass start, or a start of this server, is no storm.
	private static final int PER_INTERVAL = 100;

	private static final int MAX_ATTEMPTS = 3;

	private final Namespaces catalog;

	private final TcpProbe probe;

	private final Timer timer;

	private final Map<String, Known> namespaces = new HashMap<>();

	private final Map<Key, Long> reached = new ConcurrentHashMap<>();

	private volatile boolean running;

	ReachableInstances(Namespaces catalog, TcpProbe probe, Timer timer) {
		this.catalog = catalog;
		this.probe = probe;
		this.timer = timer;
	}

	/**
	 * Tells whether this server has reached an incarnation.
	 * @param namespace where it is registered
	 * @param instance the instance
	 * @return whether its address accepted a connection
	 */
	boolean hasReached(String namespace, Instance instance) {
		return Long.valueOf(instance.fence())
			.equals(this.reached.get(new Key(namespace, instance.service(), instance.id())));
	}

	private void look() {
		if (!this.running) {
			return;
		}
		int left = PER_INTERVAL;
		for (NamespaceCatalog namespace : this.catalog.followed()) {
			Known known = this.namespaces.computeIfAbsent(namespace.name(), (name) -> new Known());
			collect(namespace, known);
			left = knock(namespace, known, left);
		}
		this.timer.schedule(INTERVAL, this::look);
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

	private int knock(NamespaceCatalog namespace, Known known, int limit) {
		int left = limit;
		Map<Key, Integer> again = new HashMap<>();
		Iterator<Map.Entry<Key, Integer>> waiting = known.waiting.entrySet().iterator();
		while (left > 0 && waiting.hasNext()) {
			Map.Entry<Key, Integer> next = waiting.next();
			waiting.remove();
			Instance instance = find(namespace, next.getKey());
			if (instance != null && !hasReached(namespace.name(), instance)) {
				left--;
				this.probe.knock(instance).subscribe((knock) -> met(next.getKey(), instance, knock));
				if (next.getValue() + 1 < MAX_ATTEMPTS) {
					again.put(next.getKey(), next.getValue() + 1);
				}
			}
		}
		known.waiting.putAll(again);
		return left;
	}

	private void met(Key key, Instance instance, Knock knock) {
		if (knock == Knock.OPEN) {
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
		this.timer.schedule(INTERVAL, this::look);
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

	/** What has been looked at, and who waits to be knocked for. */
	private static final class Known {

		private final Map<Key, Integer> waiting = new LinkedHashMap<>();

		private long generation;

		private long revision;

	}

}
