package io.redmesh.registry.rule;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;

import io.redmesh.registry.rest.ProblemException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class RuleDocumentsTests {

	private static final String YAML = "application/yaml";

	private static final String JSON = "application/json";

	@Test
	void yamlAndJsonMakeTheSameTree() {
		Map<String, Object> tree = Map.of("kind", "X", "spec",
				Map.of("hosts", List.of("a", "b"), "n", 1, "f", 0.5, "t", true, "text", "1s"));
		assertThat(read("kind: X\nspec:\n  hosts: [a, b]\n  n: 1\n  f: 0.5\n  t: true\n  text: 1s\n", YAML))
			.containsExactly(tree);
		assertThat(
				read("{\"kind\":\"X\",\"spec\":{\"hosts\":[\"a\",\"b\"],\"n\":1,\"f\":0.5,\"t\":true,\"text\":\"1s\"}}",
						JSON))
			.containsExactly(tree);
	}

	@Test
	void severalDocumentsComeAsAStreamAnArrayOrAList() {
		List<Map<String, Object>> both = List.of(Map.of("kind", "A"), Map.of("kind", "B"));
		assertThat(read("---\nkind: A\n---\n# nothing\n---\nkind: B\n...\n", YAML)).isEqualTo(both);
		assertThat(read("- kind: A\n- kind: B\n", YAML)).isEqualTo(both);
		assertThat(read("kind: List\nitems:\n- kind: A\n- kind: B\n", YAML)).isEqualTo(both);
		assertThat(read("[{\"kind\":\"A\"},{\"kind\":\"B\"}]", JSON)).isEqualTo(both);
		assertThat(read("{\"kind\":\"List\",\"items\":[{\"kind\":\"A\"},{\"kind\":\"B\"}]}", JSON)).isEqualTo(both);
		assertThat(read("", YAML)).isEmpty();
		assertThat(read("null", JSON)).isEmpty();
		assertThat(read("", JSON)).isEmpty();
	}

	@Test
	void withoutATypeTheFirstCharacterDecides() {
		assertThat(read("\uFEFF {\"kind\":\t\"A\"}", null)).containsExactly(Map.of("kind", "A"));
		assertThat(read("\uFEFFkind: A", null)).containsExactly(Map.of("kind", "A"));
	}

	@Test
	void placesHaveTheirLines() {
		String yaml = """
				kind: A
				metadata:
				  labels:
				    a.b/c: x
				spec:
				  http:
				  - match:
				    - headers:
				        x-user:
				          exact: jason
				  - route: []
				---

				kind: B
				spec: {
				  hosts: [a,
				    b]}
				""";
		List<RuleDocument> documents = RuleDocuments.read(bytes(yaml), YAML, 10);
		DocumentLines lines = documents.get(0).lines();
		assertThat(lines.of("")).isEqualTo(1);
		assertThat(lines.of("metadata.labels[a.b/c]")).isEqualTo(4);
		assertThat(lines.of("spec.http[0].match[0].headers[x-user].exact")).isEqualTo(10);
		assertThat(lines.of("spec.http[1]")).isEqualTo(11);
		assertThat(lines.of("spec.http[1].timeout")).as("absent").isEqualTo(11);
		assertThat(lines.of("metadata.name")).isEqualTo(2);
		assertThat(documents.get(1).lines().of("spec.hosts[1]")).isEqualTo(17);
		assertThat(documents.get(1).lines().of("nowhere")).isEqualTo(14);
		String json = "{\"items\":[\n{\"kind\":\"A\",\n\"spec\":{\n\"hosts\":[\n1]}}],\n\"kind\":\"List\"}";
		DocumentLines inList = RuleDocuments.read(bytes(json), JSON, 10).get(0).lines();
		assertThat(inList.of("spec.hosts[0]")).isEqualTo(5);
		assertThat(inList.of("spec.http")).isEqualTo(3);
		assertThat(inList.of("metadata")).isEqualTo(2);
	}

	@Test
	void scalarsAreThoseOfKubernetes() {
		Map<String, Object> read = read("""
				yes: on
				date: 2024-01-01
				time: 10:30
				hex: 0x1F
				text: '1'
				nothing: ~
				list: [1, 1.5, null, "x"]
				5: five
				""", YAML).get(0);
		assertThat(read).containsEntry("yes", true)
			.containsEntry("date", "2024-01-01")
			.containsEntry("time", "10:30")
			.containsEntry("hex", 31)
			.containsEntry("text", "1")
			.containsEntry("nothing", null)
			.containsEntry("list", Arrays.asList(1, 1.5, null, "x"))
			.containsEntry("5", "five");
	}

	@Test
	void anAliasIsWhatItNames() {
		assertThat(read("a: &x {b: 1}\nc: *x\n", YAML))
			.containsExactly(Map.of("a", Map.of("b", 1), "c", Map.of("b", 1)));
	}

	@ParameterizedTest
	@ValueSource(strings = { "a: [", "a: 1\na: 2", "a:\n  b: 1\n  \"b\": 2", "? [x]\n: 1", "a: !!binary aGk=",
			"a: !x y", "!!java.net.URL [\"http://x\"]", "a: *nowhere", "a: .nan", "a: .inf", "a: !!int x", "text",
			"[1]", "[[null]]", "a: \u0007", "a:\n\t- b", "a: &x\n  b: *x", "<<: {a: 1}", "a: &x {b: 1}\nc:\n  <<: *x",
			"%YAML 9.9\n---\na: 1" })
	void yamlThatIsNoRuleIsRefused(String yaml) {
		assertThat(refusal(yaml, YAML)).matches("(?s)(line \\d+|not YAML): .+");
	}

	@ParameterizedTest
	@ValueSource(strings = { "{", "{\"a\":1,\"a\":2}", "{\"a\":{\"b\":1,\"b\":1}}", "{\"a\":1} {}", "[1]", "1", "{a:1}",
			"{\"a\":NaN}", "{'a':1}", "{\"a\":01}", "{\"a\":1,}" })
	void jsonThatIsNoRuleIsRefused(String json) {
		assertThat(refusal(json, JSON)).startsWith("line ");
	}

	@Test
	void whatIsRefusedIsNamedWithItsLine() {
		assertThat(refusal("a: 1\nb:\n  c: 1\n  c: 2\n", YAML)).isEqualTo("line 4: the key c occurs twice");
		assertThat(refusal("a: 1\nb: !x y\n", YAML)).isEqualTo("line 2: the tag !x is not supported");
		assertThat(refusal("{\n\"a\":1,\n\"a\":2}", JSON)).startsWith("line 3: not JSON: ");
		assertThat(refusal("\u00fc", null, StandardCharsets.ISO_8859_1)).isEqualTo("Not UTF-8");
	}

	@Test
	void aBombOfAnchorsIsRefused() {
		StringBuilder bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
		for (int i = 1; i < 10; i++) {
			String before = "*a" + (i - 1);
			bomb.append("a%d: &a%d [%s]%n".formatted(i, i, String.join(", ", Collections.nCopies(10, before))));
		}
		assertThat(refusal(bomb.toString(), YAML)).contains("alias");
	}

	@Test
	void deepNestingIsRefused() {
		assertThat(refusal("a: " + "[".repeat(60) + "]".repeat(60), YAML)).startsWith("line 1: ");
		assertThat(refusal("{\"a\":" + "[".repeat(60) + "]".repeat(60) + "}", JSON)).startsWith("line 1: ");
		assertThat(refusal("[".repeat(100_000), YAML)).startsWith("not YAML: ");
		assertThat(refusal("[".repeat(500_000), JSON)).startsWith("line 1: ");
		StringBuilder block = new StringBuilder();
		for (int i = 0; i < 60; i++) {
			block.append(" ".repeat(i)).append("a:\n");
		}
		assertThat(refusal(block + " ".repeat(60) + "x", YAML)).startsWith("line 4");
	}

	@Test
	void tooManyValuesAndDocumentsAreRefused() {
		assertThat(refusal("a: [" + "1,\n  ".repeat(100_001) + "]", YAML)).contains("100000 values");
		assertThat(refusal("{\"a\":[" + "1,".repeat(100_000) + "1]}", JSON)).contains("100000 values");
		assertThat(refusal("---\na: 1\n".repeat(11), YAML)).isEqualTo("11 documents (expected: at most 10)");
	}

	@Test
	@Timeout(30)
	void hostileBodiesTakeNoLongTime() {
		List<String> bodies = new ArrayList<>();
		bodies.add("a: " + "9".repeat(3_000_000));
		bodies.add(("a: " + "9".repeat(120_000) + "\nb: \"" + "x".repeat(120_000) + "\"\n# " + "y".repeat(120_000)
				+ "\n---\n")
			.repeat(8));
		bodies.add("{\"a\":" + "9".repeat(3_000_000) + "}");
		bodies.add("a: \"" + "x".repeat(3_000_000) + "\"");
		bodies.add("# " + "x".repeat(3_000_000));
		bodies.add("- ".repeat(1_000_000));
		bodies.add("? ".repeat(1_000_000));
		bodies.add("&a ".repeat(500_000));
		bodies.add("a: b: ".repeat(300_000));
		bodies.add("{".repeat(1_000_000));
		bodies.add("'".repeat(1_000_001));
		bodies.add("\n".repeat(3_000_000));
		bodies.add("---\n".repeat(700_000));
		for (String body : bodies) {
			try {
				RuleDocuments.read(bytes(body), body.startsWith("{") ? JSON : YAML, 10);
			}
			catch (ProblemException ex) {
				assertThat(ex.problem().detail()).isNotEmpty();
			}
		}
	}

	private static List<Map<String, Object>> read(String text, String type) {
		List<Map<String, Object>> trees = new ArrayList<>();
		RuleDocuments.read(bytes(text), type, 10).forEach((document) -> trees.add(document.tree()));
		return trees;
	}

	private static String refusal(String text, String type) {
		return refusal(text, type, StandardCharsets.UTF_8);
	}

	private static String refusal(String text, String type, Charset charset) {
		List<String> details = new ArrayList<>();
		assertThatExceptionOfType(ProblemException.class)
			.isThrownBy(() -> RuleDocuments.read(text.getBytes(charset), type, 10))
			.satisfies((ex) -> {
				assertThat(ex.problem().name()).isEqualTo("malformed-body");
				details.add(ex.problem().detail());
			});
		return details.get(0);
	}

	private static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

}
