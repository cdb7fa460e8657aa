package io.redmesh.registry.watch;

import java.time.Duration;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Timing and limits of watches.
 *
 * @param minWindow Time in which further changes are gathered after one that was pushed
 * at once.
 * @param maxWindow Maximum time in which changes are gathered while there are many.
 * @param ping Time without an event after which a ping is sent.
 * @param stall Maximum time that a reader takes to accept a frame. After that its
 * connection is closed.
 * @param firstRead Maximum time that a watch waits for the first read of its namespace.
 * @param snapshotsPerSecond Number of watches that may begin with a snapshot in one
 * second. Further watches are refused and may retry after a second. Watches that resume
 * are not counted.
 */
@ConfigurationProperties("mesh.server.watch")
public record WatchProperties(@DefaultValue("2ms") Duration minWindow, @DefaultValue("250ms") Duration maxWindow,
		@DefaultValue("10s") Duration ping, @DefaultValue("60s") Duration stall, @DefaultValue("2s") Duration firstRead,
		@DefaultValue("1000") int snapshotsPerSecond) {

	public WatchProperties {
		if (snapshotsPerSecond < 1) {
			throw new IllegalArgumentException(
					"mesh.server.watch.snapshots-per-second: %d (expected: at least 1)".formatted(snapshotsPerSecond));
		}
		if (minWindow.isNegative() || minWindow.isZero() || maxWindow.compareTo(minWindow) < 0) {
			throw new IllegalArgumentException(
					"mesh.server.watch: min-window: %s, max-window: %s (expected: 0 < min-window <= max-window)"
						.formatted(minWindow, maxWindow));
		}
		if (ping.toMillis() < 100 || stall.compareTo(ping) < 0) {
			throw new IllegalArgumentException(
					"mesh.server.watch: ping: %s, stall: %s (expected: 100ms <= ping <= stall)".formatted(ping, stall));
		}
	}

}
