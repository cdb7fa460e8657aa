package io.redmesh.autoconfigure.registration;

import java.time.Duration;
import java.util.Objects;

import io.redmesh.autoconfigure.registration.RegistrationStep.BackOff;
import io.redmesh.autoconfigure.registration.RegistrationStep.Deregister;
import io.redmesh.autoconfigure.registration.RegistrationStep.Describe;
import io.redmesh.autoconfigure.registration.RegistrationStep.Drain;
import io.redmesh.autoconfigure.registration.RegistrationStep.Idle;
import io.redmesh.autoconfigure.registration.RegistrationStep.Register;
import io.redmesh.autoconfigure.registration.RegistrationStep.Renew;
import io.redmesh.autoconfigure.registration.RegistrationStep.Undo;
import io.redmesh.autoconfigure.registration.RegistrationStep.Wait;
import io.redmesh.autoconfigure.registration.RegistrationStep.WaitAbout;
import io.redmesh.autoconfigure.registration.RegistrationStep.WaitUpTo;
import io.redmesh.autoconfigure.registry.Answer;
import io.redmesh.autoconfigure.registry.Answer.Outcome;
import io.redmesh.core.instance.Instance;
import io.redmesh.core.instance.Status;
import io.redmesh.core.registry.Lease;
import org.jspecify.annotations.Nullable;

/**
 * The plan of one registration, from the first status to the end of the lease: a state
 * machine, whose methods are events and return the next step. It does no I/O and reads no
 * clock. A pause ends with {@link #waited()}, or earlier with the next step.
 * <p>
 * An event that its phase does not expect changes nothing. Such are answers that arrive
 * after their limit, and everything that happens after the end.
 * <p>
 * Not safe for use by several threads at once.
 */
final class RegistrationPlan {

	/** The time that deregistering waits for a description or a request in flight. */
	static final Duration IN_FLIGHT_LIMIT = Duration.ofSeconds(1);

	/** The time over which instances register in a new epoch, not all at once. */
	static final Duration NEW_EPOCH_SPREAD = Duration.ofSeconds(3);

	/** The number of TTLs in which an unanswered registration may be carried out. */
	private static final int LATE_TTLS = 2;

	private final Confirmation confirmation;

	private RegistrationPhase phase = RegistrationPhase.UNREADY;

	private Status wanted = Status.STARTING;

	/** True if this instance has changed since its description was begun. */
	private boolean again;

	private @Nullable Registered registered;

	private int failures;

	private Duration drain = Duration.ZERO;

	/**
	 * Creates the plan of an instance that is not ready yet.
	 * @param ttl the duration of its leases
	 */
	RegistrationPlan(Duration ttl) {
		this.confirmation = new Confirmation(ttl.multipliedBy(LATE_TTLS));
	}

	/** Returns the current phase. */
	RegistrationPhase phase() {
		return this.phase;
	}

	/** Returns what the registry has granted, or null if there is nothing. */
	@Nullable Registered registered() {
		return this.registered;
	}

	/** Handles a new status. The first one makes this instance ready. */
	RegistrationStep setStatus(Status status) {
		this.wanted = status;
		return (this.phase == RegistrationPhase.UNREADY) ? describe() : changed();
	}

	/** Handles the loss of readiness. An instance that was never ready stays out. */
	RegistrationStep markDown() {
		return (this.phase == RegistrationPhase.UNREADY) ? Idle.NOTHING : setStatus(Status.DOWN);
	}

	/** Handles a change of this instance. */
	RegistrationStep changed() {
		return switch (this.phase) {
			case WAITING -> describe();
			case DESCRIBING, REGISTERING, RENEWING -> {
				this.again = true;
				yield Idle.NOTHING;
			}
			default -> Idle.NOTHING;
		};
	}

	/** Handles a new epoch, in which the registry may not know this instance. */
	RegistrationStep newEpoch() {
		this.confirmation.revoked();
		return (this.phase == RegistrationPhase.WAITING) ? new WaitUpTo(NEW_EPOCH_SPREAD) : Idle.NOTHING;
	}

	/** Handles the end of a pause. */
	RegistrationStep waited() {
		return switch (this.phase) {
			case WAITING -> describe();
			case LEAVING -> leave();
			case DRAINING -> endLease();
			default -> Idle.NOTHING;
		};
	}

	/**
	 * Handles the description of this instance.
	 * @param instance the instance, status aside
	 * @param now the time in nanoseconds
	 */
	RegistrationStep described(Instance instance, long now) {
		return switch (this.phase) {
			case DESCRIBING -> request(instance.withStatus(this.wanted), now);
			case LEAVING -> leave();
			default -> Idle.NOTHING;
		};
	}

	/** Handles the failure to describe this instance. */
	RegistrationStep notDescribed() {
		return switch (this.phase) {
			case DESCRIBING -> backOff();
			case LEAVING -> leave();
			default -> Idle.NOTHING;
		};
	}

