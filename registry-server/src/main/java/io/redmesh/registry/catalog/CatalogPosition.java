package io.redmesh.registry.catalog;

import io.redmesh.core.registry.Cursor;

/**
 * Where a namespace stands on this server.
 *
 * @param cursor the last change that was seen
 * @param generation grows whenever what was there before cannot be told from what is
 * there now by the history alone
 * @param complete false while something may still be missing
 * @param history the changes of this generation
 */
public record CatalogPosition(Cursor cursor, long generation, boolean complete, History history) {

	/**
	 * Returns the revision.
	 * @return the cursor's revision
	 */
	public long revision() {
		return this.cursor.revision();
	}

}
