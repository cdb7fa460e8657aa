package io.redmesh.autoconfigure.registration;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.random.RandomGenerator;

import io.redmesh.autoconfigure.registry.Answer;
import io.redmesh.autoconfigure.registry.RegistryClient;
import io.redmesh.autoconfigure.registry.RegistryContact;
import io.redmesh.autoconfigure.registry.RegistryContact.Direction;
import io.redmesh.core.instance.Instance;
import io.redmesh.core.instance.Status;
import io.redmesh.core.registry.Lease;
import io.redmesh.core.time.Backoff;
import io.redmesh.core.time.Timer;
import org.jspecify.annotations.Nullable;

/**
 * The reconcile loop that keeps the registry's entry for this instance equal to what it
 * should be. It registers, renews, updates, registers again after a loss, and in the end
 * deregisters. One request at a time; everything happens on the timer's thread.
 */
final class RegistrationLoop {

	static final Backoff BACKOFF = new Backoff(Duration.ofMillis(500), Duration.ofSeconds(5));

	/** The time over which instances register in a new epoch, not all at once. */
	private static final Duration NEW_EPOCH_SPREAD = Duration.ofSeconds(3);

	private final RegistryClient client;

	private final SelfInTime self;

	private final RegistrationJournal journal;

	private final RegistryContact contact;

	private final Timer timer;

	private final RandomGenerator random;

	private final RegistrationTerms terms;

	private @Nullable Status wanted;

	private @Nullable Instance registered;

	private @Nullable Lease lease;

	/** True while the registry may know less than the lease promises. */
	private boolean mustRegister = true;

	private boolean busy;

	private boolean again;

	private boolean stopped;

	private boolean deregistering;

	private @Nullable Lease endedLease;

	private int failures;

	private Timer.Scheduled next = () -> {
	};

	private @Nullable Runnable whenIdle;

	RegistrationLoop(RegistryClient client, Self self, RegistrationJournal journal, RegistryContact contact,
			Timer timer, RandomGenerator random, RegistrationTerms terms) {
		this.client = client;
		this.self = new SelfInTime(self, timer);
		this.journal = journal;
		this.contact = contact;
		this.timer = timer;
		this.random = random;
		this.terms = terms;
	}

	/** Sets the status to register with. Before the first call, nothing is registered. */
	void setStatus(Status status) {
		onTimer(() -> {
			this.wanted = status;
			reconcile();
		});
	}

	/** Updates the registration after a change of this instance. */
	void changed() {
		onTimer(this::reconcile);
	}

	/** Sets the status to DOWN. An instance that was never able to serve stays out. */
	void markDown() {
		onTimer(() -> {
			if (this.wanted != null) {
				this.wanted = Status.DOWN;
				reconcile();
			}
		});
	}

	/** Registers again after a random delay: the registry may not know this instance. */
	void onNewEpoch() {
		onTimer(() -> {
			this.mustRegister = true;
			after(Duration.ofNanos(this.random.nextLong(NEW_EPOCH_SPREAD.toNanos())));
		});
	}

	/**
	 * Announces DRAINING to callers, waits, and deregisters.
	 * @param drain the time to wait in between
	 * @return completes when that is done, or has timed out at an unreachable registry
	 */
	CompletionStage<Void> deregister(Duration drain) {
		CompletableFuture<Void> done = new CompletableFuture<>();
		onTimer(() -> {
			this.stopped = true;
			this.next.cancel();
			// A registration in flight may still be granted, and must then be undone.
			whenIdle(Deregistration.DEREGISTER_LIMIT, () -> endLease(drain, done));
		});
		return done;
	}

	private void reconcile() {
		Status status = this.wanted;
		if (this.stopped || status == null) {
			return;
		}
		if (this.busy) {
			this.again = true;
			return;
		}
		this.busy = true;
		this.again = false;
		this.next.cancel();
		Instance known = (this.lease != null) ? this.registered : null;
		this.self.describe(known)
			.whenComplete((instance, failure) -> onTimer(() -> described(instance, failure, status)));
	}

	private void described(@Nullable Instance instance, @Nullable Throwable failure, Status status) {
		if (this.stopped) {
			idle();
		}
		else if (instance == null) {
			describeFailed(Objects.requireNonNull(failure));
		}
		else {
			reconcile(instance.withStatus(status));
		}
	}

