package io.redmesh.registry.store;

import org.jspecify.annotations.Nullable;

/**
 * A reason that keeps instances from being evicted for now.
 *
 * @param kind the kind
 * @param service the service that it protects, or null if it concerns the namespace
 */
public record Guard(Kind kind, @Nullable String service) implements Comparable<Guard> {

	/** The only guard of its kind. */
	public static final Guard GRACE = new Guard(Kind.GRACE, null);

	/** The kinds of guards. */
	public enum Kind {

		/** No instance could renew for a while, so none is evicted for one TTL. */
		GRACE,

		/** Too large a share of the namespace would be evicted. */
		NAMESPACE,

		/** Too large a share of one service would be evicted. */
		SERVICE,

		/** A service would lose its last instance. */
		LAST,

		/** As many instances as permitted were already evicted in this second. */
		RATE

	}

	/**
	 * Reads the form that {@link #toString()} writes.
	 * @param text the text
	 * @return the guard
	 */
	public static Guard parse(String text) {
		int space = text.indexOf(' ');
		return (space < 0) ? new Guard(Kind.valueOf(text), null)
				: new Guard(Kind.valueOf(text.substring(0, space)), text.substring(space + 1));
	}

	@Override
	public int compareTo(Guard other) {
		return toString().compareTo(other.toString());
	}

	@Override
	public String toString() {
		return (this.service == null) ? this.kind.name() : this.kind + " " + this.service;
	}

}
