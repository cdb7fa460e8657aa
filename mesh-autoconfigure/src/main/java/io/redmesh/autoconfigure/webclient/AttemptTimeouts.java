package io.redmesh.autoconfigure.webclient;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

import io.redmesh.autoconfigure.call.Expiry;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.scheduler.Schedulers;

/**
 * The timeouts of reactive attempts. Reactor's own schedule a task for each, and cancel
 * it: that costs more than all else that the mesh does for a call.
 * <p>
 * Safe for use by many threads.
 */
final class AttemptTimeouts {

	private final Expiry expiry;

	AttemptTimeouts(Expiry expiry) {
		this.expiry = expiry;
	}

	/**
	 * Gives an attempt up when it takes too long.
	 * @param attempt the attempt
	 * @param timeout how long it may take
	 * @param tooLong what it fails with then, on one of Reactor's parallel threads
	 * @param <T> its answer
	 * @return the attempt
	 */
	<T> Mono<T> limit(Mono<T> attempt, Duration timeout, Supplier<? extends Throwable> tooLong) {
		Mono<T> fallback = Mono.error(tooLong);
		return (timeout.compareTo(Expiry.SHORT) < 0) ? attempt.timeout(timeout, fallback)
				: attempt.timeout(after(timeout), fallback);
	}

	private Mono<Void> after(Duration timeout) {
		return Mono.create((sink) -> {
			Limit limit = new Limit(this.expiry.deadline(timeout), sink);
			this.expiry.add(limit);
			sink.onDispose(() -> this.expiry.remove(limit));
			this.expiry.begin();
		});
	}

	private static final class Limit implements Expiry.Watched {

		private final long deadline;

		private final MonoSink<Void> sink;

		private final AtomicBoolean exceeded = new AtomicBoolean();

		Limit(long deadline, MonoSink<Void> sink) {
			this.deadline = deadline;
			this.sink = sink;
		}

		@Override
		public boolean isBusy() {
			return true;
		}

		@Override
		public void look(long now) {
			if (now - this.deadline >= 0 && this.exceeded.compareAndSet(false, true)) {
				// What comes next must not hold up the other limits.
				Schedulers.parallel().schedule(this.sink::success);
			}
		}

	}

}
