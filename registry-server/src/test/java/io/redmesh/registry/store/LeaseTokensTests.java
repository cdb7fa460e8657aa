package io.redmesh.registry.store;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class LeaseTokensTests {

	@Test
	void tokenCarriesItsFenceAndIsNeverTheSame() {
		LeaseTokens tokens = new LeaseTokens();
		String secret = tokens.secret();
		String token = LeaseTokens.token(1_790_000_000_000L, secret);
		assertThat(token).matches("1790000000000-[0-9a-f]{32}");
		assertThat(LeaseTokens.fenceOf(token)).isEqualTo(1_790_000_000_000L);
		assertThat(LeaseTokens.secretOf(token)).isEqualTo(secret);
		assertThat(tokens.secret()).isNotEqualTo(secret);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "-", "x", "12", "-1-a", "1x-a", "1234567890123456-a", "99999999999999999999-a" })
	void whatIsNoTokenCarriesNoFence(String text) {
		assertThat(LeaseTokens.fenceOf(text)).isZero();
	}

}
