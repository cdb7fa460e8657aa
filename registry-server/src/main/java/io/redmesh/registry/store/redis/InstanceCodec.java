package io.redmesh.registry.store.redis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.redmesh.core.instance.Instance;
import io.redmesh.core.instance.Locality;
import io.redmesh.core.instance.Status;
import io.redmesh.core.registry.Cursor;
import io.redmesh.registry.store.Backup;
import io.redmesh.registry.store.Incarnation;
import io.redmesh.registry.store.InstanceOverride;
import io.redmesh.registry.store.OverrideEntry;
import io.redmesh.registry.store.Remembered;
import io.redmesh.registry.store.StoredInstance;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * The form of an instance in Redis. The same instance always has the same text, because a
 * script compares the text to see whether anything has changed.
 */
final class InstanceCodec {

	private static final JsonMapper mapper = JsonMapper.builder()
		.enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
		.build();

	private InstanceCodec() {
	}

	/** An instance without what is stored apart: service and id, status, and fence. */
	private record Body(String host, int port, boolean secure, int weight, Locality locality,
			Map<String, String> labels, Map<String, String> metadata) {

		Instance toInstance(String key, Status status, long fence, boolean suspect) {
			return new Instance(serviceOf(key), idOf(key), this.host, this.port, this.secure, this.weight,
					this.locality, this.labels, this.metadata, status, fence, suspect);
		}

	}

	/** A value of the hash of instances, as {@code lease.lua} writes it. */
	private record Value(long fence, long ttl, String at, long suspect, String token, Status status, Body instance) {

	}

	static String keyOf(String service, String id) {
		return service + "|" + id;
	}

	static String serviceOf(String key) {
		return key.substring(0, key.indexOf('|'));
	}

	static String idOf(String key) {
		return key.substring(key.indexOf('|') + 1);
	}

	static String write(Instance instance) {
		return mapper.writeValueAsString(new Body(instance.host(), instance.port(), instance.secure(),
				instance.weight(), instance.locality(), instance.labels(), instance.metadata()));
	}

	static String write(InstanceOverride override) {
		return mapper.writeValueAsString(override);
	}

	/**
	 * Encodes what is to be restored, as {@code restore.lua} reads it.
	 * @param epoch the epoch in which it is restored
	 * @param remembered what was there before
	 * @return the script's arguments
	 */
	static String[] write(long epoch, List<Remembered> remembered) {
		List<String> arguments = new ArrayList<>(1 + 10 * remembered.size());
		arguments.add(Long.toString(epoch));
		for (Remembered one : remembered) {
			if (one instanceof Remembered.Left left) {
				Incarnation gone = left.incarnation();
				addPlace(arguments, "left", keyOf(gone.service(), gone.id()), gone.fence(), left.changed());
			}
			else if (one instanceof Remembered.Held held) {
				StoredInstance instance = held.instance();
				Instance own = instance.own();
				InstanceOverride override = instance.override();
				addPlace(arguments, "held", keyOf(own.service(), own.id()), own.fence(), instance.changed());
				arguments.add(Long.toString(instance.ttl().toMillis()));
				arguments.add(instance.token());
				arguments.add(own.status().name());
				arguments.add(write(own));
				arguments.add((override != null) ? write(override) : "");
			}
		}
		return arguments.toArray(String[]::new);
	}

	/**
	 * Encodes a part of a backup, as {@code load.lua} reads it.
	 * @param backups the part
	 * @return the script's arguments
	 */
	static String[] write(List<Backup> backups) {
		List<String> arguments = new ArrayList<>(6 * backups.size());
		for (Backup backup : backups) {
			Instance instance = backup.instance();
			InstanceOverride override = backup.override();
			arguments.add(keyOf(backup.service(), backup.id()));
			arguments.add((instance != null) ? Long.toString(instance.fence()) : "");
			arguments.add(Long.toString(backup.ttl().toMillis()));
			arguments.add((instance != null) ? instance.status().name() : "");
			arguments.add((instance != null) ? write(instance) : "");
			arguments.add((override != null) ? write(override) : "");
		}
		return arguments.toArray(String[]::new);
	}

	private static void addPlace(List<String> arguments, String what, String key, long fence, Cursor changed) {
		arguments.add(what);
		arguments.add(key);
		arguments.add(Long.toString(fence));
		arguments.add(Long.toString(changed.epoch()));
		arguments.add(Long.toString(changed.revision()));
	}

	/**
	 * Decodes a value of the hash of instances.
	 * @param key its field
	 * @param value its value
	 * @param override the override in force, or null or empty
	 * @param head a cursor of the same lineage
	 * @return the instance
	 */
	static StoredInstance read(String key, String value, @Nullable String override, Cursor head) {
		Value read = mapper.readValue(value, Value.class);
		return new StoredInstance(read.instance().toInstance(key, read.status(), read.fence(), read.suspect() != 0),
				overrideOf(override), Duration.ofMillis(read.ttl()), read.token(), placeOf(read.at(), head));
	}

	private static Cursor placeOf(String epochAndRevision, Cursor head) {
		int dash = epochAndRevision.indexOf('-');
		return new Cursor(head.lineage(), Long.parseLong(epochAndRevision.substring(0, dash)),
				Long.parseLong(epochAndRevision.substring(dash + 1)));
	}

	/**
	 * Decodes the hash of overrides.
	 * @param overrides its fields and values
	 * @return the overrides
	 */
	static List<OverrideEntry> overridden(Map<String, String> overrides) {
		List<OverrideEntry> all = new ArrayList<>(overrides.size());
		overrides.forEach((key, text) -> {
			InstanceOverride override = overrideOf(text);
			if (override != null) {
				all.add(new OverrideEntry(serviceOf(key), idOf(key), override));
			}
		});
		return all;
	}

	private static @Nullable InstanceOverride overrideOf(@Nullable String text) {
		return (text == null || text.isEmpty()) ? null : mapper.readValue(text, InstanceOverride.class);
	}

}
