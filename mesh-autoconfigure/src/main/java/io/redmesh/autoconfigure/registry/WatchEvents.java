package io.redmesh.autoconfigure.registry;

import java.util.ArrayList;
import java.util.List;

import io.redmesh.core.instance.Instance;
import io.redmesh.core.registry.Cursor;
import io.redmesh.core.registry.InstanceChange;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The reader of {@link WatchEvent}s from the stream. */
final class WatchEvents {

	private static final Logger logger = LoggerFactory.getLogger(WatchEvents.class);

	private static final JsonMapper mapper = JsonMapper.shared();

	private WatchEvents() {
	}

	/**
	 * Reads an event. Returns null for one that a later version of the registry may send.
	 * @param id the cursor, and after a tilde the suffix that the server adds for itself
	 */
	static @Nullable WatchEvent read(String event, String id, String data) {
		try {
			if (event.equals("rules")) {
				return rules(mapper.readTree(data));
			}
			Cursor cursor = Cursor.parse(id.split("~", 2)[0]);
			if (cursor == null) {
				return null;
			}
			return switch (event) {
				case "snapshot" -> snapshot(cursor, mapper.readTree(data));
				case "delta" -> new WatchEvent.Delta(cursor, changes(mapper.readTree(data).path("changes")));
				case "ping" -> new WatchEvent.Ping(cursor);
				default -> null;
			};
		}
		catch (JacksonException ex) {
			logger.warn("Ignored an event {} that is not JSON: {}", event, ex.getOriginalMessage());
			return null;
		}
	}

	/** Reads the rules. Their event has no id, so that its cursor is in the data. */
	private static WatchEvent.@Nullable Rules rules(JsonNode json) {
		Cursor cursor = Cursor.parse(json.path("cursor").asString(""));
		return (cursor != null)
				? new WatchEvent.Rules(cursor, json.path("complete").asBoolean(true), RuleDocuments.read(json)) : null;
	}

	private static WatchEvent snapshot(Cursor cursor, JsonNode json) {
		return new WatchEvent.Snapshot(cursor, json.path("complete").asBoolean(true),
				InstanceJson.read(json.path("services")));
	}

	private static List<InstanceChange> changes(JsonNode list) {
		List<InstanceChange> changes = new ArrayList<>(list.size());
		list.forEach((change) -> {
			if (change.has("gone")) {
				changes.add(InstanceChange.gone(change.path("service").asString(), change.path("id").asString()));
			}
			else {
				Instance instance = InstanceJson.readInstance(change.path("instance"));
				if (instance != null) {
					changes.add(InstanceChange.put(instance));
				}
			}
		});
		return changes;
	}

}
