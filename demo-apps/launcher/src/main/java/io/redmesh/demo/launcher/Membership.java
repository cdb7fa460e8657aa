package io.redmesh.demo.launcher;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

import io.redmesh.demo.launcher.ServerSentEvents.Event;
import org.jspecify.annotations.Nullable;

/**
 * What the registry holds, by its watch: the ids of each service. Unlike a client of the
 * mesh it takes an incomplete snapshot at its word, since it asks what the registry holds
 * and not whom to call.
 * <p>
 * Used by one thread.
 */
final class Membership {

	private final Map<String, Set<String>> services = new TreeMap<>();

	private final Consumer<Gone> departures;

	Membership(Consumer<Gone> departures) {
		this.departures = departures;
	}

	void apply(Event event) {
		if (event.name().equals("snapshot")) {
			this.services.clear();
			map(Json.object(event.data()).get("services")).forEach((service, instances) -> {
				for (Object instance : list(instances)) {
					add(service, text(map(instance).get("id")));
				}
			});
		}
		else if (event.name().equals("delta")) {
			for (Object change : list(Json.object(event.data()).get("changes"))) {
				apply(map(change));
			}
		}
	}

	private void apply(Map<String, @Nullable Object> change) {
		String service = text(change.get("service"));
		String id = text(change.get("id"));
		Object reason = change.get("gone");
		if (reason == null) {
			add(service, id);
			return;
		}
		this.services.getOrDefault(service, new TreeSet<>()).remove(id);
		this.departures.accept(new Gone(service, id, text(reason)));
	}

	private void add(String service, String id) {
		this.services.computeIfAbsent(service, (name) -> new TreeSet<>()).add(id);
	}

	/** Returns how many instances each service has. */
	Map<String, Integer> sizes() {
		Map<String, Integer> sizes = new LinkedHashMap<>();
		this.services.forEach((service, ids) -> {
			if (!ids.isEmpty()) {
				sizes.put(service, ids.size());
			}
		});
		return sizes;
	}

	@SuppressWarnings("unchecked") // Json has no other map.
	private static Map<String, @Nullable Object> map(@Nullable Object value) {
		return (value instanceof Map<?, ?> map) ? (Map<String, @Nullable Object>) map : Map.of();
	}

	private static List<?> list(@Nullable Object value) {
		return (value instanceof List<?> list) ? list : List.of();
	}

	private static String text(@Nullable Object value) {
		return String.valueOf(value);
	}

	/**
	 * An instance that is no more.
	 *
	 * @param service the service's name
	 * @param id the instance's
	 * @param reason {@code DEREGISTERED} or {@code EXPIRED}
	 */
	record Gone(String service, String id, String reason) {
	}

}
