package io.redmesh.registry.catalog;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

import io.micrometer.core.instrument.MeterRegistry;
import io.redmesh.core.registry.Cursor;
import io.redmesh.core.time.Backoff;
import io.redmesh.core.time.Timer;
import io.redmesh.registry.store.RegistryStore;
import io.redmesh.registry.store.Remembered;
import io.redmesh.registry.store.Restored;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts back what a store has lost with its last epoch. Every server does; the store sees
 * to it that nothing is put back twice.
 */
final class Restoration {

	private static final Logger logger = LoggerFactory.getLogger(Restoration.class);

	private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(1));

	// Afterwards the instances themselves have come back.
	private static final int MAX_ATTEMPTS = 10;

	private final RegistryStore store;

	private final Timer timer;

	private final MeterRegistry meters;

	Restoration(RegistryStore store, Timer timer, MeterRegistry meters) {
		this.store = store;
		this.timer = timer;
		this.meters = meters;
	}

	/**
	 * Puts back.
	 * @param namespace the namespace
	 * @param epoch the epoch that has begun
	 * @param remembered what was there before
	 */
	void restore(String namespace, Cursor epoch, List<Remembered> remembered) {
		if (!remembered.isEmpty()) {
			attempt(namespace, epoch, remembered, 1);
		}
	}

	private void attempt(String namespace, Cursor epoch, List<Remembered> remembered, int number) {
		this.store.restore(namespace, epoch, remembered)
			.subscribe((restored) -> done(namespace, restored),
					(failure) -> failed(namespace, epoch, remembered, number, failure));
	}

	private void done(String namespace, Restored restored) {
		if (restored.held() + restored.left() > 0) {
			this.meters.counter("mesh.server.restored", "what", "held").increment(restored.held());
			this.meters.counter("mesh.server.restored", "what", "left").increment(restored.left());
			logger.warn("Namespace {}: the store had lost {} instances, which are back, and {} departures", namespace,
					restored.held(), restored.left());
		}
	}

	private void failed(String namespace, Cursor epoch, List<Remembered> remembered, int number, Throwable failure) {
		if (number == MAX_ATTEMPTS) {
			logger.warn("Namespace {}: what the store has lost could not be put back: {}", namespace,
					failure.toString());
			return;
		}
		this.timer.schedule(BACKOFF.delay(number, ThreadLocalRandom.current()),
				() -> attempt(namespace, epoch, remembered, number + 1));
	}

}
