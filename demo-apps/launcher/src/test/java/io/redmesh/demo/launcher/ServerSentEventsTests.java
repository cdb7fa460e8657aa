package io.redmesh.demo.launcher;

import java.util.ArrayList;
import java.util.List;

import io.redmesh.demo.launcher.ServerSentEvents.Event;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ServerSentEventsTests {

	private final List<Event> events = new ArrayList<>();

	private final ServerSentEvents parser = new ServerSentEvents(this.events::add);

	@Test
	void linesBecomeEventsAtTheEmptyLine() {
		lines("event: ping", "id: c", "data: {}", "", "event:delta", "data:a", "data: b");
		assertThat(this.events).containsExactly(new Event("ping", "{}"));
		lines("");
		assertThat(this.events).endsWith(new Event("delta", "a\nb"));
	}

	@Test
	void commentsAndEventsWithoutDataAreIgnored() {
		lines(": comment", "event: ping", "", "data: x", "");
		assertThat(this.events).containsExactly(new Event("message", "x"));
	}

	private void lines(String... lines) {
		List.of(lines).forEach(this.parser::line);
	}

}
