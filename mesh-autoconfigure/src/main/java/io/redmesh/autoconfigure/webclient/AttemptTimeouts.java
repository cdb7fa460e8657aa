package io.redmesh.autoconfigure.webclient;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

import io.redmesh.autoconfigure.call.TimeoutScanner;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.scheduler.Schedulers;

/**
 * The timeouts of reactive attempts. Reactor's own timeout schedules a task for each
 * attempt and cancels it, which costs more than all else that the mesh does for a call.
 * <p>
 * Safe for use by many threads.
 */
final class AttemptTimeouts {

	private final TimeoutScanner scanner;

	AttemptTimeouts(TimeoutScanner scanner) {
		this.scanner = scanner;
	}

	/**
	 * Fails an attempt that is not answered in time.
	 * @param attempt the attempt
	 * @param timeout how long it may take
	 * @param tooLong supplies its failure, on one of Reactor's parallel threads
	 * @param <T> the type of the response
	 * @return the attempt with the timeout
	 */
	<T> Mono<T> limit(Mono<T> attempt, Duration timeout, Supplier<? extends Throwable> tooLong) {
		Mono<T> fallback = Mono.error(tooLong);
		return (timeout.compareTo(TimeoutScanner.SHORT) < 0) ? attempt.timeout(timeout, fallback)
				: attempt.timeout(after(timeout), fallback);
	}

	private Mono<Void> after(Duration timeout) {
		return Mono.create((sink) -> {
			Limit limit = new Limit(this.scanner.deadline(timeout), sink);
			this.scanner.add(limit);
			sink.onDispose(() -> this.scanner.remove(limit));
			this.scanner.wakeUp();
		});
	}

	private static final class Limit implements TimeoutScanner.Target {

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
		public void scan(long now) {
			if (now - this.deadline >= 0 && this.exceeded.compareAndSet(false, true)) {
				// The next attempt must not hold up the scan of the other timeouts.
				Schedulers.parallel().schedule(this.sink::success);
			}
		}

	}

}
