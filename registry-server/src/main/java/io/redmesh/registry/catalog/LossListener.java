package io.redmesh.registry.catalog;

import java.util.List;

import io.redmesh.core.registry.Cursor;
import io.redmesh.registry.store.Remembered;

/** Is told what the store has lost. */
@FunctionalInterface
interface LossListener {

	/**
	 * A new epoch does not hold all that is known here.
	 * @param namespace the namespace
	 * @param epoch where the new epoch stands
	 * @param remembered what may be put back
	 */
	void noticed(String namespace, Cursor epoch, List<Remembered> remembered);

}
