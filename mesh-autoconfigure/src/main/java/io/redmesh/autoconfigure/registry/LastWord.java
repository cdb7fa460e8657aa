package io.redmesh.autoconfigure.registry;

import java.time.Duration;

import io.redmesh.core.time.Timer;
import org.jspecify.annotations.Nullable;

/**
 * What the registry was told last of one instance, and whether an earlier request may
 * still be carried out after it. A server that stood still may do so, or a Redis. The
 * last word then has to be said again, so for a while each renewal is a registration.
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

	private Timer.Scheduled sure = () -> {
	};

	LastWord(Timer timer) {
		this.timer = timer;
	}

	/**
	 * Takes note of a registration that is about to be sent.
	 * @param registration the request
	 * @param unsureFor how long an earlier request may be carried out after it
	 */
	synchronized void registers(T registration, Duration unsureFor) {
		this.registration = registration;
		this.unsureFor = unsureFor;
	}

	/** Takes note of a request that no registration may follow, such as draining. */
	synchronized void isNoRegistration() {
		this.registration = null;
	}

	/** Takes note of a registration without an answer. */
	synchronized void unanswered() {
		if (this.registration != null) {
			this.unsure = true;
			this.sure.cancel();
			this.sure = this.timer.schedule(this.unsureFor, this::sure);
		}
	}

	private synchronized void sure() {
		this.unsure = false;
	}

	/** Returns the registration to send instead of a renewal, or null to renew. */
	synchronized @Nullable T toRepeat() {
		return this.unsure ? this.registration : null;
	}

}
