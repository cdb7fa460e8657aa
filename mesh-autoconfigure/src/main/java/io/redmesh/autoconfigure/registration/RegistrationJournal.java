package io.redmesh.autoconfigure.registration;

import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

import io.redmesh.autoconfigure.registry.Answer;
import io.redmesh.core.instance.Instance;
import io.redmesh.core.registry.Lease;
import io.redmesh.core.time.Time;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The record of what happens to the registration: one log line and one count for each
 * transition, and the current state.
 * <p>
 * Written by one thread, read by many.
 */
public final class RegistrationJournal {

	private static final Logger logger = LoggerFactory.getLogger(RegistrationJournal.class);

	private final Time time;

	private final Map<RegistrationTransition, LongAdder> counts = new EnumMap<>(RegistrationTransition.class);

	private volatile Consumer<Instance> listener = (instance) -> {
	};

	private volatile RegistrationState state = RegistrationState.NONE;

	RegistrationJournal(Time time) {
		this.time = time;
		for (RegistrationTransition transition : RegistrationTransition.values()) {
			this.counts.put(transition, new LongAdder());
		}
	}

	/**
	 * Sets the listener for new registrations.
	 * @param listener called with the instance at each new registration; must be quick
	 */
	void onRegistered(Consumer<Instance> listener) {
		this.listener = listener;
	}

	/**
	 * Returns how often a transition has happened.
	 * @param transition the transition
	 * @return zero or more
	 */
	public long count(RegistrationTransition transition) {
		LongAdder count = this.counts.get(transition);
		return (count != null) ? count.sum() : 0;
	}

	/**
	 * Returns the current state of the registration.
	 * @return an immutable state
	 */
	public RegistrationState state() {
		return this.state;
	}

	/**
	 * Records an answer of the registry to a registration or a renewal.
	 * @param before what the registry had granted before, or null
	 * @param instance the instance as it was sent
	 * @param answer the answer
	 */
	void answered(@Nullable Registered before, Instance instance, Answer answer) {
		switch (answer.outcome()) {
			case DONE -> granted(before, instance, Objects.requireNonNull(answer.lease()));
			case UNKNOWN_LEASE -> lost(answer.detail());
			case SUPERSEDED -> superseded(instance, answer.detail());
			case REFUSED -> refused(answer.detail());
			case UNAVAILABLE -> {
				// The registration is as it was.
			}
		}
	}

	private void granted(@Nullable Registered before, Instance now, Lease granted) {
		Instance registered = now.withFence(granted.fence());
		if (before == null) {
			record(RegistrationTransition.REGISTERED, registered, granted, null);
			this.listener.accept(registered);
			logger.info("Registered {}/{} as {}, {}{}", now.service(), now.id(), now.authority(), now.status(),
					(now.port() != 0) ? "" : ". Without a port no app can call it; mesh.instance.port sets one");
		}
		else if (this.state.last() == RegistrationTransition.LOST || granted.fence() != before.lease().fence()) {
			record(RegistrationTransition.RESTORED, registered, granted, null);
			logger.info("Registered {}/{} again, {}", now.service(), now.id(), now.status());
		}
		else if (!now.equals(before.instance())) {
			record(RegistrationTransition.UPDATED, registered, granted, null);
			logger.info("Updated {}/{}: {}, {}", now.service(), now.id(), now.authority(), now.status());
		}
		else {
			RegistrationState last = this.state;
			this.state = new RegistrationState(last.last(), last.since(), registered, this.time.now(), granted.ttl(),
					null);
		}
	}

	private void lost(String detail) {
		if (this.state.last() != RegistrationTransition.LOST) {
			record(RegistrationTransition.LOST, null, null, detail);
			logger.warn("The registry no longer knows this instance, which registers again: {}", detail);
		}
	}

	void refused(String detail) {
		if (!detail.equals(this.state.problem())) {
			record(RegistrationTransition.REFUSED, this.state.registered(), null, detail);
			logger.error("This instance cannot be registered: {}", detail);
		}
	}

	private void superseded(Instance instance, String detail) {
		record(RegistrationTransition.SUPERSEDED, null, null, detail);
		logger.error(
				"Another process, or another context of this one, has registered as {}/{}; this one stays out of the "
						+ "registry until it is restarted. If both should run, give each its own mesh.instance.id ({})",
				instance.service(), instance.id(), detail);
	}

	void draining(Instance instance) {
		record(RegistrationTransition.DRAINING, instance, null, null);
		logger.info("Draining {}/{}: the registry has told its watchers", instance.service(), instance.id());
	}

	void deregistered(Instance instance, Answer answer) {
		if (answer.outcome() == Answer.Outcome.DONE) {
			record(RegistrationTransition.DEREGISTERED, null, null, null);
			logger.info("Deregistered {}/{}", instance.service(), instance.id());
		}
		else {
			logger.warn("Stopped {}/{} without deregistering, so that its lease has to expire: {}", instance.service(),
					instance.id(), answer.detail());
		}
	}

	private void record(RegistrationTransition transition, @Nullable Instance registered, @Nullable Lease lease,
			@Nullable String problem) {
		Instant now = this.time.now();
		RegistrationState last = this.state;
		this.state = new RegistrationState(transition, now, registered, (lease != null) ? now : last.renewedAt(),
				(lease != null) ? lease.ttl() : last.ttl(), problem);
		LongAdder count = this.counts.get(transition);
		if (count != null) {
			count.increment();
		}
	}

}
