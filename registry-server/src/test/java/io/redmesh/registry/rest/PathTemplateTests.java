package io.redmesh.registry.rest;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.redmesh.core.instance.InvalidValueException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** Tests of path templates, also with random paths and a regular expression. */
class PathTemplateTests {

	private static final PathTemplate INSTANCE = PathTemplate
		.parse("/v1/namespaces/{ns}/services/{service}/instances/{id}");

	private static final List<String> TEMPLATES = List.of("/openapi", "/v1/sd/prometheus", "/v1/namespaces/{ns}/watch",
			"/v1/namespaces/{ns}/services", "/v1/namespaces/{ns}/services/{service}", "/{a}", "/{a}/{b}/{c}");

	private static final List<String> WORDS = List.of("v1", "openapi", "sd", "prometheus", "namespaces", "services",
			"watch", "default", "", "a/b", "a b", "b +c", "+", "%", "%2F", "?", "\u00fc", "\ud83d\ude00", "{ns}", "..",
			";x=1");

	@Test
	void variablesHaveTheValuesOfTheirSegments() {
		assertThat(match(INSTANCE, "/v1/namespaces/default/services/orders/instances/10.0.0.7:8080"))
			.isEqualTo(Map.of("ns", "default", "service", "orders", "id", "10.0.0.7:8080"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "/v1/namespaces/default/services/orders/instances", "/v1/namespaces/default/services",
			"/v1/namespaces/default/services/orders/instances/a/",
			"/v1/namespaces/default/services/orders/instances/a/b",
			"/v2/namespaces/default/services/orders/instances/a", "/V1/namespaces/default/services/orders/instances/a",
			"//v1/namespaces/default/services/orders/instances/a", "/" })
	void pathOfOtherSegmentsDoesNotMatch(String path) {
		assertThat(match(INSTANCE, path)).isNull();
	}

	@ParameterizedTest
	@CsvSource({ "a%2Fb, a/b", "a%252Fb, a%2Fb", "%C3%BC, \u00fc", "%f0%9f%98%80, \ud83d\ude00", "a+b, a+b",
			"a%20b+c, 'a b+c'", "%3F, ?", "'', ''" })
	void segmentIsDecodedOnceAndAfterTheSplit(String sent, String decoded) {
		assertThat(match(PathTemplate.parse("/x/{id}"), "/x/" + sent)).isEqualTo(Map.of("id", decoded));
	}

	@Test
	void queryIsNoPartOfThePathWhateverItHolds() {
		PathTemplate template = PathTemplate.parse("/x/{id}");
		assertThat(match(template, "/x/a?b=/c/%zz?d")).isEqualTo(Map.of("id", "a"));
		assertThat(match(template, "/x?/a")).isNull();
		assertThat(match(template, "/x/?a")).isEqualTo(Map.of("id", ""));
	}

	@ParameterizedTest
	@ValueSource(strings = { "/a/%zz", "/a/%", "/%4", "/a%2/b" })
	void brokenPercentEncodingIsRefusedAsAnInvalidPath(String path) {
		assertThatExceptionOfType(InvalidValueException.class).isThrownBy(() -> PathTemplate.split(path))
			.satisfies((ex) -> assertThat(ex.field()).isEqualTo("path"))
			.satisfies((ex) -> assertThat(ex.permitted()).isEqualTo("a percent-encoded path"));
	}

	@Test
	void rootIsTheFirstSegment() {
		assertThat(INSTANCE.root()).isEqualTo("v1");
		assertThat(INSTANCE).hasToString("/v1/namespaces/{ns}/services/{service}/instances/{id}");
	}

	@Test
	void randomPathsMatchLikeARegularExpression() {
		Random random = new Random(11);
		int matched = 0;
		for (int i = 0; i < 20_000; i++) {
			String template = TEMPLATES.get(random.nextInt(TEMPLATES.size()));
			String path = path(random, template);
			Map<String, String> expected = expected(template, path);
			matched += (expected != null) ? 1 : 0;
			assertThat(match(PathTemplate.parse(template), path)).as("%s on %s", template, path).isEqualTo(expected);
		}
		assertThat(matched).as("paths that match").isBetween(5_000, 15_000);
	}

	/** Draws a path, which often differs from the template in a single segment. */
	private static String path(Random random, String template) {
		List<String> segments = new ArrayList<>();
		for (String segment : template.substring(1).split("/")) {
			boolean keep = !segment.startsWith("{") && random.nextInt(12) > 0;
			segments.add(keep ? segment : WORDS.get(random.nextInt(WORDS.size())));
		}
		if (random.nextInt(10) == 0) {
			segments.add(random.nextInt(segments.size() + 1), WORDS.get(random.nextInt(WORDS.size())));
		}
		if (random.nextInt(10) == 0 && segments.size() > 1) {
			segments.remove(random.nextInt(segments.size()));
		}
		StringBuilder path = new StringBuilder();
		segments.forEach((segment) -> path.append('/').append(encoded(random, segment)));
		return random.nextBoolean() ? path.toString() : path.append("?x=/y/%zz").toString();
	}

	private static String encoded(Random random, String segment) {
		String encoded = URLEncoder.encode(segment, StandardCharsets.UTF_8).replace("+", "%20");
		if (!segment.isEmpty() && encoded.equals(segment) && random.nextInt(4) == 0) {
			return "%%%02x".formatted((int) segment.charAt(0)) + segment.substring(1);
		}
		return (random.nextBoolean() ? encoded : encoded.replace("%2B", "+").replace("%3B", ";"));
	}

	/** Matches by a regular expression, after slashes within a segment were masked. */
	private static Map<String, String> expected(String template, String path) {
		StringBuilder masked = new StringBuilder();
		for (String segment : path.replaceFirst("\\?.*", "").substring(1).split("/", -1)) {
			String decoded = URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
			masked.append('/').append(decoded.replace('/', '\u0001'));
		}
		List<String> names = new ArrayList<>();
		Matcher variables = Pattern.compile("\\{(\\w+)}").matcher(template);
		while (variables.find()) {
			names.add(variables.group(1));
		}
		Matcher matcher = Pattern.compile(template.replaceAll("\\{\\w+}", "([^/]*)")).matcher(masked);
		if (!matcher.matches()) {
			return null;
		}
		Map<String, String> values = new HashMap<>();
		for (int i = 0; i < names.size(); i++) {
			values.put(names.get(i), matcher.group(i + 1).replace('\u0001', '/'));
		}
		return values;
	}

	private static Map<String, String> match(PathTemplate template, String path) {
		return template.match(PathTemplate.split(path));
	}

}
