package io.redmesh.benchmarks.tail;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * How an instance answers.
 *
 * @param latency of each answer, whatever its status
 * @param failureShare how many of the answers are failures, 0 to 1
 * @param failureStatus the status of those
 * @param silent whether requests are accepted and never answered
 * @param capacity how many are served at a time, unlimited if null
 */
record Behaviour(Duration latency, double failureShare, int failureStatus, boolean silent,
		@Nullable Capacity capacity) {

	static final Behaviour HEALTHY = healthy(20);

	static final Behaviour SILENT = new Behaviour(Duration.ZERO, 0, 0, true, null);

	static Behaviour healthy(long millis) {
		return failing(millis, 0, 200);
	}

	static Behaviour failing(long millis, double share, int status) {
		return new Behaviour(Duration.ofMillis(millis), share, status, false, null);
	}

	/** The status, when it is time for it. */
	Mono<Integer> answer() {
		if (this.silent) {
			return Mono.never();
		}
		int status = (ThreadLocalRandom.current().nextDouble() < this.failureShare) ? this.failureStatus : 200;
		Mono<?> work = (this.capacity != null) ? Mono.fromFuture(this.capacity.serve(this.latency))
				: Mono.delay(this.latency);
		return work.then(Mono.just(status));
	}

}
