package io.redmesh.core.call;

import org.jspecify.annotations.Nullable;

/** The steps of calls without rules: all of them are attempts. */
public final class Sent {

	private Sent() {
	}

	public static Attempt sent(@Nullable Step step) {
		return (Attempt) step;
	}

}
