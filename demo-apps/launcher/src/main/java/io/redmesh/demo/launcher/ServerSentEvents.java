package io.redmesh.demo.launcher;

import java.util.function.Consumer;

/**
 * A parser that makes events of the lines of a <code>text/event-stream</code>, by the
 * HTML standard.
 */
final class ServerSentEvents {

	private final Consumer<Event> consumer;

	private String name = "";

	private final StringBuilder data = new StringBuilder();

	ServerSentEvents(Consumer<Event> consumer) {
		this.consumer = consumer;
	}

	/** Takes the next line, without its line end; an empty line ends the event. */
	void line(String line) {
		if (line.isEmpty()) {
			dispatch();
			return;
		}
		int colon = line.indexOf(':');
		if (colon == 0) {
			return;
		}
		String field = (colon < 0) ? line : line.substring(0, colon);
		String value = (colon < 0) ? "" : line.substring(colon + 1);
		value = value.startsWith(" ") ? value.substring(1) : value;
		switch (field) {
			case "event" -> this.name = value;
			case "data" -> this.data.append(value).append('\n');
			default -> {
				// The fields id and retry: the launcher never resumes a watch.
			}
		}
	}

	private void dispatch() {
		if (!this.data.isEmpty()) {
			this.data.setLength(this.data.length() - 1);
			this.consumer.accept(new Event(this.name.isEmpty() ? "message" : this.name, this.data.toString()));
		}
		this.name = "";
		this.data.setLength(0);
	}

	/**
	 * A server-sent event.
	 *
	 * @param name the event's type
	 * @param data the lines of data, joined
	 */
	record Event(String name, String data) {
	}

}
