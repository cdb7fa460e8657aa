package io.redmesh.autoconfigure.registration;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

import io.redmesh.autoconfigure.registration.RegistrationStep.Deregister;
import io.redmesh.autoconfigure.registration.RegistrationStep.Describe;
import io.redmesh.autoconfigure.registration.RegistrationStep.Drain;
import io.redmesh.autoconfigure.registration.RegistrationStep.Idle;
import io.redmesh.autoconfigure.registration.RegistrationStep.Pause;
import io.redmesh.autoconfigure.registration.RegistrationStep.Register;
import io.redmesh.autoconfigure.registration.RegistrationStep.Renew;
import io.redmesh.autoconfigure.registration.RegistrationStep.Undo;
import io.redmesh.autoconfigure.registry.Answer;
import io.redmesh.autoconfigure.registry.RegistryContact;
import io.redmesh.autoconfigure.registry.RegistryContact.Direction;
import io.redmesh.core.instance.Instance;
import io.redmesh.core.instance.Status;
import io.redmesh.core.time.Time;
import io.redmesh.core.time.Timer;
import org.jspecify.annotations.Nullable;

/**
 * The reconcile loop that keeps the registry's entry for this instance equal to what it
 * should be. It registers, renews, updates, registers again after a loss, and in the end
 * deregisters. {@link RegistrationPlan} decides each step; this driver carries it out.
 * Everything happens on the timer's thread.
 */
final class RegistrationLoop {

	private final RegistrationRequests requests;

	private final SelfInTime self;

	private final RegistrationJournal journal;

	private final RegistryContact contact;

	private final Time time;

	private final Timer timer;

	private final RandomGenerator random;

	private final RegistrationPlan plan;

	private final CompletableFuture<Void> left = new CompletableFuture<>();

	private Timer.Scheduled pause = () -> {
	};

	RegistrationLoop(RegistrationRequests requests, Self self, RegistrationJournal journal, RegistryContact contact,
			Time time, Timer timer, RandomGenerator random) {
		this.requests = requests;
		this.self = new SelfInTime(self, timer);
		this.journal = journal;
		this.contact = contact;
		this.time = time;
		this.timer = timer;
		this.random = random;
		this.plan = new RegistrationPlan(requests.terms().ttl());
	}

	/** Sets the status to register with. Before the first call, nothing is registered. */
	void setStatus(Status status) {
		onTimer(() -> this.plan.setStatus(status));
	}

	/** Updates the registration after a change of this instance. */
	void changed() {
		onTimer(this.plan::changed);
	}

	/** Sets the status to DOWN. An instance that was never able to serve stays out. */
	void markDown() {
		onTimer(this.plan::markDown);
	}

	/** Registers again after a random delay: the registry may not know this instance. */
	void onNewEpoch() {
		onTimer(this.plan::newEpoch);
	}

	/**
	 * Announces DRAINING to callers, waits, and deregisters. Each request has a timeout,
	 * so that an unreachable registry delays no shutdown.
	 * @param drain the time to wait in between
	 * @return completes when that is done, or has timed out at an unreachable registry
	 */
	CompletionStage<Void> deregister(Duration drain) {
		onTimer(() -> this.plan.deregister(drain));
		return this.left;
	}

	private void onTimer(Supplier<RegistrationStep> event) {
		this.timer.schedule(Duration.ZERO, () -> carryOut(event.get()));
	}

	private void carryOut(RegistrationStep step) {
		if (step == Idle.NOTHING) {
			return;
		}
		if (step instanceof Undo undo) {
			awaitEnd(undo.granted(), this.requests.undo(undo.granted()), () -> Idle.NOTHING);
			return;
		}
		this.pause.cancel();
		if (step instanceof Pause wait) {
			this.pause = this.timer.schedule(wait.duration(this.random), () -> carryOut(this.plan.waited()));
		}
		else if (step instanceof Describe describe) {
			this.self.describe(describe.known())
				.whenComplete((instance, failure) -> onTimer(() -> described(instance, failure)));
		}
		else if (step instanceof Register register) {
			await(register.instance(), this.requests.register(register.instance(), register.held()));
		}
		else if (step instanceof Renew renew) {
			await(renew.held().instance(), this.requests.renew(renew.held()));
		}
		else if (step instanceof Drain drain) {
			this.contact.ended(Direction.REGISTRATION);
			this.requests.announceDraining(drain.held())
				.thenAccept((answer) -> onTimer(() -> announced(drain.held().instance(), answer)));
		}
		else if (step instanceof Deregister deregister) {
			awaitEnd(deregister.held(), this.requests.deregister(deregister.held()), this.plan::deregistered);
		}
		else {
			this.contact.ended(Direction.REGISTRATION);
			this.left.complete(null);
		}
	}

	private RegistrationStep described(@Nullable Instance instance, @Nullable Throwable failure) {
		if (instance != null) {
			return this.plan.described(instance, this.time.nanos());
		}
		if (this.plan.phase() == RegistrationPhase.DESCRIBING) {
			Throwable cause = SelfInTime.causeOf(Objects.requireNonNull(failure));
			if (cause instanceof UncheckedIOException) {
				this.contact.failed(Direction.REGISTRATION, String.valueOf(cause.getMessage()));
			}
			else {
				this.journal.refused(String.valueOf(cause.getMessage()));
			}
		}
		return this.plan.notDescribed();
	}

	private void await(Instance instance, CompletionStage<Answer> request) {
		request.thenAccept((answer) -> onTimer(() -> {
			if (this.plan.phase().awaitsAnswer()) {
				record(instance, answer);
			}
			return this.plan.answered(instance, answer, this.time.nanos());
		}));
	}

	private void record(Instance instance, Answer answer) {
		if (answer.outcome() == Answer.Outcome.UNAVAILABLE) {
			this.contact.failed(Direction.REGISTRATION, answer.detail());
		}
		else {
			this.contact.reached(Direction.REGISTRATION);
			this.journal.answered(this.plan.registered(), instance, answer);
		}
	}

	private RegistrationStep announced(Instance instance, Answer answer) {
		boolean done = answer.outcome() == Answer.Outcome.DONE;
		if (done) {
			this.journal.draining(instance);
		}
		return this.plan.announced(done);
	}

	private void awaitEnd(Registered held, CompletionStage<Answer> request, Supplier<RegistrationStep> event) {
		request.thenAccept((answer) -> onTimer(() -> {
			this.journal.deregistered(held.instance(), answer);
			return event.get();
		}));
	}

}
