package io.redmesh.benchmarks.tail;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * The behaviour of an instance.
 *
 * @param latency the latency of each response, whatever its status
 * @param failureShare the share of responses that are failures, 0 to 1
 * @param failureStatus the status of failures
 * @param silent whether the instance accepts requests and never responds
 * @param capacity the limit of requests served at a time, unlimited if null
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

	/** Returns the status of a response, at the time at which it is due. */
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
