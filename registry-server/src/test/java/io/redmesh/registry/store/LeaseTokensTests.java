package io.redmesh.registry.store;

import java.math.BigInteger;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

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

	@Test
	void randomTextsCarryTheFenceOfTheirForm() {
		Random random = new Random(31);
		Pattern token = Pattern.compile("(\\d{1,15})-.*", Pattern.DOTALL);
		int fences = 0;
		for (int i = 0; i < 20_000; i++) {
			StringBuilder text = new StringBuilder();
			for (int length = random.nextInt(20); length > 0; length--) {
				text.append("0123456789012345678901234567890123456789-a \u0661".charAt(random.nextInt(44)));
			}
			Matcher matcher = token.matcher(text);
			BigInteger expected = (matcher.matches() && matcher.group(1).matches("[0-9]+"))
					? new BigInteger(matcher.group(1)) : BigInteger.ZERO;
			fences += expected.signum();
			assertThat(LeaseTokens.fenceOf(text.toString())).as(text.toString()).isEqualTo(expected.longValueExact());
		}
		assertThat(fences).isGreaterThan(2_000);
	}

	@Test
	void largestFenceHasFifteenDigits() {
		assertThat(LeaseTokens.fenceOf("999999999999999-a")).isEqualTo(999_999_999_999_999L);
		assertThat(LeaseTokens.fenceOf("000000000000007-a")).isEqualTo(7);
		assertThat(LeaseTokens.fenceOf("1-")).isEqualTo(1);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "-", "1-", "-a", "1", "1-a b", "1-a\"", "1-a-b", "a-1", "1-\u00fc", "1-a\n", " 1-a",
			"\u0661-a", "1-a|b" })
	void tokenThatMustBeEscapedIsNotWellFormed(String text) {
		assertThat(LeaseTokens.isWellFormed(text)).isFalse();
	}

	@Test
	void everyTokenThatIsGrantedIsWellFormed() {
		LeaseTokens tokens = new LeaseTokens(new Random(32));
		for (int i = 0; i < 200; i++) {
			assertThat(LeaseTokens.isWellFormed(LeaseTokens.token(i, tokens.secret()))).isTrue();
		}
		assertThat(LeaseTokens.isWellFormed(LeaseTokens.token(1, "0123456789abcdefghijklmnopqrstuv"))).isTrue();
	}

}
