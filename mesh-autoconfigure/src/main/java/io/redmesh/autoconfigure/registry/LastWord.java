package io.redmesh.autoconfigure.registry;

import java.time.Duration;

import io.redmesh.core.time.Timer;
import org.jspecify.annotations.Nullable;

/**
 * The last registration of one instance, and whether an earlier request may still be
 * carried out after it. A server or a Redis that was paused may do that. The registration
 * then has to be sent again, so for a while each renewal is a registration.
 * <p>
 * Safe for use by many threads.
 *
 * @param <T> the request that registers the instance
 */
final class LastWord<T> {

	private final Timer timer;

	private @Nullable T registration;

	private Duration unsureFor = Duration.ZERO;

	private boolean unsure;

	private Timer.Scheduled confirmation = () -> {
	};

	LastWord(Timer timer) {
		this.timer = timer;
	}

	/**
	 * Records a registration that is about to be sent.
	 * @param registration the request
	 * @param unsureFor how long an earlier request may be carried out after it
	 */
	synchronized void registering(T registration, Duration unsureFor) {
		this.registration = registration;
		this.unsureFor = unsureFor;
	}

	/**
	 * Forgets the registration before a request that none may follow, such as DRAINING.
	 */
	synchronized void forget() {
		this.registration = null;
	}

	/** Records that a registration got no response. */
	synchronized void unanswered() {
		if (this.registration != null) {
			this.unsure = true;
			this.confirmation.cancel();
			this.confirmation = this.timer.schedule(this.unsureFor, this::confirm);
		}
	}

	private synchronized void confirm() {
		this.unsure = false;
	}

	/** Returns the registration to send instead of a renewal, or null to renew. */
	synchronized @Nullable T toRepeat() {
		return this.unsure ? this.registration : null;
	}

}
