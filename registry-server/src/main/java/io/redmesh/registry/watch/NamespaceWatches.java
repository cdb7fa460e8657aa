package io.redmesh.registry.watch;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.stream.Stream;

import io.redmesh.core.time.Time;
import io.redmesh.core.time.Timer;
import io.redmesh.registry.catalog.CatalogPosition;
import io.redmesh.registry.catalog.Change;
import io.redmesh.registry.catalog.NamespaceCatalog;
import io.redmesh.registry.watch.PushWindow.Pushed;
import org.jspecify.annotations.Nullable;

/**
 * All watches of one namespace. A push publishes the position of the namespace and wakes
 * the watchers that its changes concern.
 */
final class NamespaceWatches implements Watches.Published {

	private final NamespaceCatalog catalog;

	private final Time time;

	private final WatchMetrics metrics;

	private final PushWindow window;

	private final Map<SortedSet<String>, Audience> audiences = new ConcurrentHashMap<>();

	private final Map<String, Set<Audience>> byService = new ConcurrentHashMap<>();

	private volatile CatalogPosition published;

	NamespaceWatches(NamespaceCatalog catalog, WatchProperties properties, Timer timer, Time time,
			WatchMetrics metrics) {
		this.catalog = catalog;
		this.time = time;
		this.metrics = metrics;
		this.window = new PushWindow(timer, properties.minWindow(), properties.maxWindow(), this::push);
		this.published = Objects.requireNonNull(catalog.position(), "a watch needs a first read");
		catalog.onChange(this.window::signal);
		this.window.signal();
	}

	@Override
	public CatalogPosition get() {
		return this.published;
	}

	/** Returns false if the namespace was dropped since, and is followed anew. */
	boolean isOf(NamespaceCatalog namespace) {
		return this.catalog.equals(namespace);
	}

	synchronized Watcher join(SortedSet<String> services, @Nullable EventId last, Wire wire) {
		SortedSet<String> set = new TreeSet<>(services);
		Audience audience = this.audiences.computeIfAbsent(set, (key) -> new Audience(this.catalog, key));
		set.forEach((service) -> this.byService.computeIfAbsent(service, (key) -> new CopyOnWriteArraySet<>())
			.add(audience));
		Watcher watcher = new Watcher(audience, wire, this, this.time, this.metrics);
		audience.watchers().add(watcher);
		CatalogPosition position = this.published;
		if (last != null && canResume(audience, last)) {
			watcher.resume(last.cursor().revision(), position.generation());
			watcher.touch(last.cursor().revision(), position.revision());
		}
		this.metrics.joined();
		this.catalog.usage().retain(1);
		return watcher;
	}

	/**
	 * Returns whether a watch could resume.
	 * @param services the watched services, empty for all
	 * @param last the last event that the reader has seen, or null
	 * @return whether it needs no snapshot
	 */
	boolean canResume(SortedSet<String> services, @Nullable EventId last) {
		return last != null && canResume(new Audience(this.catalog, services), last);
	}

	/**
	 * Returns whether a watch can resume. A revision above the head comes from a
	 * different history.
	 */
	private boolean canResume(Audience audience, EventId last) {
		return audience.canResume(last, this.published)
				&& last.cursor().revision() <= Objects.requireNonNull(this.catalog.position()).revision();
	}

	synchronized void leave(Watcher watcher) {
		Audience audience = watcher.audience();
		if (!audience.watchers().remove(watcher)) {
			return;
		}
		this.metrics.left();
		this.catalog.usage().retain(-1);
		if (audience.watchers().isEmpty()) {
			this.audiences.remove(audience.services());
			audience.services().forEach((service) -> this.byService.computeIfPresent(service, (key, concerned) -> {
				concerned.remove(audience);
				return concerned.isEmpty() ? null : concerned;
			}));
		}
	}

	Stream<Watcher> watchers() {
		return this.audiences.values().stream().flatMap((audience) -> audience.watchers().stream());
	}

	Stream<Watcher> watchers(String service) {
		return concernedBy(Set.of(service)).stream().flatMap((audience) -> audience.watchers().stream());
	}

	private synchronized Pushed push() {
		CatalogPosition before = this.published;
		CatalogPosition now = Objects.requireNonNull(this.catalog.position(), "a position never vanishes");
		if (now.equals(before)) {
			return new Pushed(0, 0);
		}
		if (now.generation() != before.generation()) {
			List<Watcher> all = watchers().toList();
			all.forEach(Watcher::reset);
			this.published = now;
			all.forEach(Watcher::wakeUp);
			return new Pushed(1, all.size());
		}
		List<Change> changes = now.history().between(before.revision(), now.revision());
		List<Watcher> concerned = ((changes != null) ? concerned(changes) : watchers()).toList();
		concerned.forEach((watcher) -> watcher.touch(before.revision(), now.revision()));
		this.published = now;
		concerned.forEach(Watcher::wakeUp);
		return new Pushed((int) Math.min(Integer.MAX_VALUE, now.revision() - before.revision()), concerned.size());
	}

	private Stream<Watcher> concerned(List<Change> changes) {
		Set<String> services = new HashSet<>();
		changes.forEach((change) -> services.add(change.service()));
		return concernedBy(services).stream().flatMap((audience) -> audience.watchers().stream());
	}

	private Set<Audience> concernedBy(Set<String> services) {
		Set<Audience> concerned = new HashSet<>();
		Audience everything = this.audiences.get(new TreeSet<String>());
		if (everything != null) {
			concerned.add(everything);
		}
		services.forEach((service) -> concerned.addAll(this.byService.getOrDefault(service, Set.of())));
		return concerned;
	}

}
