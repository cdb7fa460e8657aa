package io.redmesh.chaos.history;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The history of all events that one watcher received. Safe for use by many threads while
 * it is written; read it when the run is over.
 */
public final class WatcherHistory {

	private final String name;

	private final Set<String> services;

	private final List<Observation> observations = new ArrayList<>();

	/**
	 * Creates an empty history.
	 * @param name the name of the watcher
	 * @param services the services that it watches, empty for all
	 */
	public WatcherHistory(String name, Set<String> services) {
		this.name = name;
		this.services = Set.copyOf(services);
	}

	public String name() {
		return this.name;
	}

	/** Returns the services that it watches, empty for all. */
	public Set<String> services() {
		return this.services;
	}

	boolean watches(String service) {
		return this.services.isEmpty() || this.services.contains(service);
	}

	public synchronized WatcherHistory add(Observation observation) {
		this.observations.add(observation);
		return this;
	}

	/** Returns the instances that a client with these events knows now, by name. */
	public Map<String, InstanceView> known() {
		Map<String, InstanceView> known = new TreeMap<>();
		Replay.of(this, (step, replay) -> {
		}).instances().forEach((instance) -> known.put(instance.name(), instance));
		return known;
	}

	public synchronized List<Observation> observations() {
		return List.copyOf(this.observations);
	}

}
