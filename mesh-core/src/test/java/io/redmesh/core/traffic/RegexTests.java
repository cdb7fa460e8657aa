package io.redmesh.core.traffic;

import java.util.concurrent.TimeUnit;

import io.redmesh.core.instance.InvalidValueException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class RegexTests {

	@Test
	@Timeout(value = 20, unit = TimeUnit.SECONDS)
	void expressionThatMakesJavaBacktrackTakesLinearTime() {
		String text = "a".repeat(100_000) + "b";
		assertThat(Regex.of("(a+)+").matches(text)).isFalse();
		assertThat(Regex.of("(a|aa)*c").matches(text)).isFalse();
		assertThat(Regex.of("(a+)+b").matches(text)).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "(", "[a", "a{2,1}", "a{1001}", "(a)\\1", "(?=a)b", "(?<!a)b", "a++", "\\Q(\\E" })
	void whatRe2DoesNotHaveIsRefused(String text) {
		assertThatThrownBy(() -> Regex.of(text)).isInstanceOf(InvalidValueException.class).hasMessageContaining(text);
	}

	@ParameterizedTest
	@ValueSource(strings = { "((a{1000}){1000}){1000}", "(a{0,100}b){20}", "((a{2}){30}){30}", "([(]a{100}){11}",
			"(\\((a{40})){40}", "a{1000}b{1000}", "(((a{10}){10}){10}){10}", "[)](a{999}){2}", "[]](a{999}){2}",
			"[^]](a{999}){2}", "[]a[^](a{999}){2}", "[[:alpha:]](a{999}){2}", "[\\]](a{999}){2}" })
	void expressionWithALargeProgramIsRefusedBeforeItIsMade(String text) {
		assertThatThrownBy(() -> Regex.of(text)).isInstanceOf(InvalidValueException.class)
			.hasMessageContaining("repetitions");
	}

	@ParameterizedTest
	@ValueSource(strings = { "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "/items/[^/]{1,64}/?", "(?i)v[12]|canary",
			"a{,5}", "\\{a{1000}\\}", "\\pL{3}", ".*", "{", "{Lu}" })
	void expressionOfUsualSizeIsPermitted(String text) {
		assertThat(Regex.of(text)).hasToString(text);
	}

	@Test
	void lengthIsLimited() {
		assertThat(Regex.of("a".repeat(1000)).matches("a".repeat(1000))).isTrue();
		assertThatThrownBy(() -> Regex.of("a".repeat(1025))).hasMessageContaining("at most 1024 characters");
	}

	@Test
	void equalTextsAreEqual() {
		assertThat(Regex.of("a+")).isEqualTo(Regex.of("a+")).hasSameHashCodeAs(Regex.of("a+"));
		assertThat(Regex.of("a+")).isNotEqualTo(Regex.of("a*"));
	}

}
