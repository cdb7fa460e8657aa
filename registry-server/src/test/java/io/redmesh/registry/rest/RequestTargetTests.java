package io.redmesh.registry.rest;

import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests of all forms of a request's target (RFC 9112, 3.2). */
class RequestTargetTests {

	@ParameterizedTest
	@CsvSource({ "/where?q=now, /where?q=now", "/, /", "//a, //a", "/redirect?to=http://x/y, /redirect?to=http://x/y",
			"http://www.example.org/pub/WWW/TheProject.html, /pub/WWW/TheProject.html",
			"https://registry:8761/v1?x=1, /v1?x=1", "http://registry, /", "http://registry:8761, /",
			"http://registry?x=/y, /?x=/y", "http://registry/, /", "HTTP://REGISTRY/V1, /V1",
			"http://[::1]:8761/v1, /v1", "http://user:secret@registry/v1, /v1", "http://a//b, //b", "http:///v1, /v1",
			"http://a/http://b/c, /http://b/c", "www.example.com:80, www.example.com:80", "*, *", "openapi, openapi",
			"'', ''", "://a/b, ://a/b", "gopher://a/b, gopher://a/b" })
	void targetIsReducedToPathAndQuery(String sent, String expected) {
		assertThat(RequestTarget.of(sent)).isEqualTo(expected);
	}

	@Test
	void randomAbsoluteTargetsHaveThePathAndQueryOfTheirOriginForm() {
		Random random = new Random(12);
		List<String> schemes = List.of("http", "https", "HTTP", "hTTps");
		List<String> authorities = List.of("registry", "registry:8761", "10.0.0.7", "[fe80::1]:80", "u:p@h", "");
		String alphabet = "ab/:?=&%.-~@";
		for (int i = 0; i < 5_000; i++) {
			StringBuilder origin = new StringBuilder("/");
			for (int length = random.nextInt(20); length > 0; length--) {
				origin.append(alphabet.charAt(random.nextInt(alphabet.length())));
			}
			String sent = schemes.get(random.nextInt(schemes.size())) + "://"
					+ authorities.get(random.nextInt(authorities.size())) + origin;
			assertThat(RequestTarget.of(sent)).as(sent).isEqualTo(origin.toString());
			assertThat(RequestTarget.of(origin.toString())).isEqualTo(origin.toString());
		}
	}

	@Test
	void pathIsWithoutTheQueryThatMayHoldSecrets() {
		assertThat(RequestTarget.path("/v1/x?token=secret?more")).isEqualTo("/v1/x");
		assertThat(RequestTarget.path("/v1/x")).isEqualTo("/v1/x");
		assertThat(RequestTarget.path("?token=secret")).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "/a\"", "/a b", "/<", "/%zz", "/a\\b", "http://a b/", "/\u0001", "/{x}" })
	void targetWithForbiddenCharactersIsNoUri(String target) {
		assertThat(RequestTarget.isUri(target)).isFalse();
	}

	@ParameterizedTest
	@ValueSource(strings = { "/", "*", "/a%20b?c=d&e", "http://[::1]:80/a", "a.b:80", "/v1/instances/10.0.0.7:8080" })
	void wellFormedTargetIsAUri(String target) {
		assertThat(RequestTarget.isUri(target)).isTrue();
	}

}
