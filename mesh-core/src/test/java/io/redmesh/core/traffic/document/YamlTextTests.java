package io.redmesh.core.traffic.document;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

import static org.assertj.core.api.Assertions.assertThat;

class YamlTextTests {

	private final SplittableRandom random = new SplittableRandom(5);

	@Test
	void listsAreNotIndented() {
		Map<String, Object> tree = new LinkedHashMap<>();
		tree.put("route", List.of(Map.of("destination", Map.of("host", "orders")), List.of(1, "1")));
		tree.put("empty", Map.of());
		assertThat(YamlText.of(tree)).isEqualTo("""
				route:
				- destination:
				    host: orders
				- - 1
				  - "1"
				empty: {}""");
	}

	/** Writes random trees: a parser reads what was written. */
	@Test
	void parserReadsWhatWasWritten() {
		for (int trial = 0; trial < 3_000; trial++) {
			Object tree = tree(3);
			String text = YamlText.of(tree);
			Object read = new Yaml(new SafeConstructor(new LoaderOptions())).load(text);
			assertThat(read).as(text).isEqualTo(tree);
		}
	}

	private Object tree(int depth) {
		int kind = this.random.nextInt((depth > 0) ? 4 : 2);
		if (kind == 2) {
			List<Object> list = new ArrayList<>();
			for (int i = this.random.nextInt(3); i > 0; i--) {
				list.add(tree(depth - 1));
			}
			return list;
		}
		if (kind == 3) {
			Map<String, Object> map = new LinkedHashMap<>();
			for (int i = this.random.nextInt(3); i > 0; i--) {
				map.put(scalar(), tree(depth - 1));
			}
			return map;
		}
		return (kind == 0) ? scalar() : Arrays.<Object>asList(true, 7, 1.5).get(this.random.nextInt(3));
	}

	private String scalar() {
		List<String> texts = List.of("a", "1", "1s", "true", "no", "", " a", "a: b", "a #b", "*", "*.example.org", "%a",
				"a:", "null", "~", "1.5", "0x1F", "1e3", "2026-11-30", "12:30:45", "a\nb", "a\tb", "\"", "\\1", "'",
				"- a", "-", "x-user", "/a/b", "[a", "{a", "#", "a\u00e4", ".inf", "-1", "+1", "1_000", "@a", "`", "&a",
				"!a", "|", ">", "a b", "=", "<<", "\u0001", "\u2028", "y");
		return texts.get(this.random.nextInt(texts.size()));
	}

}
