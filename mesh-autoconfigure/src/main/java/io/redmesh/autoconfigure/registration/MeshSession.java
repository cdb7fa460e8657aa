package io.redmesh.autoconfigure.registration;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

import io.redmesh.autoconfigure.MeshThreads;
import io.redmesh.autoconfigure.discovery.WatchLoop;
import io.redmesh.core.instance.Status;
import io.redmesh.core.time.Timer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.context.SmartLifecycle;
import org.springframework.web.context.WebApplicationContext;

/**
 * This app's part in the mesh from its start to its stop. It follows the registry as soon
 * as its web server listens, registers while it is ready, and deregisters before the web
 * server closes.
 * <p>
 * Each context of a hierarchy has a session of its own, and each context that serves
 * requests is an instance. A context that serves none is an instance only if it has no
 * auto-configured parent, and until one of its children serves requests.
 */
public final class MeshSession implements SmartLifecycle, ApplicationListener<AvailabilityChangeEvent<ReadinessState>> {

	/**
	 * {@code WebServerApplicationContext.GRACEFUL_SHUTDOWN_PHASE} + 512, written out
	 * because apps without a web server lack that class: started after the web server,
	 * stopped before it.
	 */
	static final int PHASE = Integer.MAX_VALUE - 1024 + 512;

	/**
	 * The delay between a refusal of traffic and the status DOWN. A stop refuses traffic
	 * too, and announces DRAINING right after.
	 */
	static final Duration REFUSAL_DELAY = Duration.ofMillis(100);

	private static final Duration READINESS_PATIENCE = Duration.ofSeconds(15);

	private static final Logger logger = LoggerFactory.getLogger(MeshSession.class);

	private final ApplicationContext context;

	private final Timer timer;

	private final @Nullable WatchLoop watch;

	private final ServerPorts ports;

	private final @Nullable Supplier<@Nullable RegistrationLoop> registrations;

	private final SessionSettings settings;

	/** The poll of the health group, or null if readiness decides alone. */
	private final @Nullable HealthPoll health;

	/** The session of the nearest ancestor that has one. */
	private final @Nullable MeshSession parent;

	private final List<MeshSession> children = new CopyOnWriteArrayList<>();

	private volatile boolean childServes;

	private volatile @Nullable RegistrationLoop registration;

	/** The last readiness of this context, or null before the first is published. */
	private volatile @Nullable ReadinessState readiness;

	private volatile @Nullable Status chosen;

	private volatile boolean running;

	MeshSession(ApplicationContext context, Timer timer, @Nullable WatchLoop watch, ServerPorts ports,
			@Nullable Supplier<@Nullable RegistrationLoop> registrations, @Nullable InstanceHealth health,
			SessionSettings settings) {
		this.context = context;
		this.timer = timer;
		this.watch = watch;
		this.ports = ports;
		this.registrations = registrations;
		this.settings = settings;
		this.health = (health != null)
				? new HealthPoll(health, timer, MeshThreads.executor("mesh-health", 1), this::setReadyStatus) : null;
		ApplicationContext outer = context.getParent();
		this.parent = (outer != null) ? outer.getBeanProvider(MeshSession.class).getIfAvailable() : null;
	}

	@Override
	public void start() {
		this.running = true;
		RegistrationLoop loop = (this.registrations != null && isInstance()) ? this.registrations.get() : null;
		this.registration = loop;
		if (this.parent != null) {
			this.parent.children.add(this);
			if (serves()) {
				this.parent.onChildServes();
			}
		}
		if (loop != null && this.health != null) {
			this.health.start();
		}
		WatchLoop own = ownWatch();
		if (own != null) {
			await(own.open(this::onNewEpoch));
		}
		// A context that is started again does not publish its readiness a second time.
		setReadyStatus();
		if (loop != null && !isReady()) {
			this.timer.schedule(READINESS_PATIENCE, () -> logUnlessReady(loop));
		}
	}

	/** Returns whether this context serves requests. */
	private boolean serves() {
		// In a servlet container, the port may be unknown.
		return this.ports.app() > 0 || this.context instanceof WebApplicationContext;
	}

