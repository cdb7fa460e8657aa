package io.redmesh.autoconfigure;

import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.redmesh.core.instance.Instance;
import io.redmesh.core.instance.InvalidValueException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.boot.diagnostics.FailureAnalysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

class MeshPropertiesTests {

	@Test
	void nothingNeedsToBeSet() {
		MeshProperties properties = bind(Map.of());
		assertThat(properties.namespace()).isEqualTo("default");
		assertThat(properties.registry().uris()).hasToString("[http://localhost:8761]");
		assertThat(properties.instance().host()).isNull();
		assertThat(properties.discovery().services()).containsExactly("*");
	}

	@Test
	void severalServersAreGivenAsAList() {
		assertThat(bind(Map.of("mesh.registry.url", "http://a:1/, https://b/registry")).registry().uris())
			.hasToString("[http://a:1, https://b/registry]");
	}

	@Test
	void labelsMayHaveDotsAndSlashes() {
		assertThat(bind(Map.of("mesh.instance.labels[app.kubernetes.io/part-of]", "shop")).instance().labels())
			.containsEntry("app.kubernetes.io/part-of", "shop");
	}

	@Test
	void servicesByHandAreListsOfUrls() {
		MeshProperties.Discovery discovery = bind(
				Map.of("mesh.discovery.instances.orders", "http://localhost:8099, https://[::1]:8443/",
						"mesh.discovery.instances.shop.carts[0]", "https://carts", "mesh.discovery.instances.none", ""))
			.discovery();
		assertThat(discovery.byHand()).containsOnlyKeys("orders", "shop.carts");
		assertThat(discovery.byHand().get("orders")).extracting(Instance::id, Instance::authority, Instance::secure)
			.containsExactly(tuple("static-1", "localhost:8099", false), tuple("static-2", "[::1]:8443", true));
		assertThat(discovery.byHand().get("shop.carts")).extracting(Instance::authority).containsExactly("carts:443");
	}

	@ParameterizedTest
	@CsvSource({ "mesh.namespace, Upper, mesh.namespace", "mesh.registry.url, registry:8761, mesh.registry.url",
			"mesh.registry.url, 'http://no host', mesh.registry.url", "mesh.registry.url, ftp://a, mesh.registry.url",
			"mesh.registration.ttl, 2s, mesh.registration.ttl",
			"mesh.rules.locations, rules.yaml, mesh.rules.locations",
			"mesh.registration.ttl, 1h, mesh.registration.ttl", "mesh.registration.drain, -1s, mesh.registration.drain",
			"mesh.registry.request-timeout, 0s, mesh.registry.request-timeout",
			"mesh.registry.request-timeout, 11s, mesh.registration.ttl",
			"mesh.instance.host, 0.0.0.0, mesh.instance.host", "mesh.instance.port, 70000, mesh.instance.port",
			"mesh.instance.weight, -1, mesh.instance.weight",
			"mesh.instance.locality.zone, a, mesh.instance.locality.zone",
			"mesh.discovery.services, 'a,B', mesh.discovery.services",
			"mesh.discovery.instances.orders, localhost:8099, mesh.discovery.instances.orders",
			"mesh.discovery.instances.orders, http://a/path, mesh.discovery.instances.orders",
			"mesh.discovery.instances.orders, 'http://a,ftp://b', mesh.discovery.instances.orders",
			"mesh.discovery.instances[a_b], http://a, mesh.discovery.instances.a_b" })
	void wrongValueIsAnalyzedByTheNameOfItsProperty(String property, String value, String named) {
		BindException failure = catchThrowableOfType(BindException.class, () -> bind(Map.of(property, value)));
		FailureAnalysis analysis = new InvalidValueFailureAnalyzer().analyze(failure);
		assertThat(analysis).isNotNull();
		assertThat(analysis.getDescription()).startsWith("The property " + named);
		assertThat(analysis.getAction()).startsWith("Set " + named + " to ");
	}

	@Test
	void metadataOfTooManyBytesFailsTheStart() {
		String value = "\u00e4".repeat(1024);
		BindException failure = catchThrowableOfType(BindException.class,
				() -> bind(Map.of("mesh.instance.metadata.note", value)));
		FailureAnalysis analysis = new InvalidValueFailureAnalyzer().analyze(failure);
		assertThat(analysis).isNotNull();
		assertThat(analysis.getDescription()).startsWith("The property mesh.instance.metadata[note]")
			.contains("2048 bytes (expected: at most 1024 bytes of UTF-8)");
	}

	@Test
	void servicesToFollowFitIntoOneLine() {
		String services = IntStream.range(0, 257).mapToObj((i) -> "s" + i).collect(Collectors.joining(","));
		BindException failure = catchThrowableOfType(BindException.class,
				() -> bind(Map.of("mesh.discovery.services", services)));
		FailureAnalysis analysis = new InvalidValueFailureAnalyzer().analyze(failure);
		assertThat(analysis).isNotNull();
		assertThat(analysis.getDescription()).contains("mesh.discovery.services", "257 services");
	}

	@Test
	void leaseMayBeAsShortAsARenewalAllows() {
		assertThat(
				bind(Map.of("mesh.registration.ttl", "3s", "mesh.registry.request-timeout", "2s")).registration().ttl())
			.hasSeconds(3);
	}

	@Test
	void wrongValueOfAnotherPropertyIsNotAnalyzed() {
		assertThat(new InvalidValueFailureAnalyzer().analyze(new InvalidValueException("port", 1, "2"))).isNull();
	}

	private static MeshProperties bind(Map<String, String> properties) {
		return new Binder(new MapConfigurationPropertySource(properties)).bindOrCreate("mesh", MeshProperties.class);
	}

}
