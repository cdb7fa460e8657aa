package io.redmesh.demo.launcher;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

import io.redmesh.demo.launcher.ServerSentEvents.Event;
import org.jspecify.annotations.Nullable;

/**
 * The instances that the registry lists, by its watch: the ids of each service. Unlike a
 * client of the mesh, it applies incomplete snapshots, too. For it shows what the
 * registry holds, not which instances to call.
 * <p>
 * Used by one thread.
 */
final class Membership {

	private final Map<String, Set<String>> services = new TreeMap<>();

	private final Consumer<Gone> departures;

	private boolean complete;

	Membership(Consumer<Gone> departures) {
		this.departures = departures;
	}

	void apply(Event event) {
		if (event.name().equals("snapshot")) {
			this.services.clear();
			Map<String, @Nullable Object> snapshot = Json.object(event.data());
			this.complete = Boolean.TRUE.equals(snapshot.get("complete"));
			Json.map(snapshot.get("services")).forEach((service, instances) -> {
				for (Object instance : Json.list(instances)) {
					add(service, Json.text(Json.map(instance).get("id")));
				}
			});
		}
		else if (event.name().equals("delta")) {
			for (Object change : Json.list(Json.object(event.data()).get("changes"))) {
				apply(Json.map(change));
			}
		}
	}

	private void apply(Map<String, @Nullable Object> change) {
		String service = Json.text(change.get("service"));
		String id = Json.text(change.get("id"));
		Object reason = change.get("gone");
		if (reason == null) {
			add(service, id);
			return;
		}
		this.services.getOrDefault(service, new TreeSet<>()).remove(id);
		this.departures.accept(new Gone(service, id, Json.text(reason)));
	}

	private void add(String service, String id) {
		this.services.computeIfAbsent(service, (name) -> new TreeSet<>()).add(id);
	}

	/** Tells whether the registry called its last snapshot complete. */
	boolean complete() {
		return this.complete;
	}

	/** Returns a copy of the ids of each service's instances. */
	Map<String, Set<String>> ids() {
		Map<String, Set<String>> copy = new TreeMap<>();
		this.services.forEach((service, ids) -> copy.put(service, Set.copyOf(ids)));
		return copy;
	}

	/** Returns the number of instances of each service that has any. */
	Map<String, Integer> sizes() {
		Map<String, Integer> sizes = new LinkedHashMap<>();
		this.services.forEach((service, ids) -> {
			if (!ids.isEmpty()) {
				sizes.put(service, ids.size());
			}
		});
		return sizes;
	}

	/**
	 * An instance that the registry has removed.
	 *
	 * @param service the service's name
	 * @param id the instance's id
	 * @param reason {@code DEREGISTERED}, {@code EXPIRED} or {@code REFUSED}
	 */
	record Gone(String service, String id, String reason) {
	}

}
