package io.redmesh.core.instance;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests of the rules for names, compared with patterns and with java.net.URI. */
class NamesModelTests {

	private static final int TRIALS = 40_000;

	private static final Pattern NAMESPACE = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

	private static final Pattern SERVICE = Pattern.compile("[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?");

	private static final Pattern ADDRESS = Pattern.compile("[0-9]+|[0-9]+(\\.[0-9]+){3}|(.*\\.)?localhost");

	private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:-]{0,127}");

	private static final Pattern LOCALITY = Pattern.compile("|[A-Za-z0-9][A-Za-z0-9._-]{0,62}");

	private static final Pattern KEY = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._/-]{0,62}");

	private final SplittableRandom random = new SplittableRandom(99);

	@Test
	void namesAndIdsFollowTheirPatterns() {
		int accepted = 0;
		for (int trial = 0; trial < TRIALS; trial++) {
			String text = text("aZ0-._:/ \u00e4~", 140);
			boolean namespace = accepts(Names::requireNamespace, "namespace", text);
			assertThat(namespace).as(text).isEqualTo(NAMESPACE.matcher(text).matches());
			boolean id = accepts(Names::requireId, "id", text);
			assertThat(id).as(text).isEqualTo(ID.matcher(text).matches());
			boolean step = accepts((value) -> new Locality(value, "", "").region(), "locality.region", text);
			assertThat(step).as(text).isEqualTo(LOCALITY.matcher(text).matches());
			boolean key = accepts((value) -> {
				Names.requireEntries("labels", Map.of(value, ""), 1);
				return value;
			}, "labels[" + text + "]", text);
			assertThat(key).as(text).isEqualTo(KEY.matcher(text).matches());
			accepted += (namespace && id && step && key) ? 1 : 0;
		}
		assertThat(accepted).isBetween(TRIALS / 50, TRIALS / 2);
	}

	@Test
	void aServiceIsPermittedIfItIsTheHostOfAUriAndNoAddress() throws Exception {
		int accepted = 0;
		for (int trial = 0; trial < TRIALS; trial++) {
			String text = text("ab01.-", 70) + ((trial % 8 == 0) ? "localhost" : "");
			boolean expected = SERVICE.matcher(text).matches() && !ADDRESS.matcher(text).matches() && isHost(text);
			assertThat(accepts(Names::requireService, "service", text)).as(text).isEqualTo(expected);
			accepted += expected ? 1 : 0;
		}
		assertThat(accepted).isGreaterThan(TRIALS / 10);
	}

	@Test
	void aHostIsPermittedIfItIsTheHostOfAUri() throws Exception {
		int accepted = 0;
		for (int trial = 0; trial < TRIALS; trial++) {
			String text = text((trial % 2 == 0) ? "aB1.-_" : "12.", 20);
			// URI also reads the dot at the end of an absolute DNS name.
			boolean expected = isHost(text) && !text.endsWith(".");
			assertThat(accepts(Names::requireHost, "host", text)).as(text).isEqualTo(expected);
			accepted += expected ? 1 : 0;
			if (expected) {
				assertThat(new URI("http://" + Instance.of("a", "b", text, 80).authority() + "/").getPort())
					.isEqualTo(80);
			}
		}
		assertThat(accepted).isGreaterThan(TRIALS / 10);
	}

	@ParameterizedTest
	@ValueSource(strings = { "2001:DB8::7", "::ffff:10.0.0.7", "1:2:3:4:5:6:7:8", "fe80::" })
	void anIpv6AddressIsWrittenSoThatAUriReadsItBack(String host) throws Exception {
		URI uri = new URI("http://" + Instance.of("a", "b", host, 65_535).authority() + "/");
		assertThat(uri.getHost()).isEqualTo("[" + host + "]");
		assertThat(uri.getPort()).isEqualTo(65_535);
	}

	@ParameterizedTest
	@ValueSource(strings = { ":", ":::", "1:2:3:4:5:6:7:8:9", "12345::", "g::1", "::1%eth0", "[::1]", "1::2::3",
			"::ffff:0.0.0.0", "10.0.0.7:80" })
	void whatOnlyLooksLikeAnIpv6AddressIsRefused(String host) {
		assertThat(accepts(Names::requireHost, "host", host)).isFalse();
	}

	@Test
	void aHostIsAtMost253CharactersAndEachOfItsLabels63() {
		String label = "x".repeat(63);
		String longest = label + "." + label + "." + label + "." + "x".repeat(61);
		assertThat(longest).hasSize(253);
		assertThat(accepts(Names::requireHost, "host", longest)).isTrue();
		assertThat(accepts(Names::requireHost, "host", longest + "x")).isFalse();
		assertThat(accepts(Names::requireHost, "host", "x" + label)).isFalse();
		assertThat(accepts(Names::requireHost, "host", "a." + label + "x.b")).isFalse();
	}

	private static boolean isHost(String text) throws URISyntaxException {
		try {
			// Of an authority that is no server's, URI reads no host.
			return text.equals(new URI("http://" + text + "/").getHost());
		}
		catch (URISyntaxException ex) {
			return false;
		}
	}

	private static boolean accepts(UnaryOperator<String> rule, String field, String text) {
		try {
			assertThat(rule.apply(text)).isSameAs(text);
			return true;
		}
		catch (InvalidValueException ex) {
			assertThat(ex.field()).isEqualTo(field);
			assertThat(ex).hasMessageContaining("(expected: " + ex.permitted() + ")");
			return false;
		}
	}

	private String text(String alphabet, int max) {
		int length = (this.random.nextInt(4) == 0) ? this.random.nextInt(max) : this.random.nextInt(1, 9);
		int letters = this.random.nextInt(1, alphabet.length() + 1);
		StringBuilder text = new StringBuilder();
		for (int i = 0; i < length; i++) {
			text.append(alphabet.charAt(this.random.nextInt(letters)));
		}
		return text.toString();
	}

	@ParameterizedTest
	@CsvSource({ "80, 80", "81, 80" })
	void theMessageShortensALongValue(int length, int shown) {
		InvalidValueException ex = new InvalidValueException("id", "x".repeat(length), "less");
		String value = (length > 80) ? "x".repeat(77) + "..." : "x".repeat(length);
		assertThat(value).hasSize(shown);
		assertThat(ex).hasMessage("id: " + value + " (expected: less)");
		InvalidValueException placed = ex.in("leases[7].");
		assertThat(placed).hasMessage("leases[7].id: " + value + " (expected: less)");
		assertThat(placed.field()).isEqualTo("leases[7].id");
		assertThat(placed.permitted()).isEqualTo("less");
	}

	@Test
	void aCopyDiffersInOneComponentOnly() {
		Locality locality = new Locality("eu", "a", "rack-1");
		Map<String, String> metadata = new HashMap<>(Map.of("k", "v"));
		Instance full = new Instance("orders", "a", "10.0.0.7", 8080, true, 7, locality, Map.of("version", "1"),
				metadata, Status.DRAINING, 9, true);
		metadata.clear();
		assertThat(full.metadata()).containsExactly(Map.entry("k", "v"));
		assertThat(List.of(full.withStatus(Status.UP), full.withWeight(8), full.withFence(10), full.withSuspect(false),
				full.withLabels(Map.of())))
			.doesNotHaveDuplicates()
			.doesNotContain(full);
		assertThat(List.of(full.withStatus(Status.UP).withStatus(Status.DRAINING), full.withWeight(8).withWeight(7),
				full.withFence(10).withFence(9), full.withSuspect(false).withSuspect(true),
				full.withLabels(Map.of()).withLabels(full.labels())))
			.containsOnly(full);
	}

	@ParameterizedTest
	@CsvSource({ "0, 0", "65535, 10000" })
	void theEndsOfTheRangesArePermitted(int port, int weight) {
		Instance instance = Instance.of("orders", "a", "10.0.0.7", port).withWeight(weight);
		assertThat(instance.port()).isEqualTo(port);
		assertThat(instance.weight()).isEqualTo(weight);
	}

}
