package io.redmesh.benchmarks.scale;

import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

import io.redmesh.benchmarks.load.EventLoop;
import io.redmesh.benchmarks.load.HttpAnswer;
import io.redmesh.benchmarks.load.HttpLine;
import io.redmesh.benchmarks.load.RegistryRequests;
import io.redmesh.core.time.Backoff;
import org.jspecify.annotations.Nullable;

/**
 * An app that keeps one instance registered, over a connection of its own. It handles
 * failures like the starter's registration loop: it repeats a request once, then backs
 * off and registers. When its lease is unknown it registers at once. In a new epoch it
 * registers within 3 s, at a random moment.
 */
final class App {

	static final long TIMEOUT = Duration.ofSeconds(2).toNanos();

	private static final String TTL = "PT15S";

	// A third of the TTL, as the server prescribes.
	private static final long RENEW_EVERY = Duration.ofSeconds(5).toNanos();

	private static final long NEW_EPOCH_SPREAD = Duration.ofSeconds(3).toNanos();

	private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(500), Duration.ofSeconds(5));

	private final Member member;

	private final Crowd crowd;

	private final EventLoop loop;

	private final RegistryRequests requests;

	private final HttpLine line;

	// By it the server recognizes a repeated registration.
	private String incarnation = newIncarnation();

	private String token = "";

	private byte[] renewal = {};

	private boolean mustRegister = true;

	private boolean busy;

	private boolean deregistered;

	private int failures;

	private EventLoop.@Nullable Task next;

	App(Member member, Crowd crowd, HttpLine line) {
		this.member = member;
		this.crowd = crowd;
		this.loop = crowd.loop();
		this.requests = crowd.requests();
		this.line = line;
	}

	private static String newIncarnation() {
		return UUID.randomUUID().toString().replace("-", "");
	}

	/** Renews or registers after a time, instead of at the time planned before. */
	void reconcileAfter(long nanos) {
		if (this.next != null) {
			this.next.cancel();
		}
		this.next = this.loop.schedule(nanos, this::reconcile);
	}

	/** Registers again within 3 s, because the registry has begun a new epoch. */
	void newEpoch() {
		this.mustRegister = true;
		reconcileAfter(ThreadLocalRandom.current().nextLong(NEW_EPOCH_SPREAD));
	}

	private void reconcile() {
		if (!this.busy && !this.deregistered) {
			this.busy = true;
			attempt(true);
		}
	}

	private void attempt(boolean again) {
		boolean renews = !this.mustRegister;
		byte[] request = renews ? this.renewal : this.requests.register(this.member, this.token, TTL, this.incarnation);
		long begun = System.nanoTime();
		this.line.send(request, (answer, failure) -> {
			int status = (answer != null) ? answer.status() : 0;
			this.crowd.answered(renews, status, begun, (answer != null) ? answer::body : () -> failure);
			if (answer == null || status >= 500 || status == 429) {
				unavailable(again && this.line.hasBroken());
			}
			else {
				answered(renews, answer);
			}
		});
	}

	private void unavailable(boolean again) {
		if (again) {
			attempt(false);
		}
		else {
			this.busy = false;
			this.mustRegister = true;
			reconcileAfter(BACKOFF.delay(++this.failures, ThreadLocalRandom.current()).toNanos());
		}
	}

	private void answered(boolean renews, HttpAnswer answer) {
		this.busy = false;
		if (answer.status() == 404) {
			this.mustRegister = true;
			reconcileAfter(
					(this.failures++ == 0) ? 0 : BACKOFF.delay(this.failures, ThreadLocalRandom.current()).toNanos());
		}
		else if (answer.status() < 300) {
			if (!renews) {
				hold(RegistryRequests.token(answer.body()));
				this.crowd.registered(this.member.number());
			}
			this.failures = 0;
			reconcileAfter((long) (RENEW_EVERY * ThreadLocalRandom.current().nextDouble(0.9, 1.1)));
		}
	}

	private void hold(String granted) {
		this.mustRegister = false;
		this.token = granted;
		this.renewal = this.requests.renew(this.member, granted);
	}

	/** Changes the status of the instance. */
	void setStatus(String status) {
		this.line.send(this.requests.status(this.member, this.token, status), this.crowd.expect(200));
	}

	/** Deregisters the instance, until {@link #registerAgain}. */
	void deregister() {
		this.deregistered = true;
		this.line.send(this.requests.deregister(this.member, this.token), this.crowd.expect(204));
		this.token = "";
		this.incarnation = newIncarnation();
		this.mustRegister = true;
	}

	/** Registers the deregistered instance again, as a new incarnation. */
	void registerAgain() {
		this.deregistered = false;
		reconcileAfter(0);
	}

}