	/**
	 * Handles the answer to a registration or a renewal.
	 * @param instance the instance as it was sent
	 * @param answer the answer
	 * @param now the time in nanoseconds
	 */
	RegistrationStep answered(Instance instance, Answer answer, long now) {
		if (this.phase == RegistrationPhase.REGISTERING && answer.unanswered()) {
			this.confirmation.unanswered(now);
		}
		Lease lease = answer.lease();
		Registered granted = (lease != null) ? new Registered(instance, lease) : null;
		return switch (this.phase) {
			case REGISTERING, RENEWING -> {
				learn(answer.outcome(), granted);
				yield next(answer);
			}
			case LEAVING -> {
				learn(answer.outcome(), granted);
				yield leave();
			}
			// No other request would end a lease that is granted now.
			case ANNOUNCING, DRAINING, DEREGISTERING, LEFT ->
				(granted != null && !isHeld(granted)) ? new Undo(granted) : Idle.NOTHING;
			default -> Idle.NOTHING;
		};
	}

	private void learn(Outcome outcome, @Nullable Registered granted) {
		switch (outcome) {
			case DONE -> {
				this.registered = Objects.requireNonNull(granted);
				this.confirmation.granted();
				this.failures = 0;
			}
			case UNKNOWN_LEASE, UNAVAILABLE -> this.confirmation.revoked();
			case SUPERSEDED -> this.registered = null;
			case REFUSED -> {
				// The registry is as it was.
			}
		}
	}

	private RegistrationStep next(Answer answer) {
		return switch (answer.outcome()) {
			case DONE -> this.again ? describe() : pause(untilRenewal(Objects.requireNonNull(answer.lease())));
			case UNKNOWN_LEASE -> {
				// At once the first time, then with backoff: servers may disagree.
				yield (this.failures++ == 0) ? describe() : pause(new BackOff(this.failures));
			}
			case SUPERSEDED -> {
				this.phase = RegistrationPhase.SUPERSEDED;
				yield Idle.NOTHING;
			}
			case REFUSED, UNAVAILABLE -> backOff();
		};
	}

	private RegistrationStep.Pause untilRenewal(Lease lease) {
		return this.confirmation.isMissing() ? new WaitUpTo(NEW_EPOCH_SPREAD) : new WaitAbout(lease.renewEvery());
	}

	/**
	 * Handles the wish to leave: callers are told, get time to stop calling, and then the
	 * lease ends.
	 * @param drain the time that callers get
	 */
	RegistrationStep deregister(Duration drain) {
		return switch (this.phase) {
			case UNREADY, WAITING, SUPERSEDED -> {
				this.drain = drain;
				yield leave();
			}
			case DESCRIBING, REGISTERING, RENEWING -> {
				this.drain = drain;
				this.phase = RegistrationPhase.LEAVING;
				// A registration in flight may still be granted, and must then be undone.
				yield new Wait(IN_FLIGHT_LIMIT);
			}
			default -> Idle.NOTHING;
		};
	}

	/**
	 * Handles the answer to DRAINING.
	 * @param announced whether the registry has told callers. If not, no caller stops
	 * calling, and waiting is of no use
	 */
	RegistrationStep announced(boolean announced) {
		if (this.phase != RegistrationPhase.ANNOUNCING) {
			return Idle.NOTHING;
		}
		this.phase = RegistrationPhase.DRAINING;
		return announced ? new Wait(this.drain) : endLease();
	}

	/** Handles the answer to the end of the lease, or its absence. */
	RegistrationStep deregistered() {
		return (this.phase == RegistrationPhase.DEREGISTERING) ? finish() : Idle.NOTHING;
	}

	private RegistrationStep describe() {
		this.phase = RegistrationPhase.DESCRIBING;
		this.again = false;
		return new Describe((this.registered != null) ? this.registered.instance() : null);
	}

	private RegistrationStep request(Instance instance, long now) {
		Registered known = this.registered;
		if (known != null && known.instance().equals(instance) && this.confirmation.isGiven(now)) {
			this.phase = RegistrationPhase.RENEWING;
			return new Renew(known);
		}
		this.phase = RegistrationPhase.REGISTERING;
		this.confirmation.requested();
		return new Register(instance, (known != null) ? known.lease() : null);
	}

	private RegistrationStep backOff() {
		return pause(new BackOff(++this.failures));
	}

	private RegistrationStep pause(RegistrationStep.Pause pause) {
		this.phase = RegistrationPhase.WAITING;
		return pause;
	}

	private RegistrationStep leave() {
		Registered known = this.registered;
		if (known == null) {
			return finish();
		}
		this.phase = RegistrationPhase.ANNOUNCING;
		return new Drain(known);
	}

	private RegistrationStep endLease() {
		this.phase = RegistrationPhase.DEREGISTERING;
		return new Deregister(Objects.requireNonNull(this.registered));
	}

	private RegistrationStep finish() {
		this.phase = RegistrationPhase.LEFT;
		return Idle.FINISH;
	}

	private boolean isHeld(Registered granted) {
		return this.registered != null && this.registered.lease().token().equals(granted.lease().token());
	}

}
