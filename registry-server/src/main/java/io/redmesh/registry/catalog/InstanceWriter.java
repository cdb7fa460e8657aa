package io.redmesh.registry.catalog;

import java.util.Map;
import java.util.TreeMap;

import io.redmesh.core.instance.Instance;
import io.redmesh.core.instance.Locality;
import io.redmesh.registry.json.Json;
import io.redmesh.registry.store.InstanceOverride;
import io.redmesh.registry.store.OverrideEntry;
import io.redmesh.registry.store.StoredInstance;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** A writer of instances in the JSON of the registry's interface. */
public final class InstanceWriter {

	private InstanceWriter() {
	}

	static byte[] write(StoredInstance stored) {
		return Json.write((json) -> {
			json.writeStartObject();
			writeBody(json, stored.effective());
			json.writeNumberProperty("fence", stored.own().fence());
			if (stored.own().suspect()) {
				json.writeBooleanProperty("suspect", true);
			}
			writeOverride(json, stored.override());
			json.writeEndObject();
		});
	}

	static byte[] writeOwn(StoredInstance stored) {
		return Json.write((json) -> {
			json.writeStartObject();
			writeBody(json, stored.own());
			json.writeNumberProperty("fence", stored.own().fence());
			json.writeStringProperty("ttl", stored.ttl().toString());
			writeOverride(json, stored.override());
			json.writeEndObject();
		});
	}

	/**
	 * Encodes the override of an id that no instance holds, as a line of a backup.
	 * @param overridden the override
	 * @return a JSON object
	 */
	public static byte[] write(OverrideEntry overridden) {
		return Json.write((json) -> {
			json.writeStartObject();
			json.writeStringProperty("service", overridden.service());
			json.writeStringProperty("id", overridden.id());
			writeOverride(json, overridden.override());
			json.writeEndObject();
		});
	}

	private static void writeBody(JsonGenerator json, Instance instance) {
		json.writeStringProperty("service", instance.service());
		json.writeStringProperty("id", instance.id());
		json.writeStringProperty("host", instance.host());
		json.writeNumberProperty("port", instance.port());
		json.writeBooleanProperty("secure", instance.secure());
		json.writeNumberProperty("weight", instance.weight());
		writeLocality(json, instance.locality());
		writeEntries(json, "labels", instance.labels());
		writeEntries(json, "metadata", instance.metadata());
		json.writeStringProperty("status", instance.status().name());
	}

	private static void writeLocality(JsonGenerator json, Locality locality) {
		json.writeObjectPropertyStart("locality");
		json.writeStringProperty("region", locality.region());
		json.writeStringProperty("zone", locality.zone());
		json.writeStringProperty("subZone", locality.subZone());
		json.writeEndObject();
	}

	private static void writeEntries(JsonGenerator json, String name, Map<String, String> entries) {
		json.writeObjectPropertyStart(name);
		new TreeMap<>(entries).forEach(json::writeStringProperty);
		json.writeEndObject();
	}

	private static void writeOverride(JsonGenerator json, @Nullable InstanceOverride override) {
		if (override == null) {
			return;
		}
		json.writeObjectPropertyStart("override");
		if (override.status() != null) {
			json.writeStringProperty("status", override.status().name());
		}
		if (override.weight() != null) {
			json.writeNumberProperty("weight", override.weight());
		}
		json.writeEndObject();
	}

}
