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
 * Describes this instance without holding up its renewals. A description looks up names,
 * which may fail or hang while the registry can be reached all the same; an instance that
 * has registered then goes on as what it was.
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
	 * @param known what it was last, if there is a lease to lose
	 * @return what it is now, or what it was, after a second at most
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
