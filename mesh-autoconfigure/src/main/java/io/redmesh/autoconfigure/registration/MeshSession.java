package io.redmesh.autoconfigure.registration;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

import io.redmesh.autoconfigure.discovery.WatchLoop;
import io.redmesh.core.instance.Status;
import io.redmesh.core.time.Timer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.availability.ApplicationAvailability;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.context.SmartLifecycle;

/**
 * This app's part in the mesh from its start to its stop, in both directions: it follows
 * the registry as soon as its web server listens, is registered while it is ready, and
 * leaves before the web server closes.
 */
public final class MeshSession implements SmartLifecycle, ApplicationListener<AvailabilityChangeEvent<ReadinessState>> {

	/**
	 * {@code WebServerApplicationContext.GRACEFUL_SHUTDOWN_PHASE} + 512, written out
	 * because apps without a web server lack that class: started after the web server,
	 * stopped before it.
	 */
	static final int PHASE = Integer.MAX_VALUE - 1024 + 512;

	/** A stop refuses traffic too, and speaks for itself right after. */
	static final Duration REFUSAL_DELAY = Duration.ofMillis(100);

	private static final Duration READINESS_PATIENCE = Duration.ofSeconds(15);

	private static final Logger logger = LoggerFactory.getLogger(MeshSession.class);

	private final ApplicationContext context;

	private final ApplicationAvailability availability;

	private final Timer timer;

	private final @Nullable WatchLoop watch;

	private final @Nullable Supplier<RegistrationLoop> registrations;

	private final SessionSettings settings;

	private volatile @Nullable RegistrationLoop registration;

	private volatile @Nullable Status chosen;

	private volatile boolean running;

	MeshSession(ApplicationContext context, ApplicationAvailability availability, Timer timer,
			@Nullable WatchLoop watch, @Nullable Supplier<RegistrationLoop> registrations, SessionSettings settings) {
		this.context = context;
		this.availability = availability;
		this.timer = timer;
		this.watch = watch;
		this.registrations = registrations;
		this.settings = settings;
	}

	@Override
	public void start() {
		this.running = true;
		RegistrationLoop loop = (this.registrations != null) ? this.registrations.get() : null;
		this.registration = loop;
		if (this.watch != null) {
			await(this.watch.open((loop != null) ? loop::doubt : () -> {
			}));
		}
		// When a context is started again, nobody tells a second time that it is ready.
		if (this.availability.getReadinessState() == ReadinessState.ACCEPTING_TRAFFIC) {
			accept();
		}
		else if (loop != null) {
			this.timer.schedule(READINESS_PATIENCE, () -> sayUnlessReady(loop));
		}
	}

	private void sayUnlessReady(RegistrationLoop loop) {
		if (this.registration == loop && this.availability.getReadinessState() != ReadinessState.ACCEPTING_TRAFFIC) {
			logger.info("Not registered yet, because this app is not ready. An ApplicationRunner or CommandLineRunner "
					+ "that does not return keeps it from becoming so");
		}
	}

	/** A moment's patience, so that an app's very first call finds the others. */
	private void await(CompletableFuture<Boolean> firstAnswer) {
		try {
			firstAnswer.get(this.settings.startWait().toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (TimeoutException | ExecutionException ex) {
			// The registry does not answer; the app goes on with what it remembers.
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	@Override
	public void onApplicationEvent(AvailabilityChangeEvent<ReadinessState> event) {
		if (event.getSource() instanceof ApplicationContext source && source != this.context) {
			return;
		}
		if (event.getState() == ReadinessState.ACCEPTING_TRAFFIC) {
			accept();
		}
		else {
			this.timer.schedule(REFUSAL_DELAY, this::refuse);
		}
	}

	private void accept() {
		RegistrationLoop loop = this.registration;
		if (loop != null) {
			Status status = this.chosen;
			loop.want((status != null) ? status : Status.UP);
		}
	}

	private void refuse() {
		RegistrationLoop loop = this.registration;
		if (loop != null && this.availability.getReadinessState() == ReadinessState.REFUSING_TRAFFIC) {
			loop.refuse();
		}
	}

	/**
	 * Sets the status of this instance by hand, whatever its readiness.
	 * @param status the status, or null to follow the readiness again
	 */
	public void choose(@Nullable Status status) {
		this.chosen = status;
		if (this.availability.getReadinessState() == ReadinessState.ACCEPTING_TRAFFIC) {
			accept();
		}
	}

	@Override
	public void stop(Runnable callback) {
		RegistrationLoop loop = this.registration;
		this.registration = null;
		CompletionStage<Void> left = (loop != null) ? loop.leave(this.settings.drain())
				: CompletableFuture.completedFuture(null);
		// The catalog follows the registry until the last moment that calls are made.
		left.thenCompose((done) -> (this.watch != null) ? this.watch.close() : left).thenRun(() -> {
			this.running = false;
			callback.run();
		});
	}

	@Override
	public void stop() {
		stop(() -> {
		});
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	@Override
	public int getPhase() {
		return PHASE;
	}

}
