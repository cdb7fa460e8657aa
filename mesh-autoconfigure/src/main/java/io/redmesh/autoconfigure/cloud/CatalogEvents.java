package io.redmesh.autoconfigure.cloud;

import java.time.Duration;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

import io.redmesh.autoconfigure.MeshThreads;
import io.redmesh.core.registry.Catalog;
import io.redmesh.core.time.Timer;

import org.springframework.cloud.client.discovery.event.HeartbeatEvent;
import org.springframework.cloud.client.discovery.event.InstanceRegisteredEvent;
import org.springframework.context.ApplicationContext;
import org.springframework.context.SmartLifecycle;

/**
 * The events that Spring Cloud's listeners wait for. One event, published once, says that
 * this app takes part in discovery; Spring Cloud's health indicator needs it. Another
 * says that the catalog has changed, at most once a second. Listeners may be slow, so
 * they run on a thread of their own.
 */
final class CatalogEvents implements SmartLifecycle {

	static final Duration PACE = Duration.ofSeconds(1);

	private final ApplicationContext context;

	private final Catalog catalog;

	private final Timer timer;

	private final ThreadPoolExecutor executor = MeshThreads.executor("mesh-events", 1);

	private final AtomicBoolean due = new AtomicBoolean();

	private final AtomicLong state = new AtomicLong();

	private final AtomicBoolean listening = new AtomicBoolean();

	private volatile boolean running;

	CatalogEvents(ApplicationContext context, Catalog catalog, Timer timer) {
		this.context = context;
		this.catalog = catalog;
		this.timer = timer;
	}

	@Override
	public void start() {
		this.running = true;
		this.context.publishEvent(new InstanceRegisteredEvent<>(this, this.catalog));
		if (this.listening.compareAndSet(false, true)) {
			this.catalog.listen((changed) -> changed());
		}
	}

	private void changed() {
		if (this.running && this.due.compareAndSet(false, true)) {
			this.timer.schedule(PACE, () -> this.executor.execute(this::publish));
		}
	}

	private void publish() {
		this.due.set(false);
		if (this.running) {
			this.context.publishEvent(new HeartbeatEvent(this, this.state.incrementAndGet()));
		}
	}

	@Override
	public void stop() {
		this.running = false;
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

}
