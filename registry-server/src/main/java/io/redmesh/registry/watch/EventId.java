package io.redmesh.registry.watch;

import io.redmesh.core.registry.Cursor;
import org.jspecify.annotations.Nullable;

/**
 * The id of an event: up to where its reader has been told, and of what. A reader that
 * comes back with it to any server goes on from there.
 *
 * @param cursor up to where
 * @param audience of what, in a form that differs between audiences; empty after an
 * incomplete snapshot, from which nobody can go on
 */
record EventId(Cursor cursor, String audience) {

	private static final char SEPARATOR = '~';

	static @Nullable EventId parse(@Nullable String text) {
		int separator = (text == null) ? -1 : text.indexOf(SEPARATOR);
		if (text == null || separator < 0) {
			return null;
		}
		Cursor cursor = Cursor.parse(text.substring(0, separator));
		return (cursor == null) ? null : new EventId(cursor, text.substring(separator + 1));
	}

	@Override
	public String toString() {
		return this.cursor.toString() + SEPARATOR + this.audience;
	}

}
