package io.redmesh.autoconfigure.discovery;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

import io.redmesh.autoconfigure.registry.RegistryClient;
import io.redmesh.autoconfigure.registry.RegistryClient.Watch;
import io.redmesh.autoconfigure.registry.RegistryClient.WatchListener;
import io.redmesh.autoconfigure.registry.RegistryContact;
import io.redmesh.autoconfigure.registry.RegistryContact.Direction;
import io.redmesh.autoconfigure.registry.WatchEvent;
import io.redmesh.autoconfigure.registry.WatchIdentity;
import io.redmesh.core.registry.Catalog;
import io.redmesh.core.registry.Cursor;
import io.redmesh.core.time.Backoff;
import io.redmesh.core.time.Time;
import io.redmesh.core.time.Timer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The loop that follows the registry while it is open. It opens a watch, applies each
 * event to the catalog or the traffic rules, and when the watch ends, opens another from
 * where it was. Everything happens on the timer's thread.
 */
public final class WatchLoop {

	private static final Logger logger = LoggerFactory.getLogger(WatchLoop.class);

	/**
	 * The timeout for the next event. A server pings every 10 s: twice that, and some.
	 */
	static final Duration SILENCE = Duration.ofSeconds(25);

	/** The timeout for the first event. A server pings at once when a watch is opened. */
	static final Duration FIRST_SILENCE = Duration.ofSeconds(3);

	static final Backoff BACKOFF = new Backoff(Duration.ofMillis(250), Duration.ofSeconds(3));

	private final RegistryClient client;

	private final Catalog catalog;

	private final RegistryContact contact;

	private final Time time;

	private final Timer timer;

	private final RandomGenerator random;

	private final List<String> services;

	private final Consumer<WatchEvent.Rules> rules;

	private final CompletableFuture<Boolean> firstResponse = new CompletableFuture<>();

	private final CompletableFuture<Void> firstSnapshot = new CompletableFuture<>();

	private Runnable onNewEpoch = () -> {
	};

	private @Nullable Watch watch;

	/**
	 * The id of the last event that the catalog has applied, from which a watch resumes.
	 */
	private @Nullable String lastEventId;

	private @Nullable WatchIdentity self;

	/** The cursor of the last event, even of a ping whose changes are still to come. */
	private @Nullable Cursor lastCursor;

	private boolean open;

	private int failures;

	private Timer.Scheduled next = () -> {
	};

	private volatile @Nullable Instant heardAt;

	/**
	 * Creates a loop that does nothing until it is opened.
	 * @param client the client of the registry
	 * @param catalog receives the events
	 * @param contact records whether the registry can be reached
	 * @param time the clocks
	 * @param timer runs the loop
	 * @param random the source of jitter
	 * @param services the services to follow, or the one word {@code *}
	 * @param rules receives the traffic rules
	 */
	public WatchLoop(RegistryClient client, Catalog catalog, RegistryContact contact, Time time, Timer timer,
			RandomGenerator random, List<String> services, Consumer<WatchEvent.Rules> rules) {
		this.client = client;
		this.catalog = catalog;
		this.contact = contact;
		this.time = time;
		this.timer = timer;
		this.random = random;
		this.services = services;
		this.rules = rules;
	}

	/**
	 * Begins to follow before the app has started, for a call that is made before that.
	 * Keeps the action that runs on a new epoch.
	 * @return as {@link #open(Runnable)}, which continues what has begun
	 */
	CompletionStage<Boolean> open() {
		this.timer.schedule(Duration.ZERO, this::begin);
		return this.firstResponse;
	}

	private void begin() {
		this.open = true;
		connect();
	}

	/**
	 * Returns a future that completes when the catalog has applied the first snapshot.
	 * @return never completes with a failure; dependents run on the timer's thread
	 */
	CompletionStage<Void> firstSnapshot() {
		return this.firstSnapshot;
	}

	/**
	 * Begins to follow the registry, or continues if it has begun.
	 * @param onNewEpoch runs when the registry has begun a new epoch
	 * @return completes with true when the catalog has applied the first snapshot, or
	 * with false once every server of the registry has failed, whichever is first
	 */
	public CompletableFuture<Boolean> open(Runnable onNewEpoch) {
		this.timer.schedule(Duration.ZERO, () -> {
			this.onNewEpoch = onNewEpoch;
			begin();
		});
		return this.firstResponse;
	}

