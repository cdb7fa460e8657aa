package io.redmesh.autoconfigure.registry;

import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

import io.redmesh.core.time.Time;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The state of the connection to the registry, in both directions. It is logged once when
 * the connection is lost, again at growing intervals while it stays lost, and once when
 * it is restored.
 * <p>
 * Safe for use by many threads.
 */
public final class RegistryContact {

	private static final Logger logger = LoggerFactory.getLogger(RegistryContact.class);

	private static final Duration FIRST_REMINDER = Duration.ofMinutes(1);

	private static final Duration LAST_REMINDER = Duration.ofHours(1);

	private final Time time;

	private final List<?> urls;

	private final Map<Direction, String> failing = new EnumMap<>(Direction.class);

	private Duration reminder = FIRST_REMINDER;

	private long lastWarning;

	private volatile State state;

	/**
	 * Creates the state before the first request.
	 * @param time the clocks
	 * @param urls the URLs of the registry, for the log
	 */
	public RegistryContact(Time time, List<?> urls) {
		this.time = time;
		this.urls = List.copyOf(urls);
		this.state = new State(false, time.now(), null);
	}

	/**
	 * Records a response of the registry.
	 * @param direction the purpose of the request
	 */
	public synchronized void reached(Direction direction) {
		this.failing.remove(direction);
		if (this.failing.isEmpty() && !this.state.connected) {
			boolean lost = this.state.failure != null;
			this.state = new State(true, this.time.now(), null);
			this.reminder = FIRST_REMINDER;
			if (lost) {
				logger.info("Connected to the registry again");
			}
		}
	}

	/**
	 * Records that no server of the registry could be reached.
	 * @param direction the purpose of the request
	 * @param failure the reason, for people to read
	 */
	public synchronized void failed(Direction direction, String failure) {
		this.failing.put(direction, failure);
		long now = this.time.nanos();
		if (this.state.connected || this.state.failure == null) {
			this.state = new State(false, this.time.now(), failure);
			warn(failure, now);
		}
		else {
			this.state = new State(false, this.state.since, failure);
			if (now - this.lastWarning >= this.reminder.toNanos()) {
				Duration doubled = this.reminder.multipliedBy(2);
				this.reminder = (doubled.compareTo(LAST_REMINDER) < 0) ? doubled : LAST_REMINDER;
				warn(failure, now);
			}
		}
	}

	private void warn(String failure, long now) {
		this.lastWarning = now;
		logger.warn("The registry cannot be reached: {}. This app keeps the services that it knows and retries {}. "
				+ "If the registry is elsewhere, set mesh.registry.url", failure, this.urls);
	}

	/**
	 * Forgets a direction that is no longer used.
	 * @param direction the direction
	 */
	public synchronized void ended(Direction direction) {
		this.failing.remove(direction);
	}

	/**
	 * Returns the number of servers of the registry.
	 * @return at least 1
	 */
	public int servers() {
		return this.urls.size();
	}

	/**
	 * Returns the URLs of the registry.
	 * @return at least one URL
	 */
	public List<?> urls() {
		return this.urls;
	}

	/**
	 * Returns the current state.
	 * @return an immutable state
	 */
	public State state() {
		return this.state;
	}

	/** The purposes of requests to the registry. */
	public enum Direction {

		/** Registering and renewing this instance. */
		REGISTRATION,

		/** Following the list of services. */
		DISCOVERY

	}

	/**
	 * A state of the connection to the registry.
	 *
	 * @param connected whether the last request in each direction got a response
	 * @param since the time since when that is so
	 * @param failure the last failure; null while connected and before the first request
	 */
	public record State(boolean connected, Instant since, @Nullable String failure) {

	}

}
