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
 * Keeps the registry's idea of this instance equal to what it should be: registers,
 * renews, updates, registers again after a loss, and in the end deregisters. One request
 * at a time; everything happens on the timer's thread.
 */
final class RegistrationLoop {

	static final Backoff BACKOFF = new Backoff(Duration.ofMillis(500), Duration.ofSeconds(5));

	/** Instances come back to a new registry over this time, not all at once. */
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

	/** Whether the registry may know less of this instance than the lease promises. */
	private boolean doubtful = true;

	private boolean busy;

	private boolean again;

	private boolean over;

	private boolean departed;

	private @Nullable Lease leaving;

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

	/** Sets the status to register with; before the first time, nothing is registered. */
	void want(Status status) {
		onTimer(() -> {
			this.wanted = status;
			reconcile();
		});
	}

	/** Tells the registry what has changed about this instance. */
	void changed() {
		onTimer(this::reconcile);
	}

	/** This instance cannot serve for now; if it never could, it stays out. */
	void refuse() {
		onTimer(() -> {
			if (this.wanted != null) {
				this.wanted = Status.DOWN;
				reconcile();
			}
		});
	}

	/** The registry has begun anew and may not know this instance. */
	void doubt() {
		onTimer(() -> {
			this.doubtful = true;
			after(Duration.ofNanos(this.random.nextLong(NEW_EPOCH_SPREAD.toNanos())));
		});
	}

	/**
	 * Leaves: tells the others, waits, and deregisters.
	 * @param drain how long to wait in between
	 * @return completes when it is done, or given up because the registry is away
	 */
	CompletionStage<Void> leave(Duration drain) {
		CompletableFuture<Void> left = new CompletableFuture<>();
		onTimer(() -> {
			this.over = true;
			this.next.cancel();
			// A registration under way may yet be granted, and must then be undone.
			whenIdle(Deregistration.DEREGISTER_LIMIT, () -> depart(drain, left));
		});
		return left;
	}

	private void reconcile() {
		Status status = this.wanted;
		if (this.over || status == null) {
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
		if (this.over) {
			idle();
		}
		else if (instance == null) {
			undescribed(Objects.requireNonNull(failure));
		}
		else {
			reconcile(instance.withStatus(status));
		}
	}

	private void reconcile(Instance instance) {
		Lease held = this.lease;
		CompletionStage<Answer> request = (held != null && !this.doubtful && instance.equals(this.registered))
				? this.client.renew(instance, held)
				: this.client.register(instance, this.terms.ttl(), held, this.terms.incarnation());
		request.thenAccept((answer) -> onTimer(() -> answered(instance, answer)));
	}

	private void undescribed(Throwable failure) {
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
				this.doubtful = true;
				backOff();
			}
		}
	}

	private void held(Instance instance, Lease granted) {
		if (this.departed) {
			heldTooLate(instance, granted);
			return;
		}
		this.contact.reached(Direction.REGISTRATION);
		this.journal.held(this.registered, instance, granted, this.lease);
		this.lease = granted;
		this.registered = instance;
		this.doubtful = false;
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

	/** Granted after this instance has left: nobody else will end it before its time. */
	private void heldTooLate(Instance instance, Lease granted) {
		if (this.leaving == null || !this.leaving.token().equals(granted.token())) {
			this.client.deregister(instance, granted)
				.thenAccept((answer) -> this.journal.deregistered(instance, answer));
		}
		idle();
	}

	private void lost(String detail) {
		this.contact.reached(Direction.REGISTRATION);
		this.journal.lost(detail);
		this.doubtful = true;
		idle();
		// The first time at once, then with growing waits: servers may disagree.
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
		this.over = true;
		this.lease = null;
		idle();
	}

	private void refused(String detail) {
		this.contact.reached(Direction.REGISTRATION);
		this.journal.refused(detail);
		backOff();
	}

	private void depart(Duration drain, CompletableFuture<Void> left) {
		Instance instance = this.registered;
		Lease held = this.lease;
		this.contact.ended(Direction.REGISTRATION);
		this.departed = true;
		this.leaving = held;
		if (instance != null && held != null) {
			this.lease = null;
			new Deregistration(this.client, this.timer, this.journal, instance, held).begin(drain, left);
		}
		else {
			left.complete(null);
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
		if (!this.over) {
			this.next = this.timer.schedule(delay, this::reconcile);
		}
	}

	private void onTimer(Runnable task) {
		this.timer.schedule(Duration.ZERO, task);
	}

}
