package io.redmesh.registry.rule;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.json.JsonMapper;

/** A parser of JSON that notes the lines of all places. */
final class JsonTreeParser {

	private static final JsonMapper mapper = new JsonMapper(JsonFactory.builder()
		.enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
		.streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(DocumentPlace.MAX_DEPTH + 1).build())
		.build());

	private final DocumentPlace place = new DocumentPlace();

	private final JsonParser json;

	private JsonTreeParser(JsonParser json) {
		this.json = json;
	}

	/**
	 * Parses a body.
	 * @param text the body
	 * @return the root, none if the body is null
	 */
	static List<ParsedRoot> parse(String text) {
		try (JsonParser json = mapper.createParser(text)) {
			return new JsonTreeParser(json).roots();
		}
		catch (JacksonException ex) {
			int line = (ex.getLocation() != null) ? ex.getLocation().getLineNr() : 1;
			throw DocumentPlace.malformed("not JSON: " + ex.getOriginalMessage(), Math.max(1, line));
		}
	}

	private List<ParsedRoot> roots() {
		if (this.json.nextToken() == null) {
			return List.of();
		}
		this.place.begin(line());
		Object value = value();
		if (this.json.nextToken() != null) {
			throw DocumentPlace.malformed("not JSON: there is more after the document", line());
		}
		return (value != null) ? List.of(new ParsedRoot(value, this.place.lines())) : List.of();
	}

	private @Nullable Object value() {
		JsonToken token = this.json.currentToken();
		return switch (token) {
			case START_OBJECT -> map();
			case START_ARRAY -> list();
			case VALUE_STRING -> this.json.getString();
			case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> this.json.getNumberValue();
			case VALUE_TRUE -> true;
			case VALUE_FALSE -> false;
			case VALUE_NULL -> null;
			default -> throw DocumentPlace.malformed("not JSON: unexpected " + token, line());
		};
	}

	private Map<String, @Nullable Object> map() {
		Map<String, @Nullable Object> map = new LinkedHashMap<>();
		while (this.json.nextToken() != JsonToken.END_OBJECT) {
			String key = this.json.currentName();
			int line = line();
			this.json.nextToken();
			map.put(key, child(key, line));
		}
		return map;
	}

	private List<@Nullable Object> list() {
		List<@Nullable Object> list = new ArrayList<>();
		while (this.json.nextToken() != JsonToken.END_ARRAY) {
			list.add(child(Integer.toString(list.size()), line()));
		}
		return list;
	}

	private @Nullable Object child(String key, int line) {
		this.place.enter(key, line);
		Object value = value();
		this.place.leave();
		return value;
	}

	private int line() {
		return this.json.currentTokenLocation().getLineNr();
	}

}
