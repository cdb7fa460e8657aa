package io.redmesh.autoconfigure.rule;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;

import io.redmesh.core.traffic.Rule;
import io.redmesh.core.traffic.TestRules;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.core.io.DefaultResourceLoader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class RuleFilesTests {

	private static final String ORDERS = TestRules.ordersYaml("- route: [{destination: {host: orders}}]");

	@TempDir
	Path directory;

	@Test
	void filesMayHaveSeveralDocumentsAndLocationsWildcards() throws IOException {
		write("a.yaml", "---\n" + ORDERS + "\n---\n" + TestRules.ordersPolicyYaml("subsets: [{name: v1}]") + "\n---\n");
		write("b.yaml", ORDERS.replace("name: orders", "name: other"));
		assertThat(read("file:" + this.directory + "/*.yaml")).extracting((rule) -> rule.key().toString())
			.containsExactly("VirtualService/orders", "VirtualService/other", "DestinationRule/orders");
		assertThat(RuleFiles.read(List.of(), new DefaultResourceLoader())).isEmpty();
	}

	@Test
	void bookinfoIsReadFromTheClassPath() {
		assertThat(read("classpath:bookinfo/virtual-service-reviews-90-10.yaml")).hasSize(1);
	}

	@Test
	void timesAndVersionsAreTexts() throws Exception {
		assertThat(RuleYaml.parse("{a: 10:30, b: 2026-12-01, c: 1.5, d: true, e: null, 1: x}").get(0))
			.containsEntry("a", "10:30")
			.containsEntry("b", "2026-12-01")
			.containsEntry("c", 1.5)
			.containsEntry("d", true)
			.containsEntry("e", null)
			.containsEntry("1", "x");
	}

	@ParameterizedTest
	@ValueSource(strings = { "a: 1\na: 2", "[1, 2]", "a: &a [*a]", "a: !!java.net.URL [http://localhost]", "{",
			"kind: Gateway" })
	void fileThatHasNoRulesFailsTheStart(String yaml) throws IOException {
		write("rules.yaml", yaml);
		assertThatExceptionOfType(InvalidConfigurationPropertyValueException.class)
			.isThrownBy(() -> read("file:" + this.directory + "/rules.yaml"))
			.withMessageContaining("mesh.rules.locations")
			.satisfies((ex) -> assertThat(ex.getReason()).contains("rules.yaml"));
	}

	@Test
	void nestedAliasesDoNotExhaustTheMemory() throws IOException {
		StringBuilder bomb = new StringBuilder("a0: &a0 [x, x]\n");
		for (int level = 1; level <= 24; level++) {
			bomb.append("a%d: &a%d [*a%d, *a%d]%n".formatted(level, level, level - 1, level - 1));
		}
		write("rules.yaml", bomb.toString());
		assertThatExceptionOfType(InvalidConfigurationPropertyValueException.class)
			.isThrownBy(() -> read("file:" + this.directory + "/rules.yaml"))
			.satisfies((ex) -> assertThat(ex.getReason()).contains("too large"));
	}

	@Test
	void findingsOfADocumentAreTheReason() throws IOException {
		write("rules.yaml", ORDERS.replace("hosts:", "host:"));
		assertThatExceptionOfType(InvalidConfigurationPropertyValueException.class)
			.isThrownBy(() -> read("file:" + this.directory + "/rules.yaml"))
			.satisfies((ex) -> assertThat(ex.getReason()).contains("spec.host"));
	}

	@Test
	void twoDocumentsOfOneRuleFailTheStart() throws IOException {
		write("rules.yaml", ORDERS + "\n---\n" + ORDERS);
		assertThatExceptionOfType(InvalidConfigurationPropertyValueException.class)
			.isThrownBy(() -> read("file:" + this.directory + "/rules.yaml"))
			.satisfies((ex) -> assertThat(ex.getReason()).contains("two documents of VirtualService/orders"));
	}

	@Test
	void missingFileFailsTheStart() {
		assertThatExceptionOfType(InvalidConfigurationPropertyValueException.class)
			.isThrownBy(() -> read("classpath:missing.yaml"))
			.satisfies((ex) -> assertThat(ex.getReason()).contains("no such file"));
	}

	private Collection<Rule> read(String location) {
		return RuleFiles.read(List.of(location), new DefaultResourceLoader());
	}

	private void write(String name, String text) throws IOException {
		Files.writeString(this.directory.resolve(name), text);
	}

}
