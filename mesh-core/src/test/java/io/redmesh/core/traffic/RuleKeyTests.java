package io.redmesh.core.traffic;

import java.util.stream.Stream;

import io.redmesh.core.instance.InvalidValueException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class RuleKeyTests {

	@Test
	void writtenFormIsParsed() {
		RuleKey key = new RuleKey(RuleKind.VIRTUAL_SERVICE, "my-service.v1");
		assertThat(key).hasToString("VirtualService/my-service.v1");
		assertThat(RuleKey.parse(key.toString())).isEqualTo(key);
		assertThat(RuleKey.parse("destinationrule/a")).hasToString("DestinationRule/a");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "VirtualService", "VirtualService/", "/a", "Gateway/a", "VirtualService/a/b",
			"VirtualService/A", "VirtualService/-a", "VirtualService/a-" })
	void anythingElseIsNoKey(String text) {
		assertThat(RuleKey.parse(text)).isNull();
	}

	@Test
	void nameIsThatOfKubernetes() {
		assertThat(RuleKey.isName("a".repeat(253))).isTrue();
		for (String name : new String[] { "", "a".repeat(254), "a_b", "a/b", ".a", "a.", "\u00e4" }) {
			assertThatThrownBy(() -> new RuleKey(RuleKind.DESTINATION_RULE, name))
				.isInstanceOf(InvalidValueException.class);
		}
	}

	@Test
	void orderIsThatOfKindsThenNames() {
		assertThat(Stream.of("DestinationRule/a", "VirtualService/b", "VirtualService/a").map(RuleKey::parse).sorted())
			.hasToString("[VirtualService/a, VirtualService/b, DestinationRule/a]");
	}

}