	private void reconcile(Instance instance) {
		Lease held = this.lease;
		CompletionStage<Answer> request = (held != null && !this.mustRegister && instance.equals(this.registered))
				? this.client.renew(instance, held)
				: this.client.register(instance, this.terms.ttl(), held, this.terms.incarnation());
		request.thenAccept((answer) -> onTimer(() -> answered(instance, answer)));
	}

	private void describeFailed(Throwable failure) {
		Throwable cause = SelfInTime.causeOf(failure);
		if (cause instanceof UncheckedIOException) {
			this.contact.failed(Direction.REGISTRATION, String.valueOf(cause.getMessage()));
		}
		else {
			this.journal.refused(String.valueOf(cause.getMessage()));
		}
		backOff();
	}

	private void answered(Instance instance, Answer answer) {
		switch (answer.outcome()) {
			case DONE -> held(instance, Objects.requireNonNull(answer.lease()));
			case UNKNOWN_LEASE -> lost(answer.detail());
			case SUPERSEDED -> superseded(instance, answer.detail());
			case REFUSED -> refused(answer.detail());
			case UNAVAILABLE -> {
				this.contact.failed(Direction.REGISTRATION, answer.detail());
				this.mustRegister = true;
				backOff();
			}
		}
	}

	private void held(Instance instance, Lease granted) {
		if (this.deregistering) {
			grantedTooLate(instance, granted);
			return;
		}
		this.contact.reached(Direction.REGISTRATION);
		this.journal.held(this.registered, instance, granted, this.lease);
		this.lease = granted;
		this.registered = instance;
		this.mustRegister = false;
		this.failures = 0;
		idle();
		if (this.again) {
			reconcile();
		}
		else {
			double jitter = this.random.nextDouble(0.9, 1.1);
			after(Duration.ofNanos((long) (granted.renewEvery().toNanos() * jitter)));
		}
	}

	/** Ends a lease that was granted after deregistering. No other request would. */
	private void grantedTooLate(Instance instance, Lease granted) {
		if (this.endedLease == null || !this.endedLease.token().equals(granted.token())) {
			this.client.deregister(instance, granted)
				.thenAccept((answer) -> this.journal.deregistered(instance, answer));
		}
		idle();
	}

	private void lost(String detail) {
		this.contact.reached(Direction.REGISTRATION);
		this.journal.lost(detail);
		this.mustRegister = true;
		idle();
		// At once the first time, then with backoff: servers may disagree.
		if (this.failures++ == 0) {
			reconcile();
		}
		else {
			after(BACKOFF.delay(this.failures, this.random));
		}
	}

	private void superseded(Instance instance, String detail) {
		this.contact.reached(Direction.REGISTRATION);
		this.journal.superseded(instance, detail);
		this.stopped = true;
		this.lease = null;
		idle();
	}

	private void refused(String detail) {
		this.contact.reached(Direction.REGISTRATION);
		this.journal.refused(detail);
		backOff();
	}

	private void endLease(Duration drain, CompletableFuture<Void> done) {
		Instance instance = this.registered;
		Lease held = this.lease;
		this.contact.ended(Direction.REGISTRATION);
		this.deregistering = true;
		this.endedLease = held;
		if (instance != null && held != null) {
			this.lease = null;
			new Deregistration(this.client, this.timer, this.journal, instance, held).begin(drain, done);
		}
		else {
			done.complete(null);
		}
	}

	private void whenIdle(Duration limit, Runnable task) {
		if (!this.busy) {
			task.run();
			return;
		}
		this.whenIdle = task;
		this.timer.schedule(limit, this::idle);
	}

	private void idle() {
		this.busy = false;
		Runnable waiting = this.whenIdle;
		this.whenIdle = null;
		if (waiting != null) {
			waiting.run();
		}
	}

	private void backOff() {
		idle();
		after(BACKOFF.delay(++this.failures, this.random));
	}

	private void after(Duration delay) {
		this.next.cancel();
		if (!this.stopped) {
			this.next = this.timer.schedule(delay, this::reconcile);
		}
	}

	private void onTimer(Runnable task) {
		this.timer.schedule(Duration.ZERO, task);
	}

}
