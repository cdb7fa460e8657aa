package io.redmesh.registry.watch;

import java.lang.ref.WeakReference;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.concurrent.ConcurrentHashMap;

import io.redmesh.core.registry.Cursor;
import io.redmesh.registry.catalog.CatalogPosition;
import io.redmesh.registry.catalog.CatalogSnapshot;
import io.redmesh.registry.catalog.Change;
import io.redmesh.registry.catalog.NamespaceCatalog;
import io.redmesh.registry.catalog.RuleSet;
import org.jspecify.annotations.Nullable;

/** The watchers of the same services. Each frame is encoded once for all of them. */
final class Audience {

	private final NamespaceCatalog catalog;

	private final Interest interest;

	private final String mark;

	private final Set<Watcher> watchers = ConcurrentHashMap.newKeySet();

	private @Nullable Told lastDelta;

	// Shared while it is still being sent to a watcher, and kept no longer.
	private WeakReference<Told> lastSnapshot = new WeakReference<>(null);

	private @Nullable ToldRules lastRules;

	private WeakReference<Frame> lastRulesFrame = new WeakReference<>(null);

	/**
	 * Creates an audience.
	 * @param catalog the namespace
	 * @param interest what all of its watchers ask for
	 */
	Audience(NamespaceCatalog catalog, Interest interest) {
		this.catalog = catalog;
		this.interest = interest;
		this.mark = interest.mark();
	}

	Interest interest() {
		return this.interest;
	}

	Set<Watcher> watchers() {
		return this.watchers;
	}

	/**
	 * Returns whether a reader can resume after the last event that it has seen.
	 * @param last the event, or null
	 * @param position the position of the namespace
	 * @return whether the history still has all changes since then
	 */
	boolean canResume(@Nullable EventId last, CatalogPosition position) {
		return last != null && last.audience().equals(this.mark) && last.cursor().sameEpoch(position.cursor())
				&& position.history().covers(last.cursor().revision(), position.revision());
	}

	Frame ping(CatalogPosition position, long revision) {
		return Frame.ping(id(position, revision), this.catalog.guards());
	}

	/**
	 * Creates the first frame of a response that does not resume. Its id is no place to
	 * resume from.
	 * @param position the position of the namespace
	 * @return the frame
	 */
	Frame greeting(CatalogPosition position) {
		return Frame.ping(new EventId(position.cursor(), "").toString(), this.catalog.guards());
	}

	/**
	 * Returns the changes after a revision.
	 * @param from the revision up to which the watcher was sent changes
	 * @param position the position up to which it is to be sent changes
	 * @return the delta, or null if the history no longer has all of them
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
	 * Returns everything that is watched, as new as the catalog is.
	 * @return the frame with its position
	 */
	Told snapshot() {
		// Not under this lock: the catalog's is held while watchers are told of a change.
		return snapshot(this.catalog.snapshot(this.interest.services()));
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

	/**
	 * Returns the traffic rules as they are now.
	 * @return the rules, or null if this audience does not watch them
	 */
	@Nullable ToldRules rules() {
		CatalogPosition position = this.catalog.position();
		return (this.interest.rules() && position != null) ? new ToldRules(this.catalog.rules(), position.complete())
				: null;
	}

	/**
	 * Returns the traffic rules that a reader has if it resumes.
	 * @param last the last event that it has seen
	 * @return the rules, or null if they have changed since
	 */
	@Nullable ToldRules rulesKnownAt(EventId last) {
		ToldRules now = rules();
		Cursor changed = (now != null) ? now.rules().changed() : null;
		return (changed != null && !last.cursor().isBefore(changed)) ? now : null;
	}

	/**
	 * Encodes the traffic rules.
	 * @param rules the rules
	 * @return the frame
	 */
	synchronized Frame encode(ToldRules rules) {
		Frame known = rules.equals(this.lastRules) ? this.lastRulesFrame.get() : null;
		if (known != null) {
			return known;
		}
		Frame frame = Frame.rules(rules.rules(), rules.complete());
		this.lastRules = rules;
		this.lastRulesFrame = new WeakReference<>(frame);
		return frame;
	}

	private boolean concerns(Change change) {
		SortedSet<String> services = this.interest.services();
		return services.isEmpty() ? !change.isOfRules() : services.contains(change.service());
	}

	private String id(CatalogPosition position, long revision) {
		return new EventId(position.cursor().at(revision), position.complete() ? this.mark : "").toString();
	}

	/**
	 * A frame for the whole audience.
	 *
	 * @param from the revision after which it begins, 0 for a snapshot
	 * @param position the position up to which it goes
	 * @param frame the frame, or null if no change concerns the audience
	 */
	record Told(long from, CatalogPosition position, @Nullable Frame frame) {

	}

	/**
	 * The traffic rules as a watcher was sent them.
	 *
	 * @param rules the rules
	 * @param complete whether no rule could be missing
	 */
	record ToldRules(RuleSet rules, boolean complete) {

	}

}
