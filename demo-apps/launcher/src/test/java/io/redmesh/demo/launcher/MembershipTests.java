package io.redmesh.demo.launcher;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.redmesh.demo.launcher.Membership.Gone;
import io.redmesh.demo.launcher.ServerSentEvents.Event;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class MembershipTests {

	private final List<Gone> gone = new ArrayList<>();

	private final Membership membership = new Membership(this.gone::add);

	@BeforeEach
	void snapshot() {
		this.membership.apply(new Event("snapshot", """
				{"cursor":"l.1.3","complete":true,"services":{
				  "orders":[{"service":"orders","id":"a","host":"h","port":1},{"service":"orders","id":"b"}],
				  "inventory":[{"service":"inventory","id":"c"}]}}"""));
	}

	@Test
	void snapshotReplacesAllInstances() {
		assertThat(this.membership.sizes()).isEqualTo(Map.of("orders", 2, "inventory", 1));
		assertThat(this.membership.ids()).isEqualTo(Map.of("orders", Set.of("a", "b"), "inventory", Set.of("c")));
		assertThat(this.membership.complete()).isTrue();
		this.membership.apply(new Event("snapshot", "{\"complete\":false,\"services\":{\"orders\":[{\"id\":\"a\"}]}}"));
		assertThat(this.membership.sizes()).isEqualTo(Map.of("orders", 1));
		assertThat(this.membership.complete()).isFalse();
	}

	@Test
	void deltaAddsUpdatesAndRemoves() {
		this.membership.apply(new Event("delta", """
				{"cursor":"l.1.4","changes":[
				  {"service":"orders","id":"b","gone":"DEREGISTERED"},
				  {"service":"orders","id":"d","instance":{"service":"orders","id":"d"}},
				  {"service":"orders","id":"a","instance":{"service":"orders","id":"a","status":"DRAINING"}},
				  {"service":"inventory","id":"c","gone":"EXPIRED"}]}"""));
		assertThat(this.membership.sizes()).isEqualTo(Map.of("orders", 2));
		assertThat(this.gone).containsExactly(new Gone("orders", "b", "DEREGISTERED"),
				new Gone("inventory", "c", "EXPIRED"));
	}

	@Test
	void pingsChangeNothing() {
		this.membership.apply(new Event("ping", "{}"));
		assertThat(this.membership.sizes()).containsEntry("orders", 2);
	}

}
