package io.redmesh.autoconfigure.inbound;

import java.time.Duration;

import io.redmesh.core.instance.Instance;
import io.redmesh.core.instance.InvalidValueException;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The properties for the calls that this app receives.
 *
 * @param checkDestination Whether a call that names another service than this one is
 * refused with 421 (Misdirected Request).
 * @param reportLoad Whether responses to calls of the mesh report this app's load, in the
 * header Mesh-Load.
 * @param trustPriority Whether requests with `Mesh-Priority: high` may use the reserve of
 * the limit. Enable it only if callers outside the mesh cannot reach this app. If false,
 * the header is ignored and not passed on.
 * @param refuseLate Whether a request is refused with 503 if its response would come too
 * late for its caller, because the requests before it take too long.
 * @param patience Time that a caller is assumed to wait for a thread of the server if it
 * sends no Mesh-Timeout-Ms. Zero means any time.
 * @param limit Limit of the requests in flight.
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
	 * The limit of the requests in flight. Requests that exceed it for long are refused
	 * with 503.
	 *
	 * @param enabled Whether there is a limit. It grows while responses are as fast as
	 * usual, and shrinks when they become slow. A request that exceeds it is refused even
	 * if its caller would wait.
	 * @param initial Limit at the start, by default Tomcat's default number of threads.
	 * While no limit is enabled, the load that callers are told (Mesh-Load) refers to it.
	 * @param min Lower bound of the limit, however slow the responses. That many requests
	 * at a time are always served, also without a limit.
	 * @param max Upper bound of the limit.
	 * @param fastWithin Response time that counts as fast, even if other responses are
	 * faster by far. The limit shrinks when responses take more than twice as long as
	 * usual, and more than twice this time. Zero means that only the usual time counts.
	 * @param burst Time for which requests may exceed the limit, by half of the initial
	 * limit, before any is refused. Zero refuses at once.
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
