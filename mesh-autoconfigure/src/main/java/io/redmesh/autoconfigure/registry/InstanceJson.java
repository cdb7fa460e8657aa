package io.redmesh.autoconfigure.registry;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import io.redmesh.core.instance.Instance;
import io.redmesh.core.instance.Locality;
import io.redmesh.core.instance.Status;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The JSON form of instances. It is read and written node by node: nothing is bound by
 * reflection, so that a native image needs no hints for it.
 */
public final class InstanceJson {

	private static final Logger logger = LoggerFactory.getLogger(InstanceJson.class);

	private InstanceJson() {
	}

	/**
	 * Writes the description that an instance sends of itself.
	 * @param instance the instance
	 * @return all but service, id and fence
	 */
	static ObjectNode own(Instance instance) {
		ObjectNode node = JsonNodeFactory.instance.objectNode();
		node.put("host", instance.host()).put("port", instance.port()).put("secure", instance.secure());
		node.put("weight", instance.weight());
		Locality locality = instance.locality();
		node.putObject("locality")
			.put("region", locality.region())
			.put("zone", locality.zone())
			.put("subZone", locality.subZone());
		instance.labels().forEach(node.putObject("labels")::put);
		instance.metadata().forEach(node.putObject("metadata")::put);
		return node.put("status", instance.status().name());
	}

	/**
	 * Writes instances by service, as a snapshot carries them.
	 * @param services the instances of each service
	 * @return an object with one list for each service
	 */
	public static ObjectNode write(Map<String, List<Instance>> services) {
		ObjectNode all = JsonNodeFactory.instance.objectNode();
		services.forEach((service, instances) -> {
			var list = all.putArray(service);
			instances.forEach((instance) -> list
				.add(own(instance).put("service", service).put("id", instance.id()).put("fence", instance.fence())));
		});
		return all;
	}

	/**
	 * Reads instances by service, as a snapshot carries them. An instance that cannot be
	 * read is left out and logged.
	 * @param all an object with one list for each service
	 * @return the instances of each service
	 */
	public static Map<String, List<Instance>> read(JsonNode all) {
		Map<String, List<Instance>> services = new LinkedHashMap<>();
		all.forEachEntry((service, list) -> {
			List<Instance> instances = new ArrayList<>(list.size());
			list.forEach((node) -> {
				Instance instance = readInstance(node);
				if (instance != null) {
					instances.add(instance);
				}
			});
			services.put(service, instances);
		});
		return services;
	}

	static @Nullable Instance readInstance(JsonNode node) {
		try {
			JsonNode locality = node.path("locality");
			return new Instance(node.path("service").asString(), node.path("id").asString(),
					node.path("host").asString(), node.path("port").asInt(), node.path("secure").asBoolean(false),
					node.path("weight").asInt(Instance.DEFAULT_WEIGHT),
					new Locality(locality.path("region").asString(""), locality.path("zone").asString(""),
							locality.path("subZone").asString("")),
					entries(node.path("labels")), entries(node.path("metadata")),
					status(node.path("status").asString("")), node.path("fence").asLong(0),
					node.path("suspect").asBoolean(false));
		}
		catch (RuntimeException ex) {
			logger.warn("Ignored an instance that cannot be read, {}/{}: {}", node.path("service"), node.path("id"),
					ex.getMessage());
			return null;
		}
	}

	private static Map<String, String> entries(JsonNode node) {
		Map<String, String> entries = new LinkedHashMap<>();
		node.forEachEntry((key, value) -> entries.put(key, value.asString()));
		return entries;
	}

	/**
	 * Reads a status. An unknown one, of a later version, means at least that the
	 * instance is not UP.
	 */
	private static Status status(String name) {
		for (Status status : Status.values()) {
			if (status.name().equals(name.toUpperCase(Locale.ROOT))) {
				return status;
			}
		}
		return Status.DOWN;
	}

}
