package io.redmesh.core.registry;

import org.jspecify.annotations.Nullable;

/**
 * A position in the history of one namespace. Cursors of one lineage are ordered by
 * epoch, then by revision. Cursors of different lineages belong to different registries
 * and are not comparable. On the wire a cursor is one opaque word.
 *
 * @param lineage the registry, a UUID that is generated when its store is first used
 * @param epoch the number of the history of that registry, growing; a new epoch begins
 * when the store may have lost writes
 * @param revision the number of visible changes within the epoch
 */
public record Cursor(String lineage, long epoch, long revision) {

	/**
	 * Returns whether this cursor is before another one of the same lineage.
	 * @param other the other cursor
	 * @return false also when the lineages differ
	 */
	public boolean isBefore(Cursor other) {
		return sameLineage(other)
				&& (this.epoch < other.epoch || (this.epoch == other.epoch && this.revision < other.revision));
	}

	/**
	 * Returns whether both cursors belong to the same registry.
	 * @param other the other cursor
	 * @return whether their lineages are equal
	 */
	public boolean sameLineage(Cursor other) {
		return this.lineage.equals(other.lineage);
	}

	/**
	 * Returns whether both cursors belong to the same history, so that their revisions
	 * can be compared.
	 * @param other the other cursor
	 * @return whether lineage and epoch are equal
	 */
	public boolean sameEpoch(Cursor other) {
		return this.epoch == other.epoch && sameLineage(other);
	}

	/**
	 * Returns a cursor of the same epoch at another revision.
	 * @param revision the revision
	 * @return the cursor
	 */
	public Cursor at(long revision) {
		return new Cursor(this.lineage, this.epoch, revision);
	}

	/**
	 * Parses the form that {@link #toString()} writes, and no other spelling of a number.
	 * @param text any text, or null
	 * @return the cursor, or null if the text is not a cursor
	 */
	public static @Nullable Cursor parse(@Nullable String text) {
		if (text == null || text.length() > 100) {
			return null;
		}
		String[] parts = text.split("\\.", -1);
		if (parts.length != 3 || parts[0].isEmpty()) {
			return null;
		}
		try {
			Cursor cursor = new Cursor(parts[0], Long.parseLong(parts[1]), Long.parseLong(parts[2]));
			return (cursor.epoch < 0 || cursor.revision < 0 || !cursor.toString().equals(text)) ? null : cursor;
		}
		catch (NumberFormatException ex) {
			return null;
		}
	}

	@Override
	public String toString() {
		return this.lineage + "." + this.epoch + "." + this.revision;
	}

}
