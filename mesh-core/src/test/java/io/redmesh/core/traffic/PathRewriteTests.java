package io.redmesh.core.traffic;

import io.redmesh.core.instance.InvalidValueException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class PathRewriteTests {

	@ParameterizedTest
	@CsvSource({ "prefix: /v1/, /, /v1/items/7, /items/7", "prefix: /v1, /, /v1/items, //items",
			"prefix: /v1, /v2, /v1, /v2", "prefix: /v1, /v2, /v1x, /v2x", "exact: /v1/items, /items, /v1/items, /items",
			"regex: '/v[0-9]/.*', /items, /v1/a/b, /items", "prefix: /, /v2/, /items, /v2/items" })
	void uriReplacesWhatWasMatched(String match, String uri, String path, String expected) {
		assertThat(rewrite("uri: {" + match + "}", "uri: " + uri).apply(path)).isEqualTo(expected);
	}

	@Test
	void uriWithoutAMatchReplacesTheFirstSlashAsInEnvoy() {
		assertThat(rewrite("headers: {x: {}}", "uri: /v2/").apply("/items")).isEqualTo("/v2/items");
		assertThat(rewrite("uri: {}", "uri: /v2").apply("/items")).isEqualTo("/v2items");
	}

	@Test
	void eachMatchOfARouteHasItsOwnPrefix() {
		VirtualService rule = TestRules.orders("""
				- match:
				  - uri: {prefix: /a}
				  - uri: {prefix: /abc}
				  rewrite: {uri: /x}
				  route: [{destination: {host: one}}]
				""");
		assertThat(rule.routes()).extracting((route) -> route.route().forward().rewrite().path().apply("/abcd"))
			.containsExactly("/xbcd", "/xd");
	}

	@Test
	void expressionReplacesEachOfItsMatches() {
		assertThat(substitution("/v([0-9]+)", "/\\1/\\0").apply("/v12/a/v3")).isEqualTo("/12//v12/a/3//v3");
		assertThat(substitution("^/service/([^/]+)(/.*)$", "\\2/instance/\\1").apply("/service/foo/v1/api"))
			.isEqualTo("/v1/api/instance/foo");
		assertThat(substitution("(x)|y", "[\\1]\\\\").apply("/xy")).isEqualTo("/[x]\\[]\\");
		assertThat(substitution("q", "p").apply("/items")).isEqualTo("/items");
	}

	@Test
	void groupThatDoesNotExistIsRefused() {
		for (String text : new String[] { "\\2", "a\\", "\\x", "\\\\\\" }) {
			assertThatThrownBy(() -> substitution("(a)", text)).isInstanceOf(InvalidValueException.class);
		}
	}

	@Test
	void authorityIsPartOfARewrite() {
		VirtualService rule = TestRules
			.orders("- {rewrite: {authority: b.example.org}, route: [{destination: {host: b}}]}");
		Rewrite rewrite = rule.routes().get(0).route().forward().rewrite();
		assertThat(rewrite).isEqualTo(new Rewrite(null, "b.example.org"));
	}

	private static PathRewrite substitution(String regex, String text) {
		return new PathRewrite.Substitution(Regex.of(regex), text);
	}

	private static PathRewrite rewrite(String match, String rewrite) {
		return TestRules.orders("""
				- match:
				  - {%s}
				  rewrite: {%s}
				  route: [{destination: {host: one}}]
				""".formatted(match, rewrite)).routes().get(0).route().forward().rewrite().path();
	}

}
