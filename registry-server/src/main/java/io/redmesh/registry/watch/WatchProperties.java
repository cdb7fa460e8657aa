package io.redmesh.registry.watch;

import java.time.Duration;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How changes are pushed.
 *
 * @param minWindow How long changes are gathered after one that was pushed at once.
 * @param maxWindow How long changes are gathered at most while many come.
 * @param ping How long a watch may be silent before a ping is sent.
 * @param stall How long a reader may take to accept what was sent before its connection
 * is closed.
 * @param firstRead How long a watch waits for a namespace that has not been read yet.
 * @param snapshotsPerSecond How many watches may begin with a snapshot in a second. The
 * others are asked to come again; those that go on where they were are not counted.
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
