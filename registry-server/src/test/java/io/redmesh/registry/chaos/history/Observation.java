package io.redmesh.registry.chaos.history;

import java.util.List;

import io.redmesh.core.registry.Cursor;
import org.jspecify.annotations.Nullable;

/**
 * One event as a watcher received it.
 *
 * @param at when, in nanoseconds since the run began
 * @param server from which server
 * @param connection on which of the watcher's connections, counted from 1
 * @param accepted whether a client takes it in; false when it is older than what the
 * client knows
 * @param cursor where history stands with it
 * @param news what it says
 */
public record Observation(long at, String server, int connection, boolean accepted, Cursor cursor, News news) {

	/** What an event says. */
	public sealed interface News {

	}

	/**
	 * Everything that is watched.
	 *
	 * @param complete whether nothing is missing
	 * @param instances all instances of all watched services
	 */
	public record Snapshot(boolean complete, List<InstanceView> instances) implements News {

	}

	/**
	 * What has changed since the event before.
	 *
	 * @param changes at most one an instance
	 */
	public record Delta(List<Change> changes) implements News {

	}

	/** Nothing, but that the connection lives. */
	public record Ping() implements News {

	}

	/**
	 * One instance has changed.
	 *
	 * @param service its service
	 * @param id its id
	 * @param instance how it is now, or null if it has gone
	 * @param gone why it has gone, or null if it has not
	 */
	public record Change(String service, String id, @Nullable InstanceView instance, @Nullable String gone) {

		public static Change put(InstanceView instance) {
			return new Change(instance.service(), instance.id(), instance, null);
		}

		public static Change gone(String service, String id, String reason) {
			return new Change(service, id, null, reason);
		}

		public String name() {
			return this.service + "/" + this.id;
		}

	}

	@Override
	public String toString() {
		String what = this.news.toString();
		return "%s [%d] by %s on connection %d%s: %s".formatted(Times.text(this.at), this.cursor.revision(),
				this.server, this.connection, this.accepted ? "" : ", refused",
				(what.length() > 300) ? what.substring(0, 300) + "…" : what);
	}

}
