package io.redmesh.core.traffic;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class HeaderChangeTests {

	private final TestHeaders headers = new TestHeaders();

	@Test
	void headersAreRemovedThenSetThenAdded() {
		this.headers.add("x", "old");
		this.headers.add("y", "old");
		this.headers.add("z", "old");
		new HeaderChange(List.of("X", "y"), Map.of("y", "set", "z", "set"), Map.of("x", "added", "z", "added"))
			.apply(this.headers);
		assertThat(this.headers.values).hasToString("{x=[added], y=[set], z=[set, added]}");
	}

	@Test
	void headersOfADestinationFollowThoseOfTheRoute() {
		Route route = TestRules.orders("""
				- headers:
				    request:
				      set: {x: route}
				      add: {y: route}
				  route:
				  - destination: {host: one}
				    headers:
				      request:
				        set: {x: destination}
				        remove: [y]
				""").routes().get(0).route();
		route.headers().request().apply(this.headers);
		route.forward().destinations().get(0).headers().request().apply(this.headers);
		assertThat(this.headers.values).hasToString("{x=[destination]}");
		assertThat(route.headers().response().isEmpty()).isTrue();
		assertThat(route.headers().request().isEmpty()).isFalse();
	}

	private static final class TestHeaders implements MutableHeaders {

		private final Map<String, List<String>> values = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

		@Override
		public void remove(String name) {
			this.values.remove(name);
		}

		@Override
		public void set(String name, String value) {
			this.values.put(name, new ArrayList<>(List.of(value)));
		}

		@Override
		public void add(String name, String value) {
			this.values.computeIfAbsent(name, (key) -> new ArrayList<>()).add(value);
		}

	}

}
