package io.redmesh.autoconfigure.registration;

import java.time.Duration;
import java.util.concurrent.Executor;

import io.redmesh.core.time.Timer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A health check at regular intervals. The first result counts at once. Later, two
 * results in a row that differ from the decision change it. Each change is sent to every
 * caller, so the decision must not flap.
 */
final class HealthPoll {

	static final Duration INTERVAL = Duration.ofSeconds(5);

	private static final int CONFIRMATIONS = 2;

	private static final Logger logger = LoggerFactory.getLogger(HealthPoll.class);

	private final InstanceHealth health;

	private final Timer timer;

	private final Runnable listener;

	private final Executor executor;

	private volatile @Nullable Boolean up;

	private volatile boolean running;

	// Only the timer's thread uses the following fields.

	private int contraryResults;

	private boolean checking;

	private Timer.Scheduled next = () -> {
	};

	/**
	 * Creates a poll that does nothing until it is started.
	 * @param health the check
	 * @param timer runs the check at intervals
	 * @param executor runs the check, which may block while a database does not respond
	 * @param listener called when the decision has changed
	 */
	HealthPoll(InstanceHealth health, Timer timer, Executor executor, Runnable listener) {
		this.health = health;
		this.timer = timer;
		this.executor = executor;
		this.listener = listener;
	}

	void start() {
		this.running = true;
		this.timer.schedule(Duration.ZERO, this::poll);
	}

	void stop() {
		this.running = false;
		this.timer.schedule(Duration.ZERO, () -> this.next.cancel());
	}

	/** Returns the decision, or null before the first result. */
	@Nullable Boolean isUp() {
		return this.up;
	}

	private void poll() {
		if (!this.running) {
			return;
		}
		this.next.cancel();
		this.next = this.timer.schedule(INTERVAL, this::poll);
		if (this.checking) {
			record("no result for " + INTERVAL.toSeconds() + " s");
			return;
		}
		this.checking = true;
		this.executor.execute(() -> {
			String result = check();
			this.timer.schedule(Duration.ZERO, () -> {
				this.checking = false;
				record(result);
			});
		});
	}

	private String check() {
		try {
			return this.health.check();
		}
		catch (RuntimeException ex) {
			return ex.toString();
		}
	}

	private void record(String result) {
		if (!this.running) {
			return;
		}
		boolean now = result.equals(InstanceHealth.UP);
		Boolean before = this.up;
		if (before != null && before == now) {
			this.contraryResults = 0;
		}
		else if (before == null || ++this.contraryResults >= CONFIRMATIONS) {
			this.contraryResults = 0;
			this.up = now;
			logChange(now, result, before != null);
			this.listener.run();
		}
	}

	private void logChange(boolean now, String result, boolean again) {
		if (!now) {
			logger.warn("The health group {} is {}. Callers are told not to use this instance until it is UP",
					this.health.name(), result);
		}
		else if (again) {
			logger.info("The health group {} is UP again", this.health.name());
		}
	}

}
