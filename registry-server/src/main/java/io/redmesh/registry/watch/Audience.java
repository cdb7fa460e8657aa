package io.redmesh.registry.watch;

import java.lang.ref.WeakReference;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.concurrent.ConcurrentHashMap;

import io.redmesh.registry.catalog.CatalogPosition;
import io.redmesh.registry.catalog.CatalogSnapshot;
import io.redmesh.registry.catalog.Change;
import io.redmesh.registry.catalog.NamespaceCatalog;
import org.jspecify.annotations.Nullable;

/**
 * Those who watch the same services. What they are told is encoded once for all of them.
 */
final class Audience {

	private final NamespaceCatalog catalog;

	private final SortedSet<String> services;

	private final String mark;

	private final Set<Watcher> watchers = ConcurrentHashMap.newKeySet();

	private @Nullable Told lastDelta;

	// Shared while somebody is still being sent it, and kept no longer.
	private WeakReference<Told> lastSnapshot = new WeakReference<>(null);

	/**
	 * Creates an audience.
	 * @param catalog the namespace
	 * @param services what it watches, empty for everything
	 */
	Audience(NamespaceCatalog catalog, SortedSet<String> services) {
		this.catalog = catalog;
		this.services = services;
		this.mark = services.isEmpty() ? "all" : Integer.toHexString(services.toString().hashCode());
	}

	SortedSet<String> services() {
		return this.services;
	}

	Set<Watcher> watchers() {
		return this.watchers;
	}

	/**
	 * Tells whether a reader that comes back can go on where it was.
	 * @param last the last event that it has seen, or null
	 * @param position where the namespace stands
	 * @return whether the history still has what it missed
	 */
	boolean canResume(@Nullable EventId last, CatalogPosition position) {
		return last != null && last.audience().equals(this.mark) && last.cursor().sameEpoch(position.cursor())
				&& position.history().covers(last.cursor().revision(), position.revision());
	}

	Frame ping(CatalogPosition position, long revision) {
		return Frame.ping(id(position, revision), this.catalog.guards());
	}

	/**
	 * The first frame of an answer that is not a resumed one. Nobody can go on from it.
	 * @param position where the namespace stands
	 * @return the frame
	 */
	Frame greeting(CatalogPosition position) {
		return Frame.ping(new EventId(position.cursor(), "").toString(), this.catalog.guards());
	}

	/**
	 * Tells what has changed.
	 * @param from the revision up to which it has been told before
	 * @param position up to where to tell it
	 * @return what there is to tell, or null when history no longer knows
	 */
	synchronized @Nullable Told delta(long from, CatalogPosition position) {
		Told known = this.lastDelta;
		if (known != null && known.from == from && known.position.equals(position)) {
			return known;
		}
		List<Change> changes = position.history().between(from, position.revision());
		if (changes == null) {
			return null;
		}
		List<Change> concerned = changes.stream().filter(this::concerns).toList();
		Frame frame = concerned.isEmpty() ? null : Frame.delta(id(position, position.revision()), position, concerned);
		Told told = new Told(from, position, frame);
		this.lastDelta = told;
		return told;
	}

	/**
	 * Tells everything, as new as the catalog is.
	 * @return the frame and where it stands
	 */
	Told snapshot() {
		// Outside of the lock: the catalog's is held while watchers are told of a change.
		return snapshot(this.catalog.moment(this.services));
	}

	private synchronized Told snapshot(CatalogSnapshot moment) {
		CatalogPosition position = moment.position();
		Told known = this.lastSnapshot.get();
		if (known != null && known.position.equals(position)) {
			return known;
		}
		Frame frame = Frame.snapshot(id(position, position.revision()), position, moment.services());
		Told told = new Told(0, position, frame);
		this.lastSnapshot = new WeakReference<>(told);
		return told;
	}

	private boolean concerns(Change change) {
		return this.services.isEmpty() || this.services.contains(change.service());
	}

	private String id(CatalogPosition position, long revision) {
		return new EventId(position.cursor().at(revision), position.complete() ? this.mark : "").toString();
	}

	/**
	 * What an audience was told.
	 *
	 * @param from after which revision
	 * @param position up to where
	 * @param frame the words, or null when there is nothing to tell
	 */
	record Told(long from, CatalogPosition position, @Nullable Frame frame) {

	}

}
