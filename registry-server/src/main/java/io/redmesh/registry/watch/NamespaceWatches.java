package io.redmesh.registry.watch;

import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
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

	private static final List<Interest> EVERYTHING = List.of(new Interest(Collections.emptySortedSet(), false),
			new Interest(Collections.emptySortedSet(), true));

	private final NamespaceCatalog catalog;

	private final Time time;

	private final WatchMetrics metrics;

	private final PushWindow window;

	private final Map<Interest, Audience> audiences = new ConcurrentHashMap<>();

	private final Map<String, Set<Audience>> byTopic = new ConcurrentHashMap<>();

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

	synchronized Watcher join(Interest interest, @Nullable EventId last, Wire wire) {
		Audience audience = this.audiences.computeIfAbsent(interest, (key) -> new Audience(this.catalog, key));
		topics(interest).forEach(
				(topic) -> this.byTopic.computeIfAbsent(topic, (key) -> new CopyOnWriteArraySet<>()).add(audience));
		Watcher watcher = new Watcher(audience, wire, this, this.time, this.metrics);
		audience.watchers().add(watcher);
		CatalogPosition position = this.published;
		if (last != null && canResume(audience, last)) {
			watcher.resume(last.cursor().revision(), position.generation());
			watcher.touch(last.cursor().revision(), position.revision());
			watcher.resume(audience.rulesKnownAt(last));
		}
		this.metrics.joined();
		this.catalog.usage().retain(1);
		return watcher;
	}

	/** Returns the services of an interest, and the rules if it is in them. */
	private static Set<String> topics(Interest interest) {
		Set<String> topics = new HashSet<>(interest.services());
		if (interest.rules()) {
			topics.add(Change.RULES);
		}
		return topics;
	}

	/**
	 * Returns whether a watch could resume.
	 * @param interest what it asks for
	 * @param last the last event that the reader has seen, or null
	 * @return whether it needs no snapshot
	 */
	boolean canResume(Interest interest, @Nullable EventId last) {
		return last != null && canResume(new Audience(this.catalog, interest), last);
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
			this.audiences.remove(audience.interest());
			topics(audience.interest()).forEach((topic) -> this.byTopic.computeIfPresent(topic, (key, concerned) -> {
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
		for (Interest everything : EVERYTHING) {
			Audience all = this.audiences.get(everything);
			if (all != null) {
				concerned.add(all);
			}
		}
		services.forEach((service) -> concerned.addAll(this.byTopic.getOrDefault(service, Set.of())));
		return concerned;
	}

}
