package io.redmesh.registry.catalog;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

import io.redmesh.core.time.Timer;
import io.redmesh.registry.store.RegistryStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.context.SmartLifecycle;

/**
 * A ping of the store every few seconds. So a health check of this server costs nothing
 * and never waits.
 */
final class StoreProbe implements SmartLifecycle {

	private static final Logger logger = LoggerFactory.getLogger(StoreProbe.class);

	private static final Duration INTERVAL = Duration.ofSeconds(2);

	private final RegistryStore store;

	private final Timer timer;

	private volatile boolean reachable = true;

	private volatile boolean running;

	StoreProbe(RegistryStore store, Timer timer) {
		this.store = store;
		this.timer = timer;
	}

	RegistryStore store() {
		return this.store;
	}

	boolean isReachable() {
		return this.reachable;
	}

	@Override
	public void start() {
		this.running = true;
		probe();
	}

	private void probe() {
		this.store.ping().subscribe((nothing) -> {
		}, (failure) -> probed(false, failure.toString()), () -> probed(true, "it has answered a ping"));
	}

	private void probed(boolean now, String reason) {
		if (this.reachable != now) {
			logger.warn("The {} store is {}: {}", this.store.kind(), now ? "back" : "away, reads go on", reason);
			this.reachable = now;
		}
		if (this.running) {
			long jitter = ThreadLocalRandom.current().nextLong(INTERVAL.toMillis() / 4);
			this.timer.schedule(INTERVAL.plusMillis(jitter), this::probe);
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
