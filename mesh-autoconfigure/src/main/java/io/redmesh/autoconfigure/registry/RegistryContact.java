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
 * Whether the registry can be reached, in both directions. Says so once when that is
 * lost, again at growing intervals while it stays so, and once when it is back.
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
	 * Creates it before anything was tried.
	 * @param time the clocks
	 * @param urls where the registry is looked for, for the log
	 */
	public RegistryContact(Time time, List<?> urls) {
		this.time = time;
		this.urls = List.copyOf(urls);
		this.state = new State(false, time.now(), null);
	}

	/**
	 * The registry answered.
	 * @param direction what it was asked for
	 */
	public synchronized void reached(Direction direction) {
		this.failing.remove(direction);
		if (this.failing.isEmpty() && !this.state.connected) {
			boolean lost = this.state.failure != null;
			this.state = new State(true, this.time.now(), null);
			this.reminder = FIRST_REMINDER;
			if (lost) {
				logger.info("The registry is back");
			}
		}
	}

	/**
	 * No server of the registry could be reached.
	 * @param direction what it was asked for
	 * @param failure why, for people to read
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
		logger.warn("The registry cannot be reached: {}. This app goes on with what it knows and keeps trying {}. "
				+ "If that is not where the registry is, set mesh.registry.url", failure, this.urls);
	}

	/**
	 * Forgets a direction that is no longer used.
	 * @param direction the direction
	 */
	public synchronized void ended(Direction direction) {
		this.failing.remove(direction);
	}

	/**
	 * Returns how many servers the registry has.
	 * @return at least 1
	 */
	public int servers() {
		return this.urls.size();
	}

	/**
	 * Returns where the registry is looked for.
	 * @return at least one URL
	 */
	public List<?> urls() {
		return this.urls;
	}

	/**
	 * Returns how it stands now.
	 * @return an immutable state
	 */
	public State state() {
		return this.state;
	}

	/** What the registry is asked for. */
	public enum Direction {

		/** To keep this instance. */
		REGISTRATION,

		/** To tell of the others. */
		DISCOVERY

	}

	/**
	 * How contact stands.
	 *
	 * @param connected whether the last question in each direction was answered
	 * @param since since when that is so
	 * @param failure the last failure, or null while connected or before the first try
	 */
	public record State(boolean connected, Instant since, @Nullable String failure) {

	}

}
