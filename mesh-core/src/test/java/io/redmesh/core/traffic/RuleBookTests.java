package io.redmesh.core.traffic;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class RuleBookTests {

	private static final Rule ORDERS = TestRules.orders("- route: [{destination: {host: one}}]");

	private static final Rule FRONT = TestRules.rule(TestRules.ordersYaml("- route: [{destination: {host: two}}]")
		.replace("  http:", "  gateways: [front]\n  http:"));

	private final RuleBook book = new RuleBook(TestRules.client());

	private final List<RouteTable> seen = new ArrayList<>();

	@Test
	void rulesReplaceAllOthers() {
		assertThat(this.book.table().host("orders")).isNull();
		assertThat(this.book.revision()).isEmpty();
		this.book.replace(List.of(ORDERS), "a.1.1");
		assertThat(this.book.table().host("orders")).isNotNull();
		assertThat(this.book.rules()).containsExactly(ORDERS);
		this.book.replace(List.of(), "a.1.2");
		assertThat(this.book.table().host("orders")).isNull();
		assertThat(this.book.revision()).isEqualTo("a.1.2");
	}

	@Test
	void listenersAreNotifiedOfTheTableInForceAndOfEachNewOne() {
		this.book.listen(this.seen::add);
		this.book.replace(List.of(ORDERS), "a.1.1");
		assertThat(this.seen).hasSize(2).last().isSameAs(this.book.table());
	}

	@Test
	void sameRulesKeepTheTable() {
		this.book.replace(List.of(ORDERS), "a.1.1");
		RouteTable table = this.book.table();
		this.book.listen(this.seen::add);
		this.book.replace(List.of(TestRules.orders("- route: [{destination: {host: one}}]")), "a.1.2");
		assertThat(this.book.table()).isSameAs(table);
		assertThat(this.book.revision()).isEqualTo("a.1.2");
		assertThat(this.seen).hasSize(1);
	}

	@Test
	void listenerThatFailsDoesNotKeepOthersFromTheTable() {
		this.book.listen((table) -> {
			if (table.host("orders") != null) {
				throw new IllegalStateException("test");
			}
		});
		this.book.listen(this.seen::add);
		this.book.replace(List.of(ORDERS), "a.1.1");
		assertThat(this.seen).hasSize(2);
	}

	@Test
	void gatewayThatRegistersTakesItsRulesFromTheMesh() {
		this.book.replace(List.of(FRONT), "a.1.1");
		assertThat(this.book.table().host("orders")).isNotNull();
		this.book.gateways(Set.of("front"));
		assertThat(this.book.table().host("orders")).isNull();
		RouteTable table = this.book.table();
		this.book.gateways(Set.of("front"));
		assertThat(this.book.table()).isSameAs(table);
		this.book.gateways(Set.of());
		assertThat(this.book.table().host("orders")).isNotNull();
		assertThat(this.book.revision()).isEqualTo("a.1.1");
	}

}
