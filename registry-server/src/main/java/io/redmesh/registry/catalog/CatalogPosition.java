package io.redmesh.registry.catalog;

import io.redmesh.core.registry.Cursor;

/**
 * The position of this server's copy of a namespace.
 *
 * @param cursor the last change that was read
 * @param generation a counter that grows whenever the history alone cannot tell the old
 * content from the new
 * @param complete false while instances may still be missing
 * @param history the changes of this generation
 */
public record CatalogPosition(Cursor cursor, long generation, boolean complete, History history) {

	/**
	 * Returns the revision of the last change that was read.
	 * @return the cursor's revision
	 */
	public long revision() {
		return this.cursor.revision();
	}

}
