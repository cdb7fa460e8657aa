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
import io.redmesh.registry.store.RestoredRules;
import io.redmesh.registry.store.StoredRules;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The retried writes that put back what the store has lost with its last epoch. Every
 * server makes them; the store makes sure that nothing is put back twice.
 */
final class Restoration implements LossListener {

	private static final Logger logger = LoggerFactory.getLogger(Restoration.class);

	private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(1));

	// By then the instances have registered again by themselves.
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
	 * Puts back what this server remembers. Retries on failure.
	 * @param namespace the namespace
	 * @param epoch the epoch that has begun
	 * @param remembered what was there before; nothing is done if it is empty
	 */
	@Override
	public void lost(String namespace, Cursor epoch, List<Remembered> remembered) {
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
			logger.warn("Namespace {}: the store had lost {} instances and {} departures, they are restored", namespace,
					restored.held(), restored.left());
		}
	}

	private void failed(String namespace, Cursor epoch, List<Remembered> remembered, int number, Throwable failure) {
		if (number == MAX_ATTEMPTS) {
			logger.warn("Namespace {}: could not put back what the store has lost: {}", namespace, failure.toString());
			return;
		}
		this.timer.schedule(BACKOFF.delay(number, ThreadLocalRandom.current()),
				() -> attempt(namespace, epoch, remembered, number + 1));
	}

	/**
	 * Puts back traffic rules. Retries until it succeeds: they have no heartbeat that
	 * could bring them back.
	 */
	@Override
	public void lostRules(NamespaceCatalog namespace, StoredRules rules) {
		attempt(namespace, rules, 1);
	}

	private void attempt(NamespaceCatalog namespace, StoredRules rules, int number) {
		this.store.rules()
			.restore(namespace.name(), rules)
			.subscribe((restored) -> done(namespace, rules, restored),
					(failure) -> this.timer.schedule(BACKOFF.delay(number, ThreadLocalRandom.current()),
							() -> attempt(namespace, rules, number + 1)));
	}

	private void done(NamespaceCatalog namespace, StoredRules rules, RestoredRules restored) {
		namespace.rulesRestored(rules);
		if (restored.refused()) {
			logger.warn(
					"Namespace {}: the store has rules of another registry, the {} rules of this server are dropped",
					namespace.name(), rules.rules().size());
			this.store.reread(namespace.name());
		}
		else if (restored.count() > 0) {
			this.meters.counter("mesh.server.restored", "what", "rules").increment(restored.count());
			logger.warn("Namespace {}: the store had lost {} traffic rules or deletions, they are restored",
					namespace.name(), restored.count());
		}
	}

}
