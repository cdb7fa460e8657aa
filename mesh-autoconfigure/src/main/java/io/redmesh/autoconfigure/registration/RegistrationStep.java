package io.redmesh.autoconfigure.registration;

import java.time.Duration;
import java.util.random.RandomGenerator;

import io.redmesh.core.instance.Instance;
import io.redmesh.core.registry.Lease;
import io.redmesh.core.time.Backoff;
import org.jspecify.annotations.Nullable;

/**
 * A step of the registration: what its driver does next, and then reports as an event.
 */
sealed interface RegistrationStep {

	/**
	 * Describe this instance.
	 *
	 * @param known its last description, or null if it holds no lease
	 */
	record Describe(@Nullable Instance known) implements RegistrationStep {

	}

	/**
	 * Register or update the instance.
	 *
	 * @param instance the instance
	 * @param held the lease that it holds, or null
	 */
	record Register(Instance instance, @Nullable Lease held) implements RegistrationStep {

	}

	/**
	 * Renew the lease.
	 *
	 * @param held the lease and its instance
	 */
	record Renew(Registered held) implements RegistrationStep {

	}

	/**
	 * Announce DRAINING to callers.
	 *
	 * @param held the lease and its instance
	 */
	record Drain(Registered held) implements RegistrationStep {

	}

	/**
	 * End the lease.
	 *
	 * @param held the lease and its instance
	 */
	record Deregister(Registered held) implements RegistrationStep {

	}

	/**
	 * End a lease that was granted too late. This goes beside the other steps, and its
	 * answer is no event.
	 *
	 * @param granted the lease and its instance
	 */
	record Undo(Registered granted) implements RegistrationStep {

	}

	/** A step without a request. */
	enum Idle implements RegistrationStep {

		/** Nothing to do before the next event. A pause goes on. */
		NOTHING,

		/** The deregistration has ended. */
		FINISH

	}

	/** A pause before the next step. */
	sealed interface Pause extends RegistrationStep {

		/**
		 * Returns the duration of the pause.
		 * @param random the source of the jitter
		 */
		Duration duration(RandomGenerator random);

	}

	/**
	 * A pause of a fixed duration.
	 *
	 * @param time the duration
	 */
	record Wait(Duration time) implements Pause {

		@Override
		public Duration duration(RandomGenerator random) {
			return this.time;
		}

	}

	/**
	 * A pause between two renewals, with a jitter of 10 percent.
	 *
	 * @param interval the interval of renewals
	 */
	record WaitAbout(Duration interval) implements Pause {

		@Override
		public Duration duration(RandomGenerator random) {
			return Duration.ofNanos((long) (this.interval.toNanos() * random.nextDouble(0.9, 1.1)));
		}

	}

	/**
	 * A pause of a random duration, so that not all instances register at once.
	 *
	 * @param spread the time over which they register
	 */
	record WaitUpTo(Duration spread) implements Pause {

		@Override
		public Duration duration(RandomGenerator random) {
			return Duration.ofNanos(random.nextLong(this.spread.toNanos()));
		}

	}

	/**
	 * A pause after failures.
	 *
	 * @param failures the number of consecutive failures, at least 1
	 */
	record BackOff(int failures) implements Pause {

		private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(500), Duration.ofSeconds(5));

		@Override
		public Duration duration(RandomGenerator random) {
			return BACKOFF.delay(this.failures, random);
		}

	}

}
