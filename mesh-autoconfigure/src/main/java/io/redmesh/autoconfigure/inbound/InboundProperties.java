package io.redmesh.autoconfigure.inbound;

import java.time.Duration;

import io.redmesh.core.instance.Instance;
import io.redmesh.core.instance.InvalidValueException;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What this app asks of the calls that it receives.
 *
 * @param checkDestination Whether calls that name another service than this one are
 * answered with 421 (Misdirected Request).
 * @param reportLoad Whether answers to calls of the mesh tell how busy this app is.
 * @param trustPriority Whether requests with `Mesh-Priority: high` may use the reserve of
 * the limit. Only for apps that no stranger can reach; all others neither believe the
 * header nor pass it on.
 * @param refuseLate Whether a request is refused whose answer would come too late for its
 * caller, because those before it take too long.
 * @param patience Time that callers wait for a thread of the server if they do not say
 * how long they wait in all (Mesh-Timeout-Ms). Zero means any time.
 * @param limit How many requests may be served at the same time.
 */
@ConfigurationProperties("mesh.inbound")
public record InboundProperties(@DefaultValue("true") boolean checkDestination,
		@DefaultValue("true") boolean reportLoad, @DefaultValue("false") boolean trustPriority,
		@DefaultValue("true") boolean refuseLate, @DefaultValue("10s") Duration patience, @DefaultValue Limit limit) {

	private static final Duration MAX_PATIENCE = Duration.ofDays(1);

	public InboundProperties {
		if (patience.isNegative() || patience.compareTo(MAX_PATIENCE) > 0) {
			throw new InvalidValueException("patience", patience, Duration.ZERO + " to " + MAX_PATIENCE);
		}
	}

	/**
	 * How many requests may be served at the same time. What exceeds the limit for long
	 * is answered with 503.
	 *
	 * @param enabled Whether there is a limit. It grows while answers stay as fast as
	 * they used to be, and shrinks when they become slow. What exceeds it is refused even
	 * if its caller would wait.
	 * @param initial Limit to start with, by default as many as Tomcat has threads. The
	 * load that callers are told (Mesh-Load) is relative to it while there is no limit.
	 * @param min Limit below which it never falls, however slow the answers. So many
	 * requests at a time are always served, also without a limit.
	 * @param max Limit above which it never grows.
	 * @param fastWithin Time within which an answer is fast, even if others are faster by
	 * far. The limit shrinks when answers take more than twice as long as usual, and more
	 * than twice this.
	 * @param burst Time for which a crowd may exceed the limit, by half of the initial
	 * one, before any request is refused. Zero refuses at once.
	 */
	public record Limit(@DefaultValue("false") boolean enabled, @DefaultValue("200") int initial,
			@DefaultValue("20") int min, @DefaultValue("1000") int max, @DefaultValue("250ms") Duration fastWithin,
			@DefaultValue("1s") Duration burst) {

		private static final int MAX = 100_000;

		private static final Duration MAX_TIME = Duration.ofMinutes(1);

		public Limit {
			Instance.requireRange("max", max, 1, MAX);
			Instance.requireRange("min", min, 1, max);
			Instance.requireRange("initial", initial, min, max);
			requireTime("fastWithin", fastWithin);
			requireTime("burst", burst);
		}

		private static void requireTime(String field, Duration value) {
			if (value.isNegative() || value.compareTo(MAX_TIME) > 0) {
				throw new InvalidValueException(field, value, Duration.ZERO + " to " + MAX_TIME);
			}
		}

	}

}
