package io.redmesh.registry.catalog;

import java.util.List;

import io.redmesh.core.registry.Cursor;
import io.redmesh.registry.store.Remembered;
import io.redmesh.registry.store.StoredRules;

/** A listener for losses of the store. */
@FunctionalInterface
interface LossListener {

	/**
	 * Reports that a new epoch lacks something that this server knows.
	 * @param namespace the namespace
	 * @param epoch the cursor at which the new epoch was read
	 * @param remembered what may be put back
	 */
	void lost(String namespace, Cursor epoch, List<Remembered> remembered);

	/**
	 * Reports that the store lacks traffic rules that this server knows.
	 * @param namespace the namespace, to be told when the store has them again
	 * @param rules the rules and deletions to put back
	 */
	default void lostRules(NamespaceCatalog namespace, StoredRules rules) {
	}

}
