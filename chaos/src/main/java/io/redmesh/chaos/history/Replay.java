package io.redmesh.chaos.history;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import io.redmesh.chaos.history.Observation.Change;
import io.redmesh.chaos.history.Observation.Delta;
import io.redmesh.chaos.history.Observation.Snapshot;
import io.redmesh.core.registry.Cursor;
import org.jspecify.annotations.Nullable;

/**
 * The knowledge of a client that receives the events of a watcher. It implements the
 * rules of the catalog of mesh-core a second time.
 */
final class Replay {

	private final Map<String, InstanceView> instances = new TreeMap<>();

	private @Nullable Cursor cursor;

	private boolean complete;

	/** Replays a history, and calls a visitor after each event that was accepted. */
	static Replay of(WatcherHistory watcher, Visitor visitor) {
		Replay replay = new Replay();
		for (Observation observation : watcher.observations()) {
			if (observation.accepted() && !(observation.news() instanceof Observation.Ping)) {
				Step step = replay.apply(observation);
				visitor.after(step, replay);
			}
		}
		return replay;
	}

	private Step apply(Observation observation) {
		Map<String, InstanceView> before = Map.copyOf(this.instances);
		Cursor from = this.cursor;
		if (observation.news() instanceof Snapshot snapshot) {
			if (snapshot.complete()) {
				this.instances.clear();
			}
			this.complete = snapshot.complete();
			snapshot.instances().forEach((instance) -> this.instances.put(instance.name(), instance));
		}
		else if (observation.news() instanceof Delta delta) {
			for (Change change : delta.changes()) {
				if (change.instance() != null) {
					this.instances.put(change.name(), change.instance());
				}
				else {
					this.instances.remove(change.name());
				}
			}
		}
		this.cursor = observation.cursor();
		return new Step(observation, from, before);
	}

	/** Tells whether the last snapshot was complete. */
	boolean isComplete() {
		return this.complete;
	}

	@Nullable InstanceView find(String name) {
		return this.instances.get(name);
	}

	Collection<InstanceView> instances() {
		return List.copyOf(this.instances.values());
	}

	boolean isEmpty(String service) {
		return this.instances.values().stream().noneMatch((instance) -> instance.service().equals(service));
	}

	/** A visitor of the accepted events. */
	interface Visitor {

		void after(Step step, Replay replay);

	}

	/**
	 * An event that was accepted.
	 *
	 * @param observation the event
	 * @param from the cursor of the watcher before it, or null
	 * @param before the instances that the watcher knew before it, by name
	 */
	record Step(Observation observation, @Nullable Cursor from, Map<String, InstanceView> before) {

		Cursor to() {
			return this.observation.cursor();
		}

		/** Tells whether it continues the epoch of the previous event. */
		boolean continues() {
			return this.from != null && this.from.sameEpoch(to());
		}

		/** Returns the instances that it removed, as they were known before. */
		List<InstanceView> gone(Replay after) {
			return this.before.values().stream().filter((known) -> after.find(known.name()) == null).toList();
		}

		/** Returns the services of which it removed an instance. */
		Set<String> servicesThatLost(Replay after) {
			Set<String> services = new HashSet<>();
			gone(after).forEach((instance) -> services.add(instance.service()));
			return services;
		}

	}

}
