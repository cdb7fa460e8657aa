package io.redmesh.demo.launcher;

import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class JsonTests {

	@Test
	void readsNestedValues() {
		Map<String, ?> json = Json.object(" {\"a\": [1, -2.5e1, true, null, {}], \"b\":{\"c\":\"d\"}, \"e\":[]} ");
		assertThat(json.get("a")).asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.LIST)
			.containsExactly(1.0, -25.0, true, null, Map.of());
		assertThat(json.get("b")).isEqualTo(Map.of("c", "d"));
		assertThat(json.get("e")).isEqualTo(List.of());
	}

	@Test
	void readsEscapes() {
		assertThat(Json.object("{\"a\":\"q\\\" b\\\\ n\\n u\\u00e9 s\\/\"}").get("a"))
			.isEqualTo("q\" b\\ n\n u\u00e9 s/");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "{", "{\"a\"}", "{\"a\":1} x", "[1]", "{\"a\":nope}", "{\"a\":\"b", "{\"a\":[1 2]}" })
	void rejectsInvalidJson(String text) {
		assertThatIllegalArgumentException().isThrownBy(() -> Json.object(text));
	}

}
