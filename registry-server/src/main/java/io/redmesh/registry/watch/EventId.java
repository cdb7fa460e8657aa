package io.redmesh.registry.watch;

import io.redmesh.core.registry.Cursor;
import org.jspecify.annotations.Nullable;

/**
 * The id of an event: the cursor up to which its reader was sent changes, and the
 * services that it watches. A reader that shows it to any server resumes from there.
 *
 * @param cursor the cursor
 * @param audience a mark that differs between sets of services; empty after an incomplete
 * snapshot, from which no reader can resume
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
