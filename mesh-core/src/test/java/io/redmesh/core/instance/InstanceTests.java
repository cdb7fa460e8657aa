package io.redmesh.core.instance;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class InstanceTests {

	private static final Instance INSTANCE = Instance.of("orders", "10.0.0.7:8080", "10.0.0.7", 8080);

	@ParameterizedTest
	@ValueSource(strings = { "orders", "a", "a.b-c", "0rders",
			"x23456789012345678901234567890123456789012345678901234567890123" })
	void acceptsServiceNamesThatCanBeTheHostOfAUri(String service) {
		assertThat(Names.requireService(service)).isEqualTo(service);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "Orders", "my_orders", "-a", "a-", "a b", "a/b", "ä", "billing-2.1", "a..b", "a-.b",
			"x234567890123456789012345678901234567890123456789012345678901234" })
	void refusesOtherServiceNamesAndSaysWhatIsPermitted(String service) {
		assertThatExceptionOfType(InvalidValueException.class).isThrownBy(() -> Names.requireService(service))
			.satisfies((ex) -> assertThat(ex.field()).isEqualTo("service"))
			.withMessageContaining("a-z, 0-9");
	}

	@ParameterizedTest
	@ValueSource(strings = { "localhost", "a.localhost", "127.0.0.1", "10.0.0.7", "2130706433", "1" })
	void refusesServiceNamesThatAreAddresses(String service) {
		assertThatExceptionOfType(InvalidValueException.class).isThrownBy(() -> Names.requireService(service))
			.satisfies((ex) -> assertThat(ex.field()).isEqualTo("service"))
			.withMessageContaining("not localhost and no IP address");
	}

	@ParameterizedTest
	@ValueSource(strings = { "10.0.0.7", "orders.example", "localhost", "::1", "fe80::1", "2001:db8::7", "a",
			"621f852619e7" })
	void acceptsHostsThatCanBeCalled(String host) {
		assertThat(Names.requireHost(host)).isEqualTo(host);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "0.0.0.0", "::", "255.255.255.255", "a b", "[::1]", "http://a", "a..b", "-a", "a/b",
			"a:b", "0:0:0:0:0:0:0:0", "::0", "0.0", "10.0.0.300", "a.1b", "a-.b" })
	void refusesHostsThatNoCallerCanReach(String host) {
		assertThatExceptionOfType(InvalidValueException.class).isThrownBy(() -> Names.requireHost(host))
			.satisfies((ex) -> assertThat(ex.field()).isEqualTo("host"));
	}

	@ParameterizedTest
	@CsvSource({ "-1,100,port,0 to 65535", "65536,100,port,0 to 65535", "80,-1,weight,0 to 10000",
			"80,10001,weight,0 to 10000" })
	void refusesNumbersOutOfRange(int port, int weight, String field, String permitted) {
		assertThatExceptionOfType(InvalidValueException.class)
			.isThrownBy(() -> Instance.of("orders", "1", "10.0.0.7", port).withWeight(weight))
			.satisfies((ex) -> assertThat(ex.field()).isEqualTo(field))
			.satisfies((ex) -> assertThat(ex.permitted()).isEqualTo(permitted));
	}

	@Test
	void refusesTooManyOrTooLongLabels() {
		Map<String, String> many = IntStream.rangeClosed(0, Names.MAX_ENTRIES)
			.boxed()
			.collect(Collectors.toMap((i) -> "key" + i, (i) -> "value"));
		assertThatExceptionOfType(InvalidValueException.class).isThrownBy(() -> INSTANCE.withLabels(many))
			.withMessage("labels: 33 entries (expected: at most 32 entries)");
		assertThatExceptionOfType(InvalidValueException.class)
			.isThrownBy(() -> INSTANCE.withLabels(Map.of("version", "x".repeat(Names.MAX_LABEL + 1))))
			.satisfies((ex) -> assertThat(ex.field()).isEqualTo("labels[version]"))
			.satisfies((ex) -> assertThat(ex.getMessage()).hasSizeLessThan(160));
		assertThatExceptionOfType(InvalidValueException.class)
			.isThrownBy(() -> INSTANCE.withLabels(Map.of("a b", "x")));
	}

	@Test
	void countsTheBytesOfAValueAndNotItsCharacters() {
		assertThat(INSTANCE.withLabels(Map.of("a", "x".repeat(Names.MAX_LABEL))).labels()).hasSize(1);
		for (String character : List.of("x", "\u00e4", "\u20ac", "\ud83d\ude80")) {
			int bytes = character.getBytes(StandardCharsets.UTF_8).length;
			String longest = character.repeat(Names.MAX_LABEL / bytes);
			assertThat(INSTANCE.withLabels(Map.of("a", longest)).labels()).containsValue(longest);
			assertThatExceptionOfType(InvalidValueException.class)
				.isThrownBy(() -> INSTANCE.withLabels(Map.of("a", longest + character)))
				.withMessageContaining("at most 128 bytes of UTF-8");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "\ud83d", "\ude80", "a\ud83db", "\ude80\ud83d" })
	void refusesTextThatUtf8CannotWrite(String value) {
		assertThatExceptionOfType(InvalidValueException.class).isThrownBy(() -> INSTANCE.withLabels(Map.of("a", value)))
			.satisfies((ex) -> assertThat(ex.field()).isEqualTo("labels[a]"));
	}

	@Test
	void noPermittedInstanceTakesMoreThanTheLimitEvenWhenEveryCharacterIsEscaped() {
		int entries = Names.MAX_ENTRIES * (2 * 63 + Names.MAX_LABEL + Names.MAX_METADATA);
		int punctuation = 2 * Names.MAX_ENTRIES * 6;
		int rest = 253 + 128 + 4 * 63 + 500;
		assertThat(6 * (entries + rest) + punctuation).isLessThan(Instance.MAX_JSON_BYTES);
	}

	@Test
	void keepsItsOwnCopyOfTheLabels() {
		Map<String, String> labels = new HashMap<>(Collections.singletonMap("version", "1"));
		Instance instance = INSTANCE.withLabels(labels);
		labels.put("version", "2");
		assertThat(instance.labels()).containsExactly(Map.entry("version", "1"));
	}

	@Test
	void writesIpv6AddressesInBrackets() {
		assertThat(INSTANCE.authority()).isEqualTo("10.0.0.7:8080");
		assertThat(Instance.of("orders", "1", "fe80::1", 80).authority()).isEqualTo("[fe80::1]:80");
	}

	@Test
	void aLocalityHasNoGaps() {
		assertThat(new Locality("eu", "a", "rack-1").zone()).isEqualTo("a");
		assertThatExceptionOfType(InvalidValueException.class).isThrownBy(() -> new Locality("", "a", ""));
		assertThatExceptionOfType(InvalidValueException.class).isThrownBy(() -> new Locality("eu", "", "rack"));
		assertThatExceptionOfType(InvalidValueException.class).isThrownBy(() -> new Locality("e u", "", ""));
	}

}
