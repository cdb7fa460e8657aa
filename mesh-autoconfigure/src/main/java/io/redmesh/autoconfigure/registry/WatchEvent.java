package io.redmesh.autoconfigure.registry;

import java.util.List;
import java.util.Map;

import io.redmesh.core.instance.Instance;
import io.redmesh.core.registry.Catalog;
import io.redmesh.core.registry.Cursor;
import io.redmesh.core.registry.InstanceChange;

/** Something that the registry told one who watches. */
public sealed interface WatchEvent {

	/**
	 * Returns where history stands with this event.
	 * @return the cursor
	 */
	Cursor cursor();

	/**
	 * Takes this event into a catalog.
	 * @param catalog the catalog
	 * @return false if the catalog needs a snapshot instead
	 */
	boolean applyTo(Catalog catalog);

	/**
	 * Everything there is.
	 *
	 * @param cursor where history stands
	 * @param complete whether nothing can be missing
	 * @param services the instances of each service
	 */
	record Snapshot(Cursor cursor, boolean complete, Map<String, List<Instance>> services) implements WatchEvent {

		@Override
		public boolean applyTo(Catalog catalog) {
			// A server that lags behind is refused, and catches up by deltas.
			catalog.snapshot(this.cursor, this.complete, this.services);
			return true;
		}

	}

	/**
	 * What has changed.
	 *
	 * @param cursor where history stands
	 * @param changes at most one for each instance
	 */
	record Delta(Cursor cursor, List<InstanceChange> changes) implements WatchEvent {

		@Override
		public boolean applyTo(Catalog catalog) {
			return catalog.delta(this.cursor, this.changes);
		}

	}

	/**
	 * Nothing has changed.
	 *
	 * @param cursor where history stands
	 */
	record Ping(Cursor cursor) implements WatchEvent {

		@Override
		public boolean applyTo(Catalog catalog) {
			return true;
		}

	}

}