	/**
	 * Closes the watch. The catalog keeps what it knows.
	 * @return completes when the watch is closed
	 */
	public CompletionStage<Void> close() {
		CompletableFuture<Void> closed = new CompletableFuture<>();
		this.timer.schedule(Duration.ZERO, () -> {
			this.open = false;
			this.next.cancel();
			this.contact.ended(Direction.DISCOVERY);
			if (this.watch != null) {
				this.watch.close();
				this.watch = null;
			}
			closed.complete(null);
		});
		return closed;
	}

	/**
	 * Returns the time of the last event from the registry.
	 * @return the instant, or null before the first event
	 */
	public @Nullable Instant heardAt() {
		return this.heardAt;
	}

	/**
	 * Sets the identity of the watcher. An open watch is opened again with it, from where
	 * it was.
	 * @param identity the instance that this app is registered as
	 */
	public void introduce(WatchIdentity identity) {
		this.timer.schedule(Duration.ZERO, () -> {
			if (identity.equals(this.self)) {
				return;
			}
			this.self = identity;
			if (this.open && this.watch != null) {
				this.watch.close();
				this.watch = null;
				this.next.cancel();
				connect();
			}
		});
	}

	private void connect() {
		if (this.open && this.watch == null) {
			Listener listener = new Listener();
			this.watch = this.client.watch(this.services, this.lastEventId, this.self, listener);
			listener.watch = this.watch;
			expectWithin(FIRST_SILENCE);
		}
	}

	private void expectWithin(Duration silence) {
		Watch current = this.watch;
		this.next.cancel();
		this.next = this.timer.schedule(silence, () -> {
			if (current != null) {
				current.giveUp("no event for " + silence.toSeconds() + " s");
			}
		});
	}

	private void received(Watch current, WatchEvent event, String id) {
		this.failures = 0;
		this.heardAt = this.time.now();
		this.contact.reached(Direction.DISCOVERY);
		expectWithin(SILENCE);
		if (event instanceof WatchEvent.Rules changed) {
			// Their cursor is that of their last change, and they are no place to resume
			// from.
			this.rules.accept(changed);
			current.next();
			return;
		}
		noticeEpoch(event.cursor());
		if (event instanceof WatchEvent.Ping) {
			current.next();
		}
		else if (event.applyTo(this.catalog)) {
			this.lastEventId = id;
			this.firstResponse.complete(true);
			this.firstSnapshot.complete(null);
			current.next();
		}
		else {
			requestSnapshot(current);
		}
	}

	private void noticeEpoch(Cursor now) {
		Cursor last = this.lastCursor;
		this.lastCursor = now;
		if (last != null && !last.sameEpoch(now)) {
			logger.info("The registry has begun a new epoch: {} after {}", now, last);
			this.onNewEpoch.run();
		}
	}

	/**
	 * Opens another watch with a full snapshot, since server and catalog disagree on the
	 * last state.
	 */
	private void requestSnapshot(Watch current) {
		current.close();
		this.watch = null;
		this.lastEventId = null;
		this.failures++;
		reconnectLater();
	}

	private void ended(String reason) {
		this.watch = null;
		this.failures++;
		// Each server may fail once before all of them count as unreachable.
		if (this.failures >= this.contact.servers()) {
			this.firstResponse.complete(false);
		}
		if (this.failures > this.contact.servers()) {
			this.contact.failed(Direction.DISCOVERY, reason);
		}
		reconnectLater();
	}

	private void reconnectLater() {
		this.next.cancel();
		this.next = this.timer.schedule(BACKOFF.delay(this.failures, this.random), this::connect);
	}

	/**
	 * The listener that passes events from a client's thread to the timer's. It drops
	 * events of a watch that is no longer in use.
	 */
	private final class Listener implements WatchListener {

		private @Nullable Watch watch;

		@Override
		public void received(WatchEvent event, String id) {
			onTimer((current) -> WatchLoop.this.received(current, event, id));
		}

		@Override
		public void ended(String reason) {
			onTimer((current) -> WatchLoop.this.ended(reason));
		}

		private void onTimer(Consumer<Watch> task) {
			WatchLoop.this.timer.schedule(Duration.ZERO, () -> {
				if (this.watch != null && this.watch == WatchLoop.this.watch) {
					task.accept(this.watch);
				}
			});
		}

	}

}
