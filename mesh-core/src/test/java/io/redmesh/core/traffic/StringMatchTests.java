package io.redmesh.core.traffic;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class StringMatchTests {

	@Test
	void prefixIsRawAndNoPathPrefix() {
		StringMatch match = new StringMatch.Prefix("/foo", false);
		assertThat(match.matches("/foo")).isTrue();
		assertThat(match.matches("/foo/bar")).isTrue();
		assertThat(match.matches("/foobar")).isTrue();
		assertThat(match.matches("/fo")).isFalse();
		assertThat(match.matches("/Foo")).isFalse();
	}

	@Test
	void expressionMatchesTheWholeText() {
		StringMatch match = new StringMatch.Expression(Regex.of("/v[0-9]+"));
		assertThat(match.matches("/v12")).isTrue();
		assertThat(match.matches("/v12/items")).isFalse();
		assertThat(match.matches("/api/v12")).isFalse();
	}

	@Test
	void caseCountsUnlessItIsIgnored() {
		assertThat(new StringMatch.Exact("/foo", false).matches("/FOO")).isFalse();
		assertThat(new StringMatch.Exact("/foo", true).matches("/FOO")).isTrue();
		assertThat(new StringMatch.Prefix("/foo", true).matches("/FOO/bar")).isTrue();
	}

	@Test
	void presenceIsFulfilledByAnEmptyTextButNotByAMissingOne() {
		assertThat(StringMatch.present().matches("")).isTrue();
		assertThat(StringMatch.present().matchesMissing()).isFalse();
		assertThat(new StringMatch.Exact("", false).matchesMissing()).isTrue();
		assertThat(new StringMatch.Exact("a", false).matchesMissing()).isFalse();
	}

	@Test
	void everyPathMatchesSomeConditions() {
		assertThat(StringMatch.present().matchesEveryPath()).isTrue();
		assertThat(new StringMatch.Prefix("/", false).matchesEveryPath()).isTrue();
		assertThat(new StringMatch.Expression(Regex.of(".*")).matchesEveryPath()).isTrue();
		assertThat(new StringMatch.Prefix("/a", false).matchesEveryPath()).isFalse();
		assertThat(new StringMatch.Exact("/", false).matchesEveryPath()).isFalse();
		assertThat(new StringMatch.Expression(Regex.of("/.*")).matchesEveryPath()).isFalse();
	}

}
