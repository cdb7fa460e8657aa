package io.redmesh.registry.store.redis;

import java.util.Map;

import io.redmesh.core.instance.Instance;
import io.redmesh.core.instance.Locality;
import io.redmesh.core.instance.Status;
import io.redmesh.registry.store.InstanceOverride;
import io.redmesh.registry.store.StoredInstance;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * What an instance looks like in Redis. The same instance always becomes the same text,
 * because a script tells by the text whether anything has changed.
 */
final class InstanceCodec {

	private static final JsonMapper mapper = JsonMapper.builder()
		.enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
		.build();

	private InstanceCodec() {
	}

	/** What stands apart from the text: service and id, status, and fence. */
	private record Body(String host, int port, boolean secure, int weight, Locality locality,
			Map<String, String> labels, Map<String, String> metadata) {

		Instance toInstance(String key, Status status, long fence) {
			return new Instance(serviceOf(key), idOf(key), this.host, this.port, this.secure, this.weight,
					this.locality, this.labels, this.metadata, status, fence);
		}

	}

	/** As {@code lease.lua} writes it. */
	private record Value(long fence, Status status, Body instance) {

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
	 * Reads a value of the hash of instances.
	 * @param key its field
	 * @param value its value
	 * @param override the override in force, or null or empty
	 * @return the instance
	 */
	static StoredInstance read(String key, String value, @Nullable String override) {
		Value read = mapper.readValue(value, Value.class);
		return new StoredInstance(read.instance().toInstance(key, read.status(), read.fence()), overrideOf(override));
	}

	/**
	 * Reads an entry of the feed that tells how an instance is.
	 * @param entry its fields
	 * @return the instance
	 */
	static StoredInstance read(Map<String, String> entry) {
		Body body = mapper.readValue(entry.get("instance"), Body.class);
		Instance own = body.toInstance(field(entry, "key"), Status.valueOf(field(entry, "status")),
				Long.parseLong(field(entry, "fence")));
		return new StoredInstance(own, overrideOf(entry.get("override")));
	}

	static String field(Map<String, String> entry, String name) {
		String value = entry.get(name);
		if (value == null) {
			throw new IllegalArgumentException("An entry of the feed has no " + name);
		}
		return value;
	}

	private static @Nullable InstanceOverride overrideOf(@Nullable String text) {
		return (text == null || text.isEmpty()) ? null : mapper.readValue(text, InstanceOverride.class);
	}

}
