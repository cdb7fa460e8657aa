package io.redmesh.autoconfigure.registration;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

import io.redmesh.core.instance.Instance;
import io.redmesh.core.time.Timer;
import org.jspecify.annotations.Nullable;

/**
 * The description of this instance within a time limit, so that it delays no renewal. A
 * description looks up names, which may fail or hang while the registry can be reached.
 * An instance that has registered then keeps its last description.
 */
final class SelfInTime {

	private static final Duration LIMIT = Duration.ofSeconds(1);

	private final Self self;

	private final Timer timer;

	SelfInTime(Self self, Timer timer) {
		this.self = self;
		this.timer = timer;
	}

	/**
	 * Describes this instance.
	 * @param known its last description, or null if it holds no lease
	 * @return its current description, or the last one if that takes more than a second
	 * or there is no route to the registry
	 */
	CompletionStage<Instance> describe(@Nullable Instance known) {
		if (known == null) {
			return this.self.describe();
		}
		CompletableFuture<Instance> description = new CompletableFuture<>();
		Timer.Scheduled late = this.timer.schedule(LIMIT, () -> description.complete(known));
		this.self.describe().whenComplete((now, failure) -> {
			late.cancel();
			if (failure == null) {
				description.complete(now);
			}
			else if (causeOf(failure) instanceof UncheckedIOException) {
				description.complete(known);
			}
			else {
				description.completeExceptionally(failure);
			}
		});
		return description;
	}

	static Throwable causeOf(Throwable failure) {
		Throwable cause = failure.getCause();
		return (failure instanceof CompletionException && cause != null) ? cause : failure;
	}

}
