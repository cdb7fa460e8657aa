package io.redmesh.registry.rest;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import io.redmesh.core.instance.InvalidValueException;
import io.redmesh.core.instance.Names;
import io.redmesh.core.instance.Status;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

/** Tests of the strict reading of a JSON object. */
class FieldsTests {

	private static final List<String> PERMITTED = List.of("name", "size", "list", "inner", "metadata");

	@Test
	void missingFieldsAndNullAreTheSame() {
		for (String body : List.of("{}", "{\"name\":null,\"inner\":null,\"list\":null}")) {
			Fields fields = read(body);
			assertThat(fields.text("name")).isNull();
			assertThat(fields.number("name", 0, 1)).isNull();
			assertThat(fields.flag("name")).isFalse();
			assertThat(fields.duration("name", Duration.ZERO, Duration.ofDays(1))).isNull();
			assertThat(fields.word("name", List.of(Status.UP))).isNull();
			assertThat(fields.object("inner", PERMITTED)).isNull();
			assertThat(fields.texts("inner")).isEmpty();
			assertInvalid(() -> fields.requiredText("name"), "name", "a string", "(missing)");
			assertInvalid(() -> fields.requiredNumber("size", 3, 4), "size", "3 to 4", "(missing)");
			assertInvalid(() -> fields.objects("list", 5, PERMITTED), "list", "1 to 5 objects", "(missing)");
		}
	}

	@ParameterizedTest
	@CsvSource({ "1, true, text", "\"1\", false, text", "true, true, text", "1, false, number", "\"1\", true, number",
			"1.0, true, number", "1e0, true, number", "[1], true, number", "true, false, flag", "\"true\", true, flag",
			"0, true, flag", "\"PT1S\", false, duration", "1, true, duration", "\"\", true, duration",
			"\"1s\", true, duration", "\"UP\", false, word", "0, true, word", "\"Up\", true, word", "{}, false, object",
			"[], true, object", "\"{}\", true, object" })
	void valueOfAnotherTypeIsRefused(String value, boolean refused, String type) {
		Fields fields = read("{\"name\":" + value + "}");
		Consumer<Fields> reading = switch (type) {
			case "text" -> (object) -> object.text("name");
			case "number" -> (object) -> object.number("name", 0, 10);
			case "flag" -> (object) -> object.flag("name");
			case "duration" -> (object) -> object.duration("name", Duration.ZERO, Duration.ofDays(1));
			case "word" -> (object) -> object.word("name", List.of(Status.UP));
			default -> (object) -> object.texts("name");
		};
		if (refused) {
			assertThatExceptionOfType(InvalidValueException.class).isThrownBy(() -> reading.accept(fields))
				.withMessageStartingWith("name: ");
		}
		else {
			assertThatNoException().isThrownBy(() -> reading.accept(fields));
		}
	}

	@ParameterizedTest
	@CsvSource({ "-3, true", "-4, false", "12, true", "13, false", "9223372036854775807, false",
			"9223372036854775808, false", "-9223372036854775809, false" })
	void numberMayBeAtItsLimitsButNotBeyond(String value, boolean permitted) {
		Fields fields = read("{\"size\":" + value + "}");
		if (permitted) {
			assertThat(fields.requiredNumber("size", -3, 12)).isEqualTo(Long.parseLong(value));
		}
		else {
			assertInvalid(() -> fields.number("size", -3, 12), "size", "-3 to 12", value);
		}
	}

	@ParameterizedTest
	@CsvSource({ "PT3S, true", "PT2.999999999S, false", "PT10M, true", "PT10M0.000000001S, false", "PT-3S, false",
			"P1D, false", "pt3s, true" })
	void durationMayBeAtItsLimitsButNotBeyond(String value, boolean permitted) {
		Fields fields = read("{\"name\":\"" + value + "\"}");
		if (permitted) {
			assertThat(fields.duration("name", Duration.ofSeconds(3), Duration.ofMinutes(10)))
				.isEqualTo(Duration.parse(value));
		}
		else {
			assertInvalid(() -> fields.duration("name", Duration.ofSeconds(3), Duration.ofMinutes(10)), "name",
					"PT3S to PT10M", value);
		}
	}