	private boolean isInstance() {
		return serves() || (this.parent == null && !this.childServes);
	}

	/**
	 * Deregisters this context, unless it serves requests itself, because a child context
	 * serves requests.
	 */
	private void onChildServes() {
		this.childServes = true;
		RegistrationLoop loop = this.registration;
		if (loop != null && !serves()) {
			logger.info("A child context serves requests and registers. This context serves none, so it deregisters");
			this.registration = null;
			loop.deregister(Duration.ZERO);
		}
		if (this.parent != null) {
			this.parent.onChildServes();
		}
	}

	/** Returns the watch, or null if a parent's session opens and closes it. */
	private @Nullable WatchLoop ownWatch() {
		return (this.parent != null && this.parent.watch == this.watch) ? null : this.watch;
	}

	/**
	 * Tells the registrations of this context and its children that the registry may have
	 * lost them.
	 */
	private void onNewEpoch() {
		RegistrationLoop loop = this.registration;
		if (loop != null) {
			loop.onNewEpoch();
		}
		this.children.stream().filter((child) -> child.ownWatch() == null).forEach(MeshSession::onNewEpoch);
	}

	private boolean isReady() {
		return this.readiness == ReadinessState.ACCEPTING_TRAFFIC;
	}

	private void logUnlessReady(RegistrationLoop loop) {
		if (this.registration == loop && !isReady()) {
			logger.info("Not registered yet, because this app is not ready. An ApplicationRunner or CommandLineRunner "
					+ "that does not return delays readiness");
		}
	}

	/**
	 * Waits for the first response of the registry, so that the first call of an app
	 * finds its service.
	 */
	private void await(CompletableFuture<Boolean> firstResponse) {
		try {
			firstResponse.get(this.settings.startWait().toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (TimeoutException | ExecutionException ex) {
			// The registry does not respond. The app starts with what it remembers.
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/**
	 * Handles a change of readiness. Ignores events of child contexts, which reach their
	 * parents too.
	 */
	@Override
	public void onApplicationEvent(AvailabilityChangeEvent<ReadinessState> event) {
		if (event.getSource() instanceof ApplicationContext source && source != this.context) {
			return;
		}
		this.readiness = event.getState();
		setReadyStatus();
		if (!isReady()) {
			this.timer.schedule(REFUSAL_DELAY, this::markDown);
		}
	}

	/** Sets the status to register with, if this context is ready. */
	private void setReadyStatus() {
		RegistrationLoop loop = this.registration;
		if (loop == null || !isReady()) {
			return;
		}
		Status status = this.chosen;
		Boolean healthy = (this.health != null) ? this.health.isUp() : Boolean.TRUE;
		if (status != null) {
			loop.setStatus(status);
		}
		else if (healthy != null && healthy) {
			loop.setStatus(Status.UP);
		}
		else if (healthy != null) {
			loop.markDown();
		}
	}

	private void markDown() {
		RegistrationLoop loop = this.registration;
		if (loop != null && !isReady()) {
			loop.markDown();
		}
	}

	/**
	 * Sets the status of this instance by hand. It applies while the app is ready,
	 * whatever the health group says.
	 * @param status the status, or null to follow readiness and health group again
	 */
	public void choose(@Nullable Status status) {
		this.chosen = status;
		setReadyStatus();
	}

	@Override
	public void stop(Runnable callback) {
		RegistrationLoop loop = this.registration;
		this.registration = null;
		if (this.health != null) {
			this.health.stop();
		}
		if (this.parent != null) {
			this.parent.children.remove(this);
		}
		CompletionStage<Void> deregistered = (loop != null) ? loop.deregister(this.settings.drain())
				: CompletableFuture.completedFuture(null);
		WatchLoop own = ownWatch();
		// The watch closes last, since the app may make calls until the instance
		// is deregistered.
		deregistered.thenCompose((done) -> (own != null) ? own.close() : deregistered).thenRun(() -> {
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
