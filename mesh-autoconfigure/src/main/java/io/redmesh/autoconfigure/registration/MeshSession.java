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
 * This app's part in the mesh from its start to its stop, in both directions: it follows
 * the registry as soon as its web server listens, is registered while it is ready, and
 * leaves before the web server closes.
 * <p>
 * Each context of a hierarchy has a session of its own, and each that serves is an
 * instance. A context that does not serve is an instance only if it has no
 * auto-configured parent, and until one of its children serves.
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

	private final Timer timer;

	private final @Nullable WatchLoop watch;

	private final ServerPorts ports;

	private final @Nullable Supplier<@Nullable RegistrationLoop> registrations;

	private final SessionSettings settings;

	/** Null where readiness decides alone. */
	private final @Nullable HealthPoll health;

	/** The session of the nearest ancestor that has one. */
	private final @Nullable MeshSession parent;

	private final List<MeshSession> children = new CopyOnWriteArrayList<>();

	private volatile boolean childServes;

	private volatile @Nullable RegistrationLoop registration;

	/** Null until this context has said for the first time that it is ready or not. */
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
				? new HealthPoll(health, timer, MeshThreads.executor("mesh-health", 1), this::accept) : null;
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
				this.parent.giveWayToChild();
			}
		}
		if (loop != null && this.health != null) {
			this.health.start();
		}
		WatchLoop own = ownWatch();
		if (own != null) {
			await(own.open(this::doubt));
		}
		// When a context is started again, nobody tells a second time that it is ready.
		accept();
		if (loop != null && !isReady()) {
			this.timer.schedule(READINESS_PATIENCE, () -> sayUnlessReady(loop));
		}
	}

	/** Returns whether this context takes requests. */
	private boolean serves() {
		// In a servlet container, the port may be unknown.
		return this.ports.app() > 0 || this.context instanceof WebApplicationContext;
	}

	private boolean isInstance() {
		return serves() || (this.parent == null && !this.childServes);
	}

	/** Ends the registration of a context that turns out to be the parent of others. */
	private void giveWayToChild() {
		this.childServes = true;
		RegistrationLoop loop = this.registration;
		if (loop != null && !serves()) {
			logger.info("A child context serves requests and registers. This context serves none and leaves");
			this.registration = null;
			loop.leave(Duration.ZERO);
		}
		if (this.parent != null) {
			this.parent.giveWayToChild();
		}
	}

	/** Returns the watch, unless a parent's session opens and closes it. */
	private @Nullable WatchLoop ownWatch() {
		return (this.parent != null && this.parent.watch == this.watch) ? null : this.watch;
	}

	/** Passes on that the registry may not know this app any more. */
	private void doubt() {
		RegistrationLoop loop = this.registration;
		if (loop != null) {
			loop.doubt();
		}
		this.children.stream().filter((child) -> child.ownWatch() == null).forEach(MeshSession::doubt);
	}

	private boolean isReady() {
		return this.readiness == ReadinessState.ACCEPTING_TRAFFIC;
	}

	private void sayUnlessReady(RegistrationLoop loop) {
		if (this.registration == loop && !isReady()) {
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

	/** Events of child contexts reach their parents too. */
	@Override
	public void onApplicationEvent(AvailabilityChangeEvent<ReadinessState> event) {
		if (event.getSource() instanceof ApplicationContext source && source != this.context) {
			return;
		}
		this.readiness = event.getState();
		accept();
		if (!isReady()) {
			this.timer.schedule(REFUSAL_DELAY, this::refuse);
		}
	}

	/** Says what this context, being ready, is to be registered as. */
	private void accept() {
		RegistrationLoop loop = this.registration;
		if (loop == null || !isReady()) {
			return;
		}
		Status status = this.chosen;
		Boolean healthy = (this.health != null) ? this.health.isUp() : Boolean.TRUE;
		if (status != null) {
			loop.want(status);
		}
		else if (healthy != null && healthy) {
			loop.want(Status.UP);
		}
		else if (healthy != null) {
			loop.refuse();
		}
	}

	private void refuse() {
		RegistrationLoop loop = this.registration;
		if (loop != null && !isReady()) {
			loop.refuse();
		}
	}

	/**
	 * Sets the status of this instance by hand, whatever its readiness.
	 * @param status the status, or null to follow the readiness again
	 */
	public void choose(@Nullable Status status) {
		this.chosen = status;
		accept();
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
		CompletionStage<Void> left = (loop != null) ? loop.leave(this.settings.drain())
				: CompletableFuture.completedFuture(null);
		WatchLoop own = ownWatch();
		// The catalog follows the registry until the last moment that calls are made.
		left.thenCompose((done) -> (own != null) ? own.close() : left).thenRun(() -> {
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
