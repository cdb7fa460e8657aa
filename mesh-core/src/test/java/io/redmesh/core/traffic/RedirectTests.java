package io.redmesh.core.traffic;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class RedirectTests {

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = { "uri: /new | http://shop:8080/new?a=b",
			"uri: '/new?c' | http://shop:8080/new?c", "prefixRewrite: /v2 | http://shop:8080/v2/items?a=b",
			"authority: other | http://other/v1/items?a=b", "port: 9090 | http://shop:9090/v1/items?a=b",
			"port: 80 | http://shop/v1/items?a=b", "derivePort: FROM_REQUEST_PORT | http://shop:8080/v1/items?a=b",
			"{authority: other, derivePort: FROM_REQUEST_PORT} | http://other:8080/v1/items?a=b",
			"derivePort: FROM_PROTOCOL_DEFAULT | http://shop:8080/v1/items?a=b",
			"{scheme: https, port: 443} | https://shop/v1/items?a=b" })
	void addressFollowsEnvoy(String redirect, String location) {
		RequestFacts request = TestRequest.get("/v1/items").authority("shop:8080").port(8080);
		assertThat(redirect(redirect).location(request, "a=b")).isEqualTo(location);
	}

	@ParameterizedTest
	@CsvSource({ "shop:80, https://shop/v1", "shop:8080, https://shop:8080/v1", "[::1]:80, https://[::1]/v1",
			"[::1], https://[::1]/v1" })
	void defaultPortOfTheOldSchemeIsNotKept(String authority, String location) {
		RequestFacts request = TestRequest.get("/v1").authority(authority);
		assertThat(redirect("scheme: https").location(request, "")).isEqualTo(location);
	}

	@ParameterizedTest
	@CsvSource({ "uri: /new, 301", "redirectCode: 308, 308" })
	void statusIs301UnlessTheRuleSaysOtherwise(String redirect, int status) {
		assertThat(redirect(redirect).status()).isEqualTo(status);
	}

	private static Redirect redirect(String yaml) {
		return (Redirect) TestRules.orders("""
				- match:
				  - uri: {prefix: /v1}
				  redirect: %s
				""".formatted(yaml.startsWith("{") ? yaml : "{" + yaml + "}")).routes().get(0).route().action();
	}

}
