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
 * How a registered instance leaves: the others are told, get some time to stop calling,
 * and only then the lease ends. Each step has its limit, so that a registry that is away
 * holds nobody up.
 */
final class Deregistration {

	/** The registry answers when its watchers were told, after 1 s at most. */
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

	void begin(Duration drain, CompletableFuture<Void> left) {
		within(DRAINING_LIMIT, this.client.status(this.instance, this.held, Status.DRAINING), (answer) -> {
			boolean told = answer.outcome() == Answer.Outcome.DONE;
			if (told) {
				this.journal.draining(this.instance);
			}
			// Where nobody was told, nobody stops calling, and waiting helps nobody.
			this.timer.schedule(told ? drain : Duration.ZERO, () -> deregister(left));
		});
	}

	private void deregister(CompletableFuture<Void> left) {
		within(DEREGISTER_LIMIT, this.client.deregister(this.instance, this.held), (answer) -> {
			this.journal.deregistered(this.instance, answer);
			left.complete(null);
		});
	}

	private void within(Duration limit, CompletionStage<Answer> request, Consumer<Answer> then) {
		AtomicBoolean open = new AtomicBoolean(true);
		Consumer<Answer> first = (answer) -> {
			if (open.getAndSet(false)) {
				then.accept(answer);
			}
		};
		Timer.Scheduled late = this.timer.schedule(limit,
				() -> first.accept(new Answer(Answer.Outcome.UNAVAILABLE, null, "no answer within " + limit, true)));
		request.thenAccept((answer) -> this.timer.schedule(Duration.ZERO, () -> {
			late.cancel();
			first.accept(answer);
		}));
	}

}
