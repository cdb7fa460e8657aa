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
 * Keeps one instance registered over a connection of its own, with the answers to
 * failures that the starter's registration loop has: asks once more, then backs off and
 * registers; registers at once when its lease is unknown; spreads over 3 s when the
 * registry begins anew.
 */
final class App {

	static final long TIMEOUT = Duration.ofSeconds(2).toNanos();

	private static final String TTL = "PT15S";

	// A third of the ttl, as the server says.
	private static final long RENEW_EVERY = Duration.ofSeconds(5).toNanos();

	private static final long NEW_EPOCH_SPREAD = Duration.ofSeconds(3).toNanos();

	private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(500), Duration.ofSeconds(5));

	private final Member member;

	private final Crowd crowd;

	private final EventLoop loop;

	private final RegistryRequests requests;

	private final HttpLine line;

	// Whose registration is repeated must be known to be the same.
	private String incarnation = newIncarnation();

	private String token = "";

	private byte[] renewal = {};

	private boolean doubtful = true;

	private boolean busy;

	private boolean out;

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

	void after(long nanos) {
		if (this.next != null) {
			this.next.cancel();
		}
		this.next = this.loop.schedule(nanos, this::reconcile);
	}

	/** The registry has begun anew. */
	void doubt() {
		this.doubtful = true;
		after(ThreadLocalRandom.current().nextLong(NEW_EPOCH_SPREAD));
	}

	private void reconcile() {
		if (!this.busy && !this.out) {
			this.busy = true;
			attempt(true);
		}
	}

	private void attempt(boolean again) {
		boolean renews = !this.doubtful;
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
			this.doubtful = true;
			after(BACKOFF.delay(++this.failures, ThreadLocalRandom.current()).toNanos());
		}
	}

	private void answered(boolean renews, HttpAnswer answer) {
		this.busy = false;
		if (answer.status() == 404) {
			this.doubtful = true;
			after((this.failures++ == 0) ? 0 : BACKOFF.delay(this.failures, ThreadLocalRandom.current()).toNanos());
		}
		else if (answer.status() < 300) {
			if (!renews) {
				hold(RegistryRequests.token(answer.body()));
				this.crowd.registered(this.member.number());
			}
			this.failures = 0;
			after((long) (RENEW_EVERY * ThreadLocalRandom.current().nextDouble(0.9, 1.1)));
		}
	}

	private void hold(String granted) {
		this.doubtful = false;
		this.token = granted;
		this.renewal = this.requests.renew(this.member, granted);
	}

	/** Says that it can or cannot serve. */
	void say(String status) {
		this.line.send(this.requests.status(this.member, this.token, status), this.crowd.expect(200));
	}

	void leave() {
		this.out = true;
		this.line.send(this.requests.deregister(this.member, this.token), this.crowd.expect(204));
		this.token = "";
		this.incarnation = newIncarnation();
		this.doubtful = true;
	}

	void comeBack() {
		this.out = false;
		after(0);
	}

}
