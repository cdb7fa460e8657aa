package io.redmesh.registry.watch;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import io.redmesh.core.registry.Cursor;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A parser of server-sent events, which reads the bytes as the standard says (WHATWG
 * HTML, section 9.2.6), and not as the server writes them.
 */
final class EventReader {

	private static final JsonMapper JSON = new JsonMapper();

	private EventReader() {
	}

	static List<Event> read(byte[] stream) {
		return read(new String(stream, StandardCharsets.UTF_8));
	}

	static List<Event> read(String stream) {
		List<Event> events = new ArrayList<>();
		StringBuilder data = new StringBuilder();
		String type = "";
		String id = "";
		for (String line : stream.split("\r\n|\n|\r", -1)) {
			if (line.isEmpty()) {
				if (data.length() > 0) {
					data.setLength(data.length() - 1);
					events.add(new Event(type.isEmpty() ? "message" : type, id, JSON.readTree(data.toString())));
				}
				data.setLength(0);
				type = "";
				continue;
			}
			int colon = line.indexOf(':');
			String field = (colon < 0) ? line : line.substring(0, colon);
			String value = (colon < 0) ? "" : line.substring(colon + 1).replaceFirst("^ ", "");
			switch (field) {
				case "event" -> type = value;
				case "data" -> data.append(value).append('\n');
				case "id" -> id = (value.indexOf('\0') < 0) ? value : id;
				default -> throw new AssertionError("a field that the server never sends: " + line);
			}
		}
		return events;
	}

	/**
	 * An event as a browser would dispatch it.
	 *
	 * @param name the type of the event
	 * @param id the last id that was seen
	 * @param data the data
	 */
	record Event(String name, String id, JsonNode data) {

		EventId eventId() {
			return EventId.parse(this.id);
		}

		Cursor cursor() {
			return eventId().cursor();
		}

	}

}
