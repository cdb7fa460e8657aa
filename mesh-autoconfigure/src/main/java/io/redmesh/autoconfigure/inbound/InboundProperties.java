package io.redmesh.autoconfigure.inbound;

import io.redmesh.core.instance.Instance;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What this app asks of the calls that it receives.
 *
 * @param checkDestination Whether calls that name another service than this one are
 * answered with 421 (Misdirected Request).
 * @param reportLoad Whether answers to calls of the mesh tell how busy this app is.
 * @param limit How many requests may be served at the same time.
 */
@ConfigurationProperties("mesh.inbound")
public record InboundProperties(@DefaultValue("true") boolean checkDestination,
		@DefaultValue("true") boolean reportLoad, @DefaultValue Limit limit) {

	/**
	 * How many requests may be served at the same time. What exceeds the limit is
	 * answered with 503.
	 *
	 * @param enabled Whether there is a limit. It grows while answers stay as fast as
	 * they used to be, and shrinks when they become slow.
	 * @param initial Limit to start with.
	 * @param min Limit below which it never falls, however slow the answers. So many
	 * requests at a time are always served.
	 * @param max Limit above which it never grows.
	 */
	public record Limit(@DefaultValue("true") boolean enabled, @DefaultValue("100") int initial,
			@DefaultValue("20") int min, @DefaultValue("1000") int max) {

		private static final int MAX = 100_000;

		public Limit {
			Instance.requireRange("max", max, 1, MAX);
			Instance.requireRange("min", min, 1, max);
			Instance.requireRange("initial", initial, min, max);
		}

	}

}
