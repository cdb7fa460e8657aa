package io.redmesh.autoconfigure.registration;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

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

	private final Supplier<@Nullable String> rules;

	/** The revision of the traffic rules that needs no report any more. */
	private volatile @Nullable String reported;

	/**
	 * Creates the requests.
	 * @param client the client of the registry
	 * @param timer ends requests that take too long
	 * @param terms the terms of the registration
	 * @param rules the revision of the traffic rules to report, null for none
	 */
	RegistrationRequests(RegistryClient client, Timer timer, RegistrationTerms terms,
			Supplier<@Nullable String> rules) {
		this.client = client;
		this.timer = timer;
		this.terms = terms;
		this.rules = rules;
	}

	RegistrationTerms terms() {
		return this.terms;
	}

	CompletionStage<Answer> register(Instance instance, @Nullable Lease held) {
		this.reported = null;
		return this.client.register(instance, this.terms.ttl(), held, this.terms.incarnation());
	}

	/**
	 * Renews the lease. The request reports the revision of the traffic rules if that has
	 * changed since the last report, or since the registration. A server of an earlier
	 * version refuses a report, and then gets a renewal without it.
	 */
	CompletionStage<Answer> renew(Registered held) {
		String report = this.rules.get();
		if (report == null || report.equals(this.reported)) {
			return this.client.renew(held.instance(), held.lease(), null);
		}
		return this.client.renew(held.instance(), held.lease(), report).thenCompose((answer) -> {
			if (answer.outcome() == Answer.Outcome.DONE) {
				this.reported = report;
			}
			else if (answer.outcome() == Answer.Outcome.REFUSED) {
				this.reported = report;
				return this.client.renew(held.instance(), held.lease(), null);
			}
			return CompletableFuture.completedFuture(answer);
		});
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