	@Test
	void wordThatIsNoPermittedConstantIsRefusedWithThosePermitted() {
		Fields fields = read("{\"name\":\"OUT_OF_SERVICE\"}");
		assertInvalid(() -> fields.word("name", List.of(Status.UP, Status.DOWN)), "name", "one of [UP, DOWN]",
				"OUT_OF_SERVICE");
		assertThat(fields.word("name", List.of(Status.values()))).isEqualTo(Status.OUT_OF_SERVICE);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			{"nme":1}                            | nme               | name
			{"NAME":1}                           | NAME              | name
			{"":1}                               | ''                |
			{"colour":1}                         | colour            |
			{"sise":null}                        | sise              | size
			{"name":1,"lists":[]}                | lists             | list
			""")
	void unknownFieldIsRefusedWithTheNearestNameEvenIfItIsNull(String body, String field, String guess) {
		assertUnknown(() -> read(body), field, guess);
	}

	@Test
	void unknownFieldOfAnInnerObjectIsNamedWithItsPlace() {
		Fields fields = read("{\"inner\":{\"inner\":{\"nam\":1}},\"list\":[{},{\"colour\":1}]}");
		Fields inner = fields.object("inner", PERMITTED);
		assertUnknown(() -> inner.object("inner", PERMITTED), "inner.inner.nam", "inner.inner.name");
		assertUnknown(() -> fields.objects("list", 2, PERMITTED), "list[1].colour", null);
	}

	@Test
	void valueOfAnInnerObjectIsNamedWithItsPlace() {
		Fields fields = read(
				"{\"inner\":{\"name\":1,\"size\":7,\"metadata\":{\"k\":2}},\"list\":[{},{\"name\":\"A\"}]}");
		Fields inner = fields.object("inner", PERMITTED);
		assertInvalid(() -> inner.text("name"), "inner.name", "a string", "1");
		assertInvalid(() -> inner.number("size", 0, 6), "inner.size", "0 to 6", "7");
		assertInvalid(() -> inner.requiredText("list"), "inner.list", "a string", "(missing)");
		assertInvalid(() -> inner.texts("metadata"), "inner.metadata[k]", "a string", "2");
		List<Fields> list = fields.objects("list", 2, PERMITTED);
		assertThatExceptionOfType(InvalidValueException.class)
			.isThrownBy(() -> list.get(1).requiredText("name", Names::requireService))
			.satisfies((ex) -> assertThat(ex.field()).isEqualTo("list[1].service"));
	}

	@Test
	void listMayHaveAsManyObjectsAsPermittedButNoneMore() {
		assertThat(read("{\"list\":[{},{},{}]}").objects("list", 3, PERMITTED)).hasSize(3);
		assertInvalid(() -> read("{\"list\":[{},{},{},{}]}").objects("list", 3, PERMITTED), "list", "1 to 3 objects",
				"4 objects");
		assertInvalid(() -> read("{\"list\":[]}").objects("list", 3, PERMITTED), "list", "1 to 3 objects", "0 objects");
		assertInvalid(() -> read("{\"list\":{}}").objects("list", 3, PERMITTED), "list", "1 to 3 objects", "{}");
		assertInvalid(() -> read("{\"list\":[{},null]}").objects("list", 3, PERMITTED), "list[1]", "an object", "null");
	}

	@Test
	void textsKeepTheirOrderAndAnyNames() {
		assertThat(read("{\"metadata\":{\"z\":\"1\",\"\":\"2\",\"a b\":\"\\u20ac\"}}").texts("metadata"))
			.containsExactly(entry("z", "1"), entry("", "2"), entry("a b", "\u20ac"));
		assertInvalid(() -> read("{\"metadata\":{\"a\":null}}").texts("metadata"), "metadata[a]", "a string", "null");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "{\"name\":1,\"name\":1}", "{\"inner\":{\"a\":1,\"b\":2,\"a\":1}}",
			"{\"list\":[{},{\"a\":1,\"a\":2}]}", "{\"name\":1} {}", "{\"name\":1},", "{\"name\":01}", "{\"name\":NaN}",
			"{\"name\":+1}", "{name:1}", "{\"name\":1,}", "{\"name\":\"\t\"}", "{\"name\":\"\\x\"}", "//\n{}", "{",
			"[{}", "{}]", "\"{}\"", "[]", "null", "0", "{\"name\":\"\\ud8\"}" })
	void bodyThatIsNoStrictJsonObjectIsMalformed(String body) {
		assertThatExceptionOfType(ProblemException.class).isThrownBy(() -> read(body))
			.satisfies((ex) -> assertThat(ex.problem().name()).isEqualTo("malformed-body"));
	}

	@Test
	void malformedBodySaysWhere() {
		assertThatExceptionOfType(ProblemException.class).isThrownBy(() -> read("{\n  \"name\": ?\n}"))
			.satisfies((ex) -> assertThat(ex.problem().detail()).startsWith("Not JSON: ")
				.contains("(line 2, column ")
				.doesNotContain("StreamReadFeature.INCLUDE_SOURCE"));
	}

	@Test
	void nestingOfEightIsReadAndOneOfNineIsMalformed() {
		Fields fields = read("{\"list\":" + "[".repeat(7) + "]".repeat(7) + "}");
		assertInvalid(() -> fields.objects("list", 3, PERMITTED), "list[0]", "an object",
				"[".repeat(6) + "]".repeat(6));
		assertThatExceptionOfType(ProblemException.class)
			.isThrownBy(() -> read("{\"list\":" + "[".repeat(8) + "]".repeat(8) + "}"))
			.satisfies((ex) -> assertThat(ex.problem().name()).isEqualTo("malformed-body"));
	}

	@Test
	void valueInAMessageIsShortened() {
		String text = "x".repeat(5_000);
		assertThatExceptionOfType(InvalidValueException.class)
			.isThrownBy(() -> read("{\"size\":\"" + text + "\"}").number("size", 0, 1))
			.withMessage("size: " + "x".repeat(77) + "... (expected: 0 to 1)");
	}

	private static Fields read(String body) {
		return Fields.read(body.getBytes(StandardCharsets.UTF_8), PERMITTED);
	}

	private static Map.Entry<String, String> entry(String key, String value) {
		return Map.entry(key, value);
	}

	private static void assertInvalid(Runnable reading, String field, String permitted, String value) {
		assertThatExceptionOfType(InvalidValueException.class).isThrownBy(reading::run)
			.withMessage("%s: %s (expected: %s)", field, value, permitted)
			.satisfies((ex) -> assertThat(ex.field()).isEqualTo(field))
			.satisfies((ex) -> assertThat(ex.permitted()).isEqualTo(permitted));
	}

	private static void assertUnknown(Runnable reading, String field, String guess) {
		assertThatExceptionOfType(ProblemException.class).isThrownBy(reading::run).satisfies((ex) -> {
			assertThat(ex.problem().name()).isEqualTo("unknown-field");
			assertThat(ex.problem().extensions().get("field")).isEqualTo(field);
			assertThat(ex.problem().extensions().get("didYouMean")).isEqualTo(guess);
		});
	}

}
