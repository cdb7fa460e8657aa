package io.redmesh.autoconfigure.call;

import java.net.URI;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;

import static org.assertj.core.api.Assertions.assertThat;

class HttpFactsTests {

	@ParameterizedTest
	@CsvSource({ "http://orders, /, orders, http, 80",
			"http://Orders:8080/a%2Fb%20c?d#e, /a%2Fb%20c, Orders:8080, http, 8080",
			"https://orders/x;y=1/, /x;y=1/, orders, https, 443", "lb://orders/a, /a, orders, http, 80",
			"HTTPS://orders?q, /, orders, https, 443", "http://user:p@orders/a, /a, orders, http, 80",
			"http://[::1]:90/a, /a, [::1]:90, http, 90" })
	void partsOfTheUriAreThoseOfTheRequestLine(URI uri, String path, String authority, String scheme, int port) {
		HttpFacts facts = facts(uri, HttpHeaders.EMPTY);
		assertThat(facts.path()).isEqualTo(path);
		assertThat(facts.authority()).isEqualTo(authority);
		assertThat(facts.scheme()).isEqualTo(scheme);
		assertThat(facts.port()).isEqualTo(port);
		assertThat(facts.method()).isEqualTo("GET");
	}

	@ParameterizedTest
	@CsvSource({ "a=1&b=2, b, 2", "a=1&a=2, a, 1", "a, a, ''", "a=, a, ''", "aa=1&b, a,", "b=a, a,",
			"a%62=c%20d+e, ab, c d e", "a=%25zz, a, %zz", "=1, '',", "x=1=2, x, 1=2", "&&a=b&, a, b", ", a," })
	void queryParameterIsTheFirstOfItsName(@Nullable String query, String name, @Nullable String value) {
		URI uri = URI.create("http://orders/" + ((query != null) ? "?" + query : ""));
		HttpFacts facts = facts(uri, HttpHeaders.EMPTY);
		assertThat(facts.queryParameter(name)).isEqualTo(value);
	}

	@Test
	void valuesOfAHeaderAreJoined() {
		HttpHeaders headers = new HttpHeaders();
		headers.set("X-User", "one");
		headers.put("Accept", List.of("a", "b"));
		headers.put("Cookie", List.of("user=jo; theme=dark", "session=7"));
		HttpFacts facts = facts(URI.create("http://orders/"), headers);
		assertThat(facts.header("x-user")).isEqualTo("one");
		assertThat(facts.header("accept")).isEqualTo("a,b");
		assertThat(facts.header("x-other")).isNull();
		assertThat(facts.cookie("user")).isEqualTo("jo");
		assertThat(facts.cookie("session")).isEqualTo("7");
		assertThat(facts.cookie("none")).isNull();
	}

	private static HttpFacts facts(URI uri, HttpHeaders headers) {
		return new HttpFacts(uri, HttpMethod.GET, headers);
	}

}
