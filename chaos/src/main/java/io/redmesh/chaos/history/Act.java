package io.redmesh.chaos.history;

import io.redmesh.core.registry.Cursor;
import org.jspecify.annotations.Nullable;

/**
 * An act in the life of an instance: something that it did, or that was done to it.
 *
 * @param kind the kind of act
 * @param sent when the request was sent, in nanoseconds since the run began
 * @param answered when the response came
 * @param instance the instance as the registry must know it from now on, or null where
 * the act does not change that
 * @param cursor the cursor of the response, or null where there is none
 */
public record Act(Kind kind, long sent, long answered, @Nullable InstanceView instance, @Nullable Cursor cursor) {

	/** The kinds of acts. */
	public enum Kind {

		/** A registration or an update that was acknowledged. */
		REGISTERED,

		/** A renewal that was acknowledged. */
		RENEWED,

		/** A response that the server does not know the lease. */
		UNKNOWN,

		/** A response of a server that could not carry out the request. */
		UNAVAILABLE,

		/** A request that reached no server, or got no response in time. */
		SILENCE,

		/**
		 * The beginning of its departure, by which the instance itself declares its end.
		 */
		LEAVING,

		/** A deregistration that was acknowledged. */
		DEREGISTERED,

		/**
		 * A response that another process has taken its place. The instance stays out.
		 */
		SUPERSEDED,

		/** The beginning of a freeze. */
		FROZEN,

		/** The end of a freeze. */
		THAWED,

		/** An end without a deregistration. */
		CRASHED

	}

	/**
	 * Creates an act that takes no time.
	 * @param kind its kind
	 * @param at its time, in nanoseconds since the run began
	 * @return the act
	 */
	public static Act of(Kind kind, long at) {
		return new Act(kind, at, at, null, null);
	}

	boolean isAcknowledged() {
		return this.kind == Kind.REGISTERED || this.kind == Kind.RENEWED;
	}

	/** Tells whether the life of the instance ends with this act. */
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
