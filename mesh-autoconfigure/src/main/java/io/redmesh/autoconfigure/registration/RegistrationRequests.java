package io.redmesh.autoconfigure.registration;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import io.redmesh.autoconfigure.registry.Answer;
import io.redmesh.autoconfigure.registry.RegistryClient;
import io.redmesh.core.instance.Instance;
import io.redmesh.core.instance.Status;
import io.redmesh.core.registry.Lease;
import io.redmesh.core.time.Timer;
import org.jspecify.annotations.Nullable;

/**
 * The requests of one incarnation. Those that end a registration have a timeout of their
 * own, so that an unreachable registry delays no shutdown.
 */
final class RegistrationRequests {

	/**
	 * The timeout of the DRAINING request. The registry responds when it has told its
	 * watchers, after 1 s at most.
	 */
	static final Duration DRAINING_LIMIT = Duration.ofSeconds(2);

	static final Duration DEREGISTER_LIMIT = Duration.ofSeconds(1);

	private final RegistryClient client;

	private final Timer timer;

	private final RegistrationTerms terms;

	RegistrationRequests(RegistryClient client, Timer timer, RegistrationTerms terms) {
		this.client = client;
		this.timer = timer;
		this.terms = terms;
	}

	RegistrationTerms terms() {
		return this.terms;
	}

	CompletionStage<Answer> register(Instance instance, @Nullable Lease held) {
		return this.client.register(instance, this.terms.ttl(), held, this.terms.incarnation());
	}

	CompletionStage<Answer> renew(Registered held) {
		return this.client.renew(held.instance(), held.lease());
	}

	CompletionStage<Answer> announceDraining(Registered held) {
		return within(DRAINING_LIMIT, this.client.status(held.instance(), held.lease(), Status.DRAINING));
	}

	CompletionStage<Answer> deregister(Registered held) {
		return within(DEREGISTER_LIMIT, this.client.deregister(held.instance(), held.lease()));
	}

	/**
	 * Ends a lease that was granted too late. Nothing waits for the answer, so it has no
	 * timeout but the client's.
	 */
	CompletionStage<Answer> undo(Registered granted) {
		return this.client.deregister(granted.instance(), granted.lease());
	}

	private CompletionStage<Answer> within(Duration limit, CompletionStage<Answer> request) {
		CompletableFuture<Answer> first = new CompletableFuture<>();
		Timer.Scheduled timeout = this.timer.schedule(limit, () -> first.complete(Answer.timedOut(limit)));
		request.thenAccept((answer) -> {
			timeout.cancel();
			first.complete(answer);
		});
		return first;
	}

}
