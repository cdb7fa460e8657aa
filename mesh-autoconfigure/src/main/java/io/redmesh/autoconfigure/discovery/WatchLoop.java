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
 * Follows the registry for as long as it is open: watch, take each event into the
 * catalog, and when the watch ends, watch again from where it was. Everything happens on
 * the timer's thread.
 */
public final class WatchLoop {

	private static final Logger logger = LoggerFactory.getLogger(WatchLoop.class);

	/** The server pings every 10 s; this is twice that and some. */
	static final Duration SILENCE = Duration.ofSeconds(25);

	/** A server pings at once when a watch begins. */
	static final Duration FIRST_SILENCE = Duration.ofSeconds(3);

	static final Backoff BACKOFF = new Backoff(Duration.ofMillis(250), Duration.ofSeconds(3));

	private final RegistryClient client;

	private final Catalog catalog;

	private final RegistryContact contact;

	private final Time time;

	private final Timer timer;

	private final RandomGenerator random;

	private final List<String> services;

	private final CompletableFuture<Boolean> firstAnswer = new CompletableFuture<>();

	private final CompletableFuture<Void> firstSnapshot = new CompletableFuture<>();

	private Runnable onNewEpoch = () -> {
	};

	private @Nullable Watch watch;

	/** The id of the last event that the catalog has taken in, from which to go on. */
	private @Nullable String taken;

	private @Nullable WatchIdentity self;

	/** What was said last of history, also by a server that has yet to tell it. */
	private @Nullable Cursor heard;

	private boolean open;

	private int failures;

	private Timer.Scheduled next = () -> {
	};

	private volatile @Nullable Instant heardAt;

	/**
	 * Creates a loop that does nothing until it is opened.
	 * @param client speaks to the registry
	 * @param catalog takes in what is heard
	 * @param contact is told whether the registry can be reached
	 * @param time the clocks
	 * @param timer runs the loop
	 * @param random the source of jitter
	 * @param services the services to follow, or the one word {@code *}
	 */
	public WatchLoop(RegistryClient client, Catalog catalog, RegistryContact contact, Time time, Timer timer,
			RandomGenerator random, List<String> services) {
		this.client = client;
		this.catalog = catalog;
		this.contact = contact;
		this.time = time;
		this.timer = timer;
		this.random = random;
		this.services = services;
	}

	/**
	 * Begins to follow before the app has started, for a caller that needs it by then.
	 * What runs on a new epoch stays as it is.
	 * @return as {@link #open(Runnable)}, which takes over what has begun
	 */
	CompletionStage<Boolean> open() {
		this.timer.schedule(Duration.ZERO, this::begin);
		return this.firstAnswer;
	}

	private void begin() {
		this.open = true;
		connect();
	}

	/**
	 * Returns what completes when the catalog has taken in the first snapshot.
	 * @return never completes with a failure; dependents run on the timer's thread
	 */
	CompletionStage<Void> firstSnapshot() {
		return this.firstSnapshot;
	}

	/**
	 * Begins to follow, or goes on with what has begun.
	 * @param onNewEpoch runs when the registry turns out to have begun anew
	 * @return completes with the first answer or the first failure, whichever comes
	 * first: true when it was an answer
	 */
	public CompletableFuture<Boolean> open(Runnable onNewEpoch) {
		this.timer.schedule(Duration.ZERO, () -> {
			this.onNewEpoch = onNewEpoch;
			begin();
		});
		return this.firstAnswer;
	}

	/**
	 * Ends it. What is known stays known.
	 * @return completes when the connection has been given up
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
	 * Returns when the registry was heard last.
	 * @return the instant, or null before it was heard
	 */
	public @Nullable Instant heardAt() {
		return this.heardAt;
	}

	/**
	 * Says who watches, from now on. A watch that is open begins anew, where it was.
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
			this.watch = this.client.watch(this.services, this.taken, this.self, listener);
			listener.watch = this.watch;
			expectWithin(FIRST_SILENCE);
		}
	}

	private void expectWithin(Duration silence) {
		Watch current = this.watch;
		this.next.cancel();
		this.next = this.timer.schedule(silence, () -> {
			if (current != null) {
				current.giveUp("nothing heard for " + silence.toSeconds() + " s");
			}
		});
	}

	private void received(Watch current, WatchEvent event, String id) {
		this.failures = 0;
		this.heardAt = this.time.now();
		this.contact.reached(Direction.DISCOVERY);
		expectWithin(SILENCE);
		noticeEpoch(event.cursor());
		if (event instanceof WatchEvent.Ping) {
			current.next();
		}
		else if (event.applyTo(this.catalog)) {
			this.taken = id;
			this.firstAnswer.complete(true);
			this.firstSnapshot.complete(null);
			current.next();
		}
		else {
			startAfresh(current);
		}
	}

	private void noticeEpoch(Cursor now) {
		Cursor last = this.heard;
		this.heard = now;
		if (last != null && !last.sameEpoch(now)) {
			logger.info("The registry has begun a new epoch: {} after {}", now, last);
			this.onNewEpoch.run();
		}
	}

	/** The server and this process disagree on what was said: ask for all of it. */
	private void startAfresh(Watch current) {
		current.close();
		this.watch = null;
		this.taken = null;
		this.failures++;
		again();
	}

	private void ended(String reason) {
		this.watch = null;
		this.failures++;
		// Each server may fail once before all of them count as away.
		if (this.failures >= this.contact.servers()) {
			this.firstAnswer.complete(false);
		}
		if (this.failures > this.contact.servers()) {
			this.contact.failed(Direction.DISCOVERY, reason);
		}
		again();
	}

	private void again() {
		this.next.cancel();
		this.next = this.timer.schedule(BACKOFF.delay(this.failures, this.random), this::connect);
	}

	/** Brings what a client's thread tells to the timer's, unless it comes too late. */
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
