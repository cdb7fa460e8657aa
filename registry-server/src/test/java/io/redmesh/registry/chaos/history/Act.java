package io.redmesh.registry.chaos.history;

import io.redmesh.core.registry.Cursor;
import org.jspecify.annotations.Nullable;

/**
 * Something that an instance did, or that was done to it.
 *
 * @param kind what
 * @param sent when it was asked for, in nanoseconds since the run began
 * @param answered when the answer came
 * @param instance how the registry now has to know the instance, or null where it does
 * not change that
 * @param cursor the cursor of the answer, or null where there is none
 */
public record Act(Kind kind, long sent, long answered, @Nullable InstanceView instance, @Nullable Cursor cursor) {

	/** What can happen. */
	public enum Kind {

		/** Registered or updated, and answered so. */
		REGISTERED,

		/** Renewed, and answered so. */
		RENEWED,

		/** A server said that it knows no such lease. */
		UNKNOWN,

		/** A server was reached, but could not do it. */
		UNAVAILABLE,

		/** No server could be reached, or none answered in time. */
		SILENCE,

		/** It begins to leave: its own word that it will be no more. */
		LEAVING,

		/** Its deregistration was answered. */
		DEREGISTERED,

		/** It was told that somebody else has taken its place, and stays out. */
		SUPERSEDED,

		/** Stands still. */
		FROZEN,

		/** Goes on. */
		THAWED,

		/** Ended without a word. */
		CRASHED

	}

	/**
	 * Makes one that takes no time.
	 * @param kind what
	 * @param at when
	 * @return the act
	 */
	public static Act of(Kind kind, long at) {
		return new Act(kind, at, at, null, null);
	}

	boolean isAcknowledged() {
		return this.kind == Kind.REGISTERED || this.kind == Kind.RENEWED;
	}

	/** Whether nothing is to be heard of the instance from now on. */
	boolean isEnd() {
		return this.kind == Kind.LEAVING || this.kind == Kind.SUPERSEDED || this.kind == Kind.CRASHED;
	}

	@Override
	public String toString() {
		return "%s %s%s%s".formatted(Times.text(this.sent), this.kind,
				(this.answered != this.sent) ? " answered " + Times.text(this.answered) : "",
				(this.cursor != null) ? " [" + this.cursor.revision() + "]" : "");
	}

}
