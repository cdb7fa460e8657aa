package io.redmesh.chaos.history;

import java.util.List;

import io.redmesh.core.registry.Cursor;
import org.jspecify.annotations.Nullable;

/**
 * An event as a watcher received it.
 *
 * @param at when, in nanoseconds since the run began
 * @param server the name of the server
 * @param connection the number of the connection among those of the watcher, from 1
 * @param accepted whether a client accepts it; false when it is older than what the
 * client knows
 * @param cursor the cursor of the event
 * @param news its content
 */
public record Observation(long at, String server, int connection, boolean accepted, Cursor cursor, News news) {

	/** The content of an event. */
	public sealed interface News {

	}

	/**
	 * A snapshot of everything that is watched.
	 *
	 * @param complete whether nothing is missing
	 * @param instances all instances of all watched services
	 */
	public record Snapshot(boolean complete, List<InstanceView> instances) implements News {

	}

	/**
	 * The changes since the previous event.
	 *
	 * @param changes at most one for each instance
	 */
	public record Delta(List<Change> changes) implements News {

	}

	/** No content, but the proof that the connection lives. */
	public record Ping() implements News {

	}

	/**
	 * A change of one instance.
	 *
	 * @param service its service
	 * @param id its id
	 * @param instance the instance as it is now, or null if it is gone
	 * @param gone the reason why it is gone, or null if it is not
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
