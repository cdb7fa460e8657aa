package io.redmesh.registry.watch;

import java.lang.ref.WeakReference;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.concurrent.ConcurrentHashMap;

import io.redmesh.registry.catalog.Change;
import io.redmesh.registry.catalog.Moment;
import io.redmesh.registry.catalog.NamespaceCatalog;
import io.redmesh.registry.catalog.Standing;
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
	 * @param standing where the namespace stands
	 * @return whether the history still has what it missed
	 */
	boolean canResume(@Nullable EventId last, Standing standing) {
		return last != null && last.audience().equals(this.mark) && last.cursor().sameEpoch(standing.cursor())
				&& standing.history().covers(last.cursor().revision(), standing.revision());
	}

	Frame ping(Standing standing, long revision) {
		return Frame.ping(id(standing, revision), this.catalog.guards());
	}

	/**
	 * The first frame of an answer that is not a resumed one. Nobody can go on from it.
	 * @param standing where the namespace stands
	 * @return the frame
	 */
	Frame greeting(Standing standing) {
		return Frame.ping(new EventId(standing.cursor(), "").toString(), this.catalog.guards());
	}

	/**
	 * Tells what has changed.
	 * @param from the revision up to which it has been told before
	 * @param standing up to where to tell it
	 * @return what there is to tell, or null when history no longer knows
	 */
	synchronized @Nullable Told delta(long from, Standing standing) {
		Told known = this.lastDelta;
		if (known != null && known.from == from && known.standing.equals(standing)) {
			return known;
		}
		List<Change> changes = standing.history().between(from, standing.revision());
		if (changes == null) {
			return null;
		}
		List<Change> concerned = changes.stream().filter(this::concerns).toList();
		Frame frame = concerned.isEmpty() ? null : Frame.delta(id(standing, standing.revision()), standing, concerned);
		Told told = new Told(from, standing, frame);
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

	private synchronized Told snapshot(Moment moment) {
		Standing standing = moment.standing();
		Told known = this.lastSnapshot.get();
		if (known != null && known.standing.equals(standing)) {
			return known;
		}
		Frame frame = Frame.snapshot(id(standing, standing.revision()), standing, moment.services());
		Told told = new Told(0, standing, frame);
		this.lastSnapshot = new WeakReference<>(told);
		return told;
	}

	private boolean concerns(Change change) {
		return this.services.isEmpty() || this.services.contains(change.service());
	}

	private String id(Standing standing, long revision) {
		return new EventId(standing.cursor().at(revision), standing.complete() ? this.mark : "").toString();
	}

	/**
	 * What an audience was told.
	 *
	 * @param from after which revision
	 * @param standing up to where
	 * @param frame the words, or null when there is nothing to tell
	 */
	record Told(long from, Standing standing, @Nullable Frame frame) {

	}

}
