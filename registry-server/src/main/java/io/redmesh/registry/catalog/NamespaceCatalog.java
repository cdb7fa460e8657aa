package io.redmesh.registry.catalog;

import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.SortedSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

import io.redmesh.core.registry.Cursor;
import io.redmesh.core.time.Timer;
import io.redmesh.registry.store.Digest;
import io.redmesh.registry.store.FeedEvent;
import io.redmesh.registry.store.FeedEvent.Departure;
import io.redmesh.registry.store.Guard;
import io.redmesh.registry.store.StoredInstance;
import io.redmesh.registry.store.StoredRules;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * The copy of one namespace in memory. Only the feed writes it. Readers never wait for
 * the feed, and find at least the changes up to {@link #position()} if they have read
 * that before.
 */
public final class NamespaceCatalog {

	private static final Logger logger = LoggerFactory.getLogger(NamespaceCatalog.class);

	private final String name;

	private final HistoryLimits limits;

	private final ServiceTable services = new ServiceTable();

	private final RuleTable rules;

	private final RuleArchive archive;

	private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

	private final List<Consumer<Change>> suspectListeners = new CopyOnWriteArrayList<>();

	private final Waiters waiters;

	private volatile @Nullable CatalogPosition position;

	private final CompletenessTracker completeness;

	private final RestoreMemory restoreMemory = new RestoreMemory();

	private final LossListener lossListener;

	private final Usage usage = new Usage();

	private final FeedWatchdog watchdog = new FeedWatchdog();

	private volatile SortedSet<Guard> guards = Collections.emptySortedSet();

	NamespaceCatalog(String name, HistoryLimits limits, Timer timer, LossListener lossListener, RuleArchive archive) {
		this.name = name;
		this.archive = archive;
		this.rules = new RuleTable(archive.recall(name));
		this.limits = limits;
		this.completeness = new CompletenessTracker(timer);
		this.lossListener = lossListener;
		this.waiters = new Waiters(timer, this::position);
	}

	/** Returns the namespace's name. */
	public String name() {
		return this.name;
	}

	/**
	 * Returns the position of this copy. Read it before the services: these are then
	 * never older.
	 * @return the position, or null while nothing has been read
	 */
	public @Nullable CatalogPosition position() {
		return this.position;
	}

	/** Marks the copy incomplete: the feed was silent although the store had changes. */
	synchronized void markIncomplete() {
		CatalogPosition now = this.position;
		if (now != null && now.complete()) {
			publish(new CatalogPosition(now.cursor(), now.generation() + 1, false, now.history()));
		}
	}

	/** Returns whether nothing was ever registered here, as far as has been read. */
	boolean isUntouched() {
		CatalogPosition now = this.position;
		return now != null && now.revision() == 0 && !holdsSomething();
	}

	/** Returns whether there is an instance or a traffic rule. */
	boolean holdsSomething() {
		return !this.services.isEmpty() || !this.rules.current().stored().isEmpty();
	}

	/** Returns whether there is no instance and no rule, and none can be missing. */
	boolean isEmpty() {
		CatalogPosition now = this.position;
		return now != null && now.complete() && this.services.isEmpty()
				&& this.rules.current().stored().rules().isEmpty() && !this.rules.isRestoring();
	}

	/**
	 * Returns a service.
	 * @param service its name
	 * @return its instances, or null if it has none
	 */
	public @Nullable ServiceView service(String service) {
		return this.services.view(service);
	}

	/**
	 * Returns one instance.
	 * @param service its service
	 * @param id its id
	 * @return the instance, or null
	 */
	public @Nullable CatalogInstance instance(String service, String id) {
		return this.services.instance(service, id);
	}

	/**
	 * Returns the guards that keep instances from being evicted.
	 * @return the guards as of the last sweep
	 */
	public SortedSet<Guard> guards() {
		return this.guards;
	}

	/**
	 * Notes that the store was swept.
	 * @param now the guards that hold
	 */
	public void swept(SortedSet<Guard> now) {
		this.guards = now;
		this.completeness.swept(now.contains(Guard.GRACE));
	}

	/**
	 * Compares this copy with the store.
	 * @param digest the digest of the store
	 * @return false if this copy is wrong; true also if it cannot be compared, because it
	 * is incomplete or at another cursor
	 */
	public synchronized boolean agreesWith(Digest digest) {
		CatalogPosition now = this.position;
		return now == null || !now.complete() || this.rules.isRestoring() || !now.cursor().equals(digest.cursor())
				|| this.services.matches(this.rules.instancesOf(digest));
	}

	FeedWatchdog watchdog() {
		return this.watchdog;
	}

	/**
	 * Returns all services that have instances.
	 * @return the services, ordered by name
	 */
	public Collection<ServiceView> services() {
		return this.services.views();
	}

	/**
	 * Returns services with their exact position. While a change is applied its service
	 * is newer than the position, so this method waits for the change.
	 * @param names the services, empty for all
	 * @return the snapshot, in which a named service is present even without instances
	 */
	public synchronized CatalogSnapshot snapshot(Collection<String> names) {
		CatalogPosition now = Objects.requireNonNull(this.position, "a snapshot needs a first read");
		return new CatalogSnapshot(now, names.isEmpty() ? services() : this.services.views(names));
	}

	/**
	 * Returns the traffic rules. Read the position before them: they are then never
	 * older.
	 * @return the rules as of their last change
	 */
	public RuleSet rules() {
		return this.rules.current();
	}

	/** Notes that the store has rules again that it had lost. */
	synchronized void rulesRestored(StoredRules restored) {
		this.rules.restored(restored);
		keepRules();
	}

	/** Returns the number of instances of all services. */
	public int size() {
		return this.services.size();
	}

	int suspects() {
		return this.services.suspects();
	}

	/** Returns the use of this namespace by clients. */
	public Usage usage() {
		return this.usage;
	}

	/**
	 * Adds a listener for changes of the position.
	 * @param listener called on the feed's thread, must be quick
	 */
	public void onChange(Runnable listener) {
		this.listeners.add(listener);
	}

	/**
	 * Adds a listener for instances that are suspect.
	 * @param listener called on the feed's thread, must be quick
	 */
	public void onSuspect(Consumer<Change> listener) {
		this.suspectListeners.add(listener);
	}

	/**
	 * Waits until a change has been read.
	 * @param cursor the change, or null for a first read
	 * @param limit the longest time to wait
	 * @return empty, afterwards or when the limit is reached
	 */
	public Mono<Void> whenSeen(@Nullable Cursor cursor, Duration limit) {
		return this.waiters.await(cursor, limit);
	}

	/** Notes that an instance was told that its lease is unknown, so it will register. */
	public void noteUnknownLease() {
		this.completeness.noteArrival();
	}

	/** Applies an event of the store. */
	synchronized void apply(FeedEvent event) {
		if (event instanceof FeedEvent.Reset reset) {
			reset(reset);
		}
		else if (event instanceof FeedEvent.Changed changed) {
			change(changed, Objects.requireNonNull(this.position, "a feed begins with a reset"));
		}
		else if (event instanceof FeedEvent.RuleChanged changed) {
			change(changed, Objects.requireNonNull(this.position, "a feed begins with a reset"));
		}
	}

	private void change(FeedEvent.RuleChanged event, CatalogPosition before) {
		this.rules.change(event);
		keepRules();
		before.history().add(Change.rule(event.cursor().revision(), event.key()));
		publish(new CatalogPosition(event.cursor(), before.generation(), before.complete(), before.history()));
	}

	private void change(FeedEvent.Changed event, CatalogPosition before) {
		long revision = event.cursor().revision();
		StoredInstance stored = event.instance();
		if (stored != null) {
			CatalogInstance instance = CatalogInstance.of(stored, before.generation());
			Change put = Change.put(revision, instance);
			CatalogInstance known = this.services.put(instance, revision);
			if (known == null || known.generation() != before.generation()) {
				this.completeness.noteArrival();
			}
			before.history().add(put);
			if (stored.own().suspect()) {
				this.suspectListeners.forEach((listener) -> listener.accept(put));
			}
		}
		else {
			CatalogInstance gone = this.services.remove(event.service(), event.id(), revision);
			if (gone != null && event.gone() == Departure.DEREGISTERED) {
				this.restoreMemory.noteDeparture(gone.stored(), event.cursor());
			}
			before.history().add(Change.gone(revision, event.service(), event.id(), event.gone()));
		}
		publish(new CatalogPosition(event.cursor(), before.generation(), before.complete(), before.history()));
	}

	private void reset(FeedEvent.Reset event) {
		CatalogPosition before = this.position;
		boolean complete = event.incompleteFor().isZero();
		if (before != null && before.complete() && complete && before.cursor().equals(event.cursor())
				&& this.services.matches(event.instances()) && this.rules.matches(event.rules())) {
			return;
		}
		if (before != null && event.mayHaveLost(before.cursor())) {
			this.lossListener.lost(this.name, event.cursor(), this.restoreMemory.missingFrom(event, services()));
		}
		resetRules(event);
		long generation = (before != null) ? before.generation() + 1 : 1;
		long revision = event.cursor().revision();
		event.instances().forEach((stored) -> this.services.put(CatalogInstance.of(stored, generation), revision));
		if (complete) {
			this.completeness.cancel();
			this.services.dropOlderThan(generation, revision);
		}
		else {
			this.completeness.await(event.incompleteFor(), () -> complete(generation));
		}
		logger.info("Namespace {} read: {} instances, {} traffic rules at {}{}", this.name, event.instances().size(),
				event.rules().rules().size(), event.cursor(),
				complete ? "" : ", instances may be missing for " + event.incompleteFor());
		publish(new CatalogPosition(event.cursor(), generation, complete,
				new History(revision, this.limits.changes(), this.limits.bytes())));
	}

	private void resetRules(FeedEvent.Reset event) {
		StoredRules lost = this.rules.reset(event);
		if (!lost.isEmpty()) {
			this.lossListener.lostRules(this, lost);
		}
		keepRules();
	}

	/**
	 * Keeps the rules beyond this process. Not while some are still to be restored: a
	 * server that starts takes its copy for that of the epoch in it.
	 */
	private void keepRules() {
		if (!this.rules.isRestoring()) {
			this.archive.keep(this.name, this.rules.current());
		}
	}

	private synchronized void complete(long generation) {
		CatalogPosition before = this.position;
		if (before == null || before.generation() != generation) {
			return;
		}
		int had = size();
		this.services.dropOlderThan(generation, before.revision());
		logger.info("Namespace {} is complete: {} instances, {} did not come back", this.name, size(), had - size());
		publish(new CatalogPosition(before.cursor(), generation + 1, true, before.history()));
	}

	private void publish(CatalogPosition now) {
		this.position = now;
		this.listeners.forEach(Runnable::run);
		this.waiters.published(now);
	}

}
