package io.redmesh.registry.store;

import org.jspecify.annotations.Nullable;

/**
 * Something that keeps instances from being evicted for now.
 *
 * @param kind what it is
 * @param service the service that it is about, or null if it is about the namespace
 */
public record Guard(Kind kind, @Nullable String service) implements Comparable<Guard> {

	/** The guard of this kind, there is only one. */
	public static final Guard GRACE = new Guard(Kind.GRACE, null);

	/** The kinds of guards. */
	public enum Kind {

		/** Nobody could renew for a while, so nobody is evicted for one TTL. */
		GRACE,

		/** Too large a share of the namespace would go. */
		NAMESPACE,

		/** Too large a share of one service would go. */
		SERVICE,

		/** A service would have no instance any more. */
		LAST,

		/** As many as permitted were evicted in this second already. */
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
