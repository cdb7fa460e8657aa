package io.redmesh.autoconfigure.registry;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

import io.redmesh.core.instance.Instance;
import io.redmesh.core.instance.Status;
import io.redmesh.core.registry.Lease;

/** A registry client whose answers a test sets, and which records its requests. */
public final class FakeRegistryClient implements RegistryClient {

	/** Each request in words. */
	public final List<String> asked = new ArrayList<>();

	/** Each watch, the newest last. */
	public final List<FakeWatch> watches = new ArrayList<>();

	/** True if a renewal that reports a revision of rules is refused. */
	public boolean refusesReports;

	/** The supplier of the answer to every request. */
	public Supplier<CompletableFuture<Answer>> answer = () -> CompletableFuture.completedFuture(Answer.done(lease(1)));

	public static Lease lease(long fence) {
		return new Lease(Duration.ofSeconds(15), Duration.ofSeconds(5), "secret-" + fence, fence);
	}

	public void answers(Answer.Outcome outcome) {
		this.answer = () -> CompletableFuture.completedFuture(
				(outcome == Answer.Outcome.DONE) ? Answer.done(lease(1)) : Answer.failed(outcome, "said the test"));
	}

	@Override
	public CompletionStage<Answer> register(Instance instance, Duration ttl, Lease held, String incarnation) {
		this.asked.add("register " + instance.status() + " " + ((held != null) ? held.fence() : "-"));
		return this.answer.get();
	}

	@Override
	public CompletionStage<Answer> renew(Instance instance, Lease held, String rules) {
		this.asked.add("renew " + held.fence() + ((rules != null) ? " rules " + rules : ""));
		if (rules != null && this.refusesReports) {
			return CompletableFuture.completedFuture(Answer.failed(Answer.Outcome.REFUSED, "unknown field"));
		}
		return this.answer.get();
	}

	@Override
	public CompletionStage<Answer> status(Instance instance, Lease held, Status status) {
		this.asked.add("status " + status);
		return this.answer.get();
	}

	@Override
	public CompletionStage<Answer> deregister(Instance instance, Lease held) {
		this.asked.add("deregister " + held.fence());
		return this.answer.get();
	}

	@Override
	public CompletionStage<Answer> hint(Collection<Instance> refused) {
		this.asked.add("hint " + refused.stream().map(Instance::id).toList());
		return this.answer.get();
	}

	@Override
	public Watch watch(Collection<String> services, String after, WatchIdentity self, WatchListener listener) {
		FakeWatch watch = new FakeWatch(after, self, listener);
		this.watches.add(watch);
		return watch;
	}

	public FakeWatch lastWatch() {
		return this.watches.get(this.watches.size() - 1);
	}

	@Override
	public URI url() {
		return URI.create("http://registry");
	}

	/** A watch whose events the test sends. */
	public static final class FakeWatch implements Watch {

		public final String after;

		public final WatchIdentity self;

		public final WatchListener listener;

		public int askedForMore;

		public boolean closed;

		FakeWatch(String after, WatchIdentity self, WatchListener listener) {
			this.after = after;
			this.self = self;
			this.listener = listener;
		}

		@Override
		public void next() {
			this.askedForMore++;
		}

		@Override
		public void giveUp(String reason) {
			close();
			this.listener.ended(reason);
		}

		@Override
		public void close() {
			this.closed = true;
		}

	}

}
