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
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * One namespace in memory. The feed writes; readers never wait for it, and find at least
 * what {@link #position()} said before they looked.
 */
public final class NamespaceCatalog {

	private static final Logger logger = LoggerFactory.getLogger(NamespaceCatalog.class);

	private final String name;

	private final HistoryLimits limits;

	private final ServiceTable services = new ServiceTable();

	private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

	private final List<Consumer<Change>> suspicions = new CopyOnWriteArrayList<>();

	private final Waiters waiters;

	private volatile @Nullable CatalogPosition position;

	private final CompletenessTracker completeness;

	private final RestoreMemory recollection = new RestoreMemory();

	private final LossListener losses;

	private final Usage usage = new Usage();

	private final FeedWatchdog watchdog = new FeedWatchdog();

	private volatile SortedSet<Guard> guards = Collections.emptySortedSet();

	NamespaceCatalog(String name, HistoryLimits limits, Timer timer, LossListener losses) {
		this.name = name;
		this.limits = limits;
		this.completeness = new CompletenessTracker(timer);
		this.losses = losses;
		this.waiters = new Waiters(timer, this::position);
	}

	/**
	 * Returns the namespace.
	 * @return its name
	 */
	public String name() {
		return this.name;
	}

	/**
	 * Tells where it stands. Read this before the services: they are never older.
	 * @return the position, or null while nothing has been read
	 */
	public @Nullable CatalogPosition position() {
		return this.position;
	}

	/** Something may be missing: the feed was silent although the store goes on. */
	synchronized void doubt() {
		CatalogPosition now = this.position;
		if (now != null && now.complete()) {
			publish(new CatalogPosition(now.cursor(), now.generation() + 1, false, now.history()));
		}
	}

	/** Tells whether nothing has ever happened here, as far as has been read. */
	boolean isUntouched() {
		CatalogPosition now = this.position;
		return now != null && now.revision() == 0 && this.services.isEmpty();
	}

	/** Tells whether there is nothing, and nothing may come back. */
	boolean isEmpty() {
		CatalogPosition now = this.position;
		return now != null && now.complete() && this.services.isEmpty();
	}

	/**
	 * Returns a service.
	 * @param service its name
	 * @return its instances, or null when it has none
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
	 * Returns what keeps instances from being evicted.
	 * @return the guards that hold, as of the last sweep
	 */
	public SortedSet<Guard> guards() {
		return this.guards;
	}

	/**
	 * Takes note that the store was swept.
	 * @param now the guards that hold
	 */
	public void swept(SortedSet<Guard> now) {
		this.guards = now;
		this.completeness.swept(now.contains(Guard.GRACE));
	}

	/**
	 * Compares this copy with the store.
	 * @param digest what the store adds up to
	 * @return false when this copy is wrong; true also when it stands elsewhere
	 */
	public synchronized boolean agreesWith(Digest digest) {
		CatalogPosition now = this.position;
		return now == null || !now.complete() || !now.cursor().equals(digest.cursor())
				|| this.services.addsUpTo(digest);
	}

	/** Returns the check that its feed keeps up with the store. */
	FeedWatchdog watchdog() {
		return this.watchdog;
	}

	/**
	 * Returns all services that have instances.
	 * @return ordered by name
	 */
	public Collection<ServiceView> services() {
		return this.services.views();
	}

	/**
	 * Returns services together with where exactly they stand. While a change is taken in
	 * its service is newer than the position already, so this waits for it.
	 * @param names the services, empty for all
	 * @return the moment; a service without instances is there, too, if it was named
	 */
	public synchronized CatalogSnapshot moment(Collection<String> names) {
		CatalogPosition now = Objects.requireNonNull(this.position, "asked for only when read");
		return new CatalogSnapshot(now, names.isEmpty() ? services() : this.services.views(names));
	}

	/**
	 * Counts the instances.
	 * @return of all services
	 */
	public int size() {
		return this.services.size();
	}

	/** Counts those that are doubted. */
	int suspects() {
		return this.services.suspects();
	}

	/** Returns whether anybody uses it. */
	public Usage usage() {
		return this.usage;
	}

	/**
	 * Wants to be told when the position has changed.
	 * @param listener called on the feed's thread, must be quick
	 */
	public void onChange(Runnable listener) {
		this.listeners.add(listener);
	}

	/**
	 * Wants to be told when an instance is doubted.
	 * @param listener called on the feed's thread, must be quick
	 */
	public void onSuspect(Consumer<Change> listener) {
		this.suspicions.add(listener);
	}

	/**
	 * Waits until a change has been seen.
	 * @param cursor the change, or null for anything at all
	 * @param limit how long
	 * @return empty, afterwards or when the limit is reached
	 */
	public Mono<Void> whenSeen(@Nullable Cursor cursor, Duration limit) {
		return this.waiters.await(cursor, limit);
	}

	/** An instance whose lease is not there will register. */
	public void misses() {
		this.completeness.comes();
	}

	/** Takes in what the store tells. */
	synchronized void apply(FeedEvent event) {
		if (event instanceof FeedEvent.Reset reset) {
			reset(reset);
		}
		else if (event instanceof FeedEvent.Changed changed) {
			change(changed, Objects.requireNonNull(this.position, "a feed begins with a reset"));
		}
	}

	private void change(FeedEvent.Changed event, CatalogPosition before) {
		long revision = event.cursor().revision();
		StoredInstance stored = event.instance();
		if (stored != null) {
			CatalogInstance instance = CatalogInstance.of(stored, before.generation());
			Change put = Change.put(revision, instance);
			CatalogInstance known = this.services.put(instance, revision);
			if (known == null || known.generation() != before.generation()) {
				this.completeness.comes();
			}
			before.history().add(put);
			if (stored.own().suspect()) {
				this.suspicions.forEach((listener) -> listener.accept(put));
			}
		}
		else {
			CatalogInstance gone = this.services.remove(event.service(), event.id(), revision);
			if (gone != null && event.gone() == Departure.DEREGISTERED) {
				this.recollection.left(gone.stored(), event.cursor());
			}
			before.history().add(Change.gone(revision, event.service(), event.id(), event.gone()));
		}
		publish(new CatalogPosition(event.cursor(), before.generation(), before.complete(), before.history()));
	}

	private void reset(FeedEvent.Reset event) {
		CatalogPosition before = this.position;
		boolean complete = event.incompleteFor().isZero();
		if (before != null && before.complete() && complete && before.cursor().equals(event.cursor())
				&& this.services.addsUpTo(event.instances())) {
			return;
		}
		if (before != null && event.mayHaveLost(before.cursor())) {
			this.losses.noticed(this.name, event.cursor(), this.recollection.missingFrom(event, services()));
		}
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
		logger.info("Namespace {} read: {} instances at {}{}", this.name, event.instances().size(), event.cursor(),
				complete ? "" : ", for " + event.incompleteFor() + " something may be missing");
		publish(new CatalogPosition(event.cursor(), generation, complete,
				new History(revision, this.limits.changes(), this.limits.bytes())));
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
