package io.redmesh.autoconfigure.rule;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The conversion of JSON to the tree that the reader of rules takes. */
final class RuleTree {

	private RuleTree() {
	}

	static Map<String, @Nullable Object> of(ObjectNode json) {
		Map<String, @Nullable Object> map = new LinkedHashMap<>();
		json.forEachEntry((key, value) -> map.put(key, value(value)));
		return map;
	}

	private static @Nullable Object value(JsonNode json) {
		if (json instanceof ObjectNode object) {
			return of(object);
		}
		if (json.isArray()) {
			List<@Nullable Object> list = new ArrayList<>(json.size());
			json.forEach((item) -> list.add(value(item)));
			return list;
		}
		if (json.isNumber()) {
			return json.numberValue();
		}
		if (json.isBoolean()) {
			return json.booleanValue();
		}
		return json.isNull() ? null : json.asString();
	}

}
