package io.redmesh.autoconfigure.rule;

import java.util.Arrays;
import java.util.List;

import io.redmesh.autoconfigure.registry.RuleDocument;
import io.redmesh.autoconfigure.registry.RuleDocuments;
import io.redmesh.autoconfigure.registry.WatchEvent;
import io.redmesh.core.registry.Cursor;
import io.redmesh.core.traffic.Rule;
import io.redmesh.core.traffic.RuleBook;
import io.redmesh.core.traffic.TestRules;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import static org.assertj.core.api.Assertions.assertThat;

class RuleSourcesTests {

	private static final Cursor BEGIN = new Cursor("lineage", 1, 1);

	private final RuleBook book = new RuleBook(TestRules.client());

	private final RuleSources sources = new RuleSources(this.book, List.of());

	@Test
	void olderRulesOfTheSameRegistryAreIgnored() {
		receive(BEGIN.at(5), true, "5", rule("a", 5));
		receive(BEGIN.at(4), true, "4");
		receive(new Cursor("lineage", 0, 9), true, "3");
		assertThat(names()).containsExactly("a");
		receive(new Cursor("another", 0, 1), true, "1", rule("b", 1));
		assertThat(names()).containsExactly("b");
		assertThat(this.book.revision()).isEqualTo("1");
	}

	@Test
	void incompleteRulesAddAndDeleteButForgetNothing() {
		receive(BEGIN, true, "3", rule("a", 1), rule("b", 2), rule("c", 3));
		receive(new Cursor("lineage", 2, 0), false, "4", deleted("b", 4), rule("d", 2));
		assertThat(names()).containsExactly("a", "c", "d");
		receive(new Cursor("lineage", 2, 1), false, "4", deleted("c", 2), deleted("e", 1));
		assertThat(names()).containsExactly("a", "c", "d");
		receive(new Cursor("lineage", 2, 2), true, "5", rule("d", 2));
		assertThat(names()).containsExactly("d");
	}

	@Test
	void unchangedDocumentsAreNotReadAgain() {
		receive(BEGIN, true, "1", rule("a", 1));
		Rule before = this.book.rules().get(0);
		receive(BEGIN.at(2), true, "2", rule("a", 1), rule("b", 2));
		assertThat(this.book.rules()).anySatisfy((rule) -> assertThat(rule).isSameAs(before));
	}

	@Test
	void oneUnreadableDocumentKeepsAllOut() {
		receive(BEGIN, true, "1", rule("a", 1));
		for (RuleDocument bad : List.of(new RuleDocument("VirtualService", "b", 2, "FRIENDLY", json("other")),
				new RuleDocument("VirtualService", "b", 2, "PEDANTIC", json("b")), deleted("b", 2),
				new RuleDocument("Teleport", "b", 2, "FRIENDLY", json("b")))) {
			receive(BEGIN.at(2), true, "2", rule("c", 2), bad);
			assertThat(names()).containsExactly("a");
			assertThat(this.sources.state().revision()).isEqualTo("1");
			assertThat(this.sources.state().problem()).startsWith("revision 2 cannot be executed: ");
			assertThat(this.sources.reportable()).isEqualTo("1");
		}
	}

	@Test
	void revisionIsReportedOnlyAfterTheRegistryHasSentRules() {
		this.sources.remember(new RuleDocuments("7", List.of(rule("a", 7))));
		assertThat(names()).containsExactly("a");
		assertThat(this.sources.reportable()).isNull();
		receive(BEGIN, true, "0");
		assertThat(names()).isEmpty();
		assertThat(this.sources.reportable()).isNull();
		receive(BEGIN.at(2), true, "8", deleted("a", 8));
		assertThat(this.sources.reportable()).isEqualTo("0");
		receive(BEGIN.at(3), true, "9");
		assertThat(this.sources.reportable()).isEqualTo("9");
	}

	@Test
	void ownRulesWinOverThoseOfTheRegistry() {
		RuleSources sources = new RuleSources(this.book,
				TestRules.rules(TestRules.ordersYaml("- route: [{destination: {host: stock}}]")));
		assertThat(names()).containsExactly("orders");
		Rule own = this.book.rules().get(0);
		sources.received(
				new WatchEvent.Rules(BEGIN, true, new RuleDocuments("7", List.of(rule("orders", 7), rule("a", 7)))));
		assertThat(names()).containsExactlyInAnyOrder("a", "orders");
		assertThat(this.book.rules()).contains(own);
		assertThat(sources.isOwn(own.key())).isTrue();
		assertThat(sources.state().documents().documents()).extracting(RuleDocument::name)
			.containsExactly("orders", "a");
	}

	private List<String> names() {
		return this.book.rules().stream().map((rule) -> rule.key().name()).toList();
	}

	private void receive(Cursor cursor, boolean complete, String revision, RuleDocument... documents) {
		this.sources
			.received(new WatchEvent.Rules(cursor, complete, new RuleDocuments(revision, Arrays.asList(documents))));
	}

	private static RuleDocument rule(String name, long generation) {
		return new RuleDocument("VirtualService", name, generation, "FRIENDLY", json(name));
	}

	private static RuleDocument deleted(String name, long generation) {
		return new RuleDocument("VirtualService", name, generation, "FRIENDLY", null);
	}

	private static ObjectNode json(String name) {
		String yaml = TestRules.ordersYaml("- route: [{destination: {host: orders}}]")
			.replace("name: orders", "name: " + name);
		return (ObjectNode) JsonMapper.shared().valueToTree(TestRules.documents(yaml).get(0));
	}

}
