package io.redmesh.autoconfigure.registration;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

import io.redmesh.autoconfigure.registry.Answer;
import io.redmesh.autoconfigure.registry.RegistryClient;
import io.redmesh.core.instance.Instance;
import io.redmesh.core.instance.Status;
import io.redmesh.core.registry.Lease;
import io.redmesh.core.time.Timer;

/**
 * The deregistration of an instance. It announces DRAINING to callers, gives them time to
 * stop calling, and only then ends the lease. Each step has a timeout, so that an
 * unreachable registry delays no shutdown.
 */
final class Deregistration {

	/**
	 * The timeout of the DRAINING request. The registry responds when it has told its
	 * watchers, after 1 s at most.
	 */
	static final Duration DRAINING_LIMIT = Duration.ofSeconds(2);

	static final Duration DEREGISTER_LIMIT = Duration.ofSeconds(1);

	private final RegistryClient client;

	private final Timer timer;

	private final RegistrationJournal journal;

	private final Instance instance;

	private final Lease held;

	Deregistration(RegistryClient client, Timer timer, RegistrationJournal journal, Instance instance, Lease held) {
		this.client = client;
		this.timer = timer;
		this.journal = journal;
		this.instance = instance;
		this.held = held;
	}

	void begin(Duration drain, CompletableFuture<Void> done) {
		within(DRAINING_LIMIT, this.client.status(this.instance, this.held, Status.DRAINING), (answer) -> {
			boolean announced = answer.outcome() == Answer.Outcome.DONE;
			if (announced) {
				this.journal.draining(this.instance);
			}
			// If the registry has told no caller, no caller stops calling, and waiting
			// is of no use.
			this.timer.schedule(announced ? drain : Duration.ZERO, () -> deregister(done));
		});
	}

	private void deregister(CompletableFuture<Void> done) {
		within(DEREGISTER_LIMIT, this.client.deregister(this.instance, this.held), (answer) -> {
			this.journal.deregistered(this.instance, answer);
			done.complete(null);
		});
	}

	private void within(Duration limit, CompletionStage<Answer> request, Consumer<Answer> then) {
		AtomicBoolean pending = new AtomicBoolean(true);
		Consumer<Answer> first = (answer) -> {
			if (pending.getAndSet(false)) {
				then.accept(answer);
			}
		};
		Timer.Scheduled timeout = this.timer.schedule(limit, () -> first.accept(Answer.timedOut(limit)));
		request.thenAccept((answer) -> this.timer.schedule(Duration.ZERO, () -> {
			timeout.cancel();
			first.accept(answer);
		}));
	}

}
