package io.redmesh.autoconfigure.registry;

import java.util.List;
import java.util.Map;

import io.redmesh.core.instance.Instance;
import io.redmesh.core.registry.Catalog;
import io.redmesh.core.registry.Cursor;
import io.redmesh.core.registry.InstanceChange;

/** An event of a watch. */
public sealed interface WatchEvent {

	/**
	 * Returns the position in the history of the namespace after this event, or for
	 * {@link Rules} that of their last change.
	 * @return the cursor
	 */
	Cursor cursor();

	/**
	 * Applies this event to a catalog.
	 * @param catalog the catalog
	 * @return false if the catalog needs a snapshot instead
	 */
	boolean applyTo(Catalog catalog);

	/**
	 * All instances of the followed services.
	 *
	 * @param cursor the position in history
	 * @param complete whether no instance can be missing
	 * @param services the instances of each service
	 */
	record Snapshot(Cursor cursor, boolean complete, Map<String, List<Instance>> services) implements WatchEvent {

		@Override
		public boolean applyTo(Catalog catalog) {
			// The catalog refuses the snapshot of a server that lags behind, which
			// catches up by deltas.
			catalog.snapshot(this.cursor, this.complete, this.services);
			return true;
		}

	}

	/**
	 * The changes since the last event.
	 *
	 * @param cursor the position in history
	 * @param changes at most one for each instance
	 */
	record Delta(Cursor cursor, List<InstanceChange> changes) implements WatchEvent {

		@Override
		public boolean applyTo(Catalog catalog) {
			return catalog.delta(this.cursor, this.changes);
		}

	}

	/**
	 * All traffic rules.
	 *
	 * @param cursor the position of the last change of a rule
	 * @param complete whether no rule can be missing. If not, deleted rules are listed
	 * @param rules the documents
	 */
	record Rules(Cursor cursor, boolean complete, RuleDocuments rules) implements WatchEvent {

		@Override
		public boolean applyTo(Catalog catalog) {
			// The catalog has instances only.
			return true;
		}

	}

	/**
	 * A sign that the server is alive, without a change.
	 *
	 * @param cursor the position in history
	 */
	record Ping(Cursor cursor) implements WatchEvent {

		@Override
		public boolean applyTo(Catalog catalog) {
			return true;
		}

	}

}
