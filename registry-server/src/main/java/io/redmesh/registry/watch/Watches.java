package io.redmesh.registry.watch;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

import io.micrometer.core.instrument.MeterRegistry;
import io.redmesh.core.registry.Cursor;
import io.redmesh.core.time.Time;
import io.redmesh.core.time.Timer;
import io.redmesh.core.time.Timer.Scheduled;
import io.redmesh.registry.catalog.CatalogPosition;
import io.redmesh.registry.catalog.NamespaceCatalog;
import io.redmesh.registry.catalog.Namespaces;
import io.redmesh.registry.watch.Watcher.Receipt;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.SmartLifecycle;

/**
 * All watches at this server. When the server stops it ends them before it closes its
 * port, so that their readers go to another server at once.
 */
public final class Watches implements SmartLifecycle {

	private static final Logger logger = LoggerFactory.getLogger(Watches.class);

	private static final int TICKS_PER_PING = 10;

	private final Namespaces namespaces;

	private final WatchProperties properties;

	private final Timer timer;

	private final Time time;

	private final WatchMetrics metrics;

	private final Map<String, NamespaceWatches> watched = new ConcurrentHashMap<>();

	private volatile boolean running;

	private final SelfWatches selves;

	private final SnapshotLimit snapshotLimit;

	Watches(Namespaces namespaces, SelfWatches selves, WatchProperties properties, Timer timer, Time time,
			MeterRegistry meters) {
		this.selves = selves;
		this.snapshotLimit = new SnapshotLimit(properties.snapshotsPerSecond(), time);
		this.namespaces = namespaces;
		this.properties = properties;
		this.timer = timer;
		this.time = time;
		this.metrics = new WatchMetrics(meters);
	}

	NamespaceWatches in(NamespaceCatalog namespace) {
		return this.watched.compute(namespace.name(), (name, known) -> {
			if (known != null && known.isOf(namespace)) {
				return known;
			}
			this.selves.vouchIn(namespace);
			return new NamespaceWatches(namespace, this.properties, this.timer, this.time, this.metrics);
		});
	}

	/**
	 * Returns whether a watch may begin now.
	 * @param namespace the namespace
	 * @param interest what the watch asks for
	 * @param last the last event that the reader has seen, or null
	 * @return whether it can resume, or the limit permits a snapshot
	 */
	boolean admit(NamespaceCatalog namespace, Interest interest, @Nullable EventId last) {
		return in(namespace).canResume(interest, last) || this.snapshotLimit.admit();
	}

	/**
	 * Waits until all watchers of a service at this server were sent a change, and the
	 * network has taken it.
	 * @param namespace the namespace
	 * @param service the service
	 * @param cursor the change
	 * @param limit the longest time to wait
	 * @return empty, afterwards or when the limit is reached
	 */
	public Mono<Void> whenSent(String namespace, String service, Cursor cursor, Duration limit) {
		NamespaceCatalog followed = this.namespaces.find(namespace);
		NamespaceWatches watched = this.watched.get(namespace);
		if (followed == null || watched == null) {
			return Mono.empty();
		}
		long began = this.time.nanos();
		return followed.whenSeen(cursor, limit).then(Mono.create((sink) -> {
			Duration left = limit.minusNanos(this.time.nanos() - began);
			collectReceipts(watched.watchers(service).toList(), cursor.revision(), left, sink);
		}));
	}

	private void collectReceipts(List<Watcher> watchers, long revision, Duration limit, MonoSink<Void> all) {
		AtomicInteger missing = new AtomicInteger(watchers.size() + 1);
		Receipt receipt = new Receipt(revision, () -> {
			if (missing.decrementAndGet() == 0) {
				all.success();
			}
		});
		Scheduled timeout = this.timer.schedule(limit, all::success);
		all.onDispose(() -> {
			timeout.cancel();
			if (missing.get() > 0) {
				watchers.forEach((watcher) -> watcher.forget(receipt));
			}
		});
		watchers.forEach((watcher) -> watcher.await(receipt));
		receipt.given().run();
	}

	boolean isAccepting() {
		return this.running;
	}

	@Override
	public void start() {
		this.running = true;
		tickLater();
	}

	private void tickLater() {
		this.timer.schedule(this.properties.ping().dividedBy(TICKS_PER_PING), () -> {
			long ping = this.properties.ping().toNanos();
			long stall = this.properties.stall().toNanos();
			this.watched.values()
				.forEach((namespace) -> namespace.watchers().forEach((watcher) -> watcher.tick(ping, stall)));
			if (this.running) {
				tickLater();
			}
		});
	}

	@Override
	public void stop() {
		this.running = false;
		List<Watcher> watchers = this.watched.values().stream().flatMap(NamespaceWatches::watchers).toList();
		logger.info("Ending {} watches, their readers go to other servers", watchers.size());
		watchers.forEach(Watcher::complete);
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	@Override
	public int getPhase() {
		return WebServerApplicationContext.GRACEFUL_SHUTDOWN_PHASE + 1;
	}

	/** The position up to which the watchers of a namespace may be sent changes. */
	@FunctionalInterface
	interface Published {

		/**
		 * Returns the position.
		 * @return the position, never null
		 */
		CatalogPosition get();

	}

}
