package io.redmesh.autoconfigure.call;

import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import io.redmesh.core.call.Attempt;
import io.redmesh.core.call.CallPlan;
import io.redmesh.core.call.CallPlanner;
import io.redmesh.core.call.CallPolicy;
import io.redmesh.core.call.CallTerms;
import io.redmesh.core.call.Destination;
import io.redmesh.core.call.NoEndpointException;
import io.redmesh.core.call.Outcome;
import io.redmesh.core.call.Sent;
import io.redmesh.core.endpoint.EjectionCause;
import io.redmesh.core.endpoint.EjectionPolicy;
import io.redmesh.core.endpoint.Endpoint;
import io.redmesh.core.endpoint.EndpointPools;
import io.redmesh.core.endpoint.Requirement;
import io.redmesh.core.instance.Instance;
import io.redmesh.core.instance.InvalidValueException;
import io.redmesh.core.instance.Locality;
import io.redmesh.core.instance.Status;
import io.redmesh.core.loadbalance.KeyHash;
import io.redmesh.core.loadbalance.LoadBalancing;
import io.redmesh.core.registry.Catalog;
import io.redmesh.core.registry.Cursor;
import io.redmesh.core.time.ManualTime;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

import static io.redmesh.core.call.Sent.sent;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class MeshHostsTests {

	private final ManualTime time = new ManualTime();

	private final Catalog catalog = new Catalog();

	private final EndpointPools pools = new EndpointPools(this.catalog, this.time, (service) -> EjectionPolicy.DEFAULT);

	private LoadBalancing loadBalancing = LoadBalancing.ROUND_ROBIN;

	private final CallPlanner planner = new CallPlanner(this.pools,
			(service) -> CallPolicy.DEFAULT.with(this.loadBalancing), this.time);

	private MeshHosts hosts = new MeshHosts(Set.of());

	@ParameterizedTest
	@CsvSource({ "http://orders/a, true", "http://ORDERS:80/a, true", "lb://orders/a, true", "HTTP://orders, true",
			"http://orders:9200/, true", "lb://orders:9200/, true", "http://orders:443/, false",
			"http://orders:8080/, false", "https://orders:80/, false", "lb://orders:1/, true", "http://stock/, false",
			"http://api.example.com/, false", "http://127.0.0.1/, false", "http://[::1]/, false",
			"http://localhost/, false", "http://orders./, false", "/orders, false", "mailto:orders, false",
			"http://under_score/, false" })
	void onlyHostsThatAreServicesWithAPortThatIsRegisteredAreForTheMesh(URI uri, boolean forTheMesh) {
		known("orders", plain("a", 8081), plain("b", 9200), secure("c", 8443));
		known("api.example.com", Instance.of("api.example.com", "a", "10.0.0.1", 80));
		assertThat(plan(uri) != null).isEqualTo(forTheMesh);
	}

	@ParameterizedTest
	@CsvSource({ "api.example.com, true", "API.Example.COM, true", "orders.mesh.local, true", "stock.local, false",
			"orders.notmesh.local, false", "example.com, false", "orders, true" })
	void aHostWithADotIsAServiceOnlyInADomainOfTheMesh(String host, boolean permitted) {
		assertThat(new MeshHosts(Set.of("api.example.com", "mesh.local")).isPermitted(host)).isEqualTo(permitted);
	}

	@Test
	void aServiceInADomainIsCalledByItsWholeName() throws Exception {
		this.hosts = new MeshHosts(Set.of("mesh.local"));
		known("orders.mesh.local", Instance.of("orders.mesh.local", "a", "10.0.0.1", 80));
		CallPlan plan = plan(URI.create("http://orders.mesh.local/a"));
		assertThat(plan).isNotNull();
		assertThat(plan.service()).isEqualTo("orders.mesh.local");
		assertThat(plan(URI.create("http://orders/a"))).isNull();
	}

	@Test
	void aServiceThatHasGoneCapturesNothing() {
		known("orders", plain("a", 80));
		assertThat(plan(URI.create("http://orders/"))).isNotNull();
		known("orders");
		assertThat(plan(URI.create("http://orders/"))).isNull();
	}

	@ParameterizedTest
	@EnumSource
	void aCallOfHttpsNeverGoesToAPlainInstance(LoadBalancing way) throws Exception {
		this.loadBalancing = way;
		known("orders", plain("a", 80), secure("b", 8443), plain("c", 80), secure("d", 9443), plain("e", 80));
		Set<String> called = new HashSet<>();
		for (int call = 0; call < 60; call++) {
			CallPlan plan = plan(URI.create("https://orders/"),
					CallTerms.IDEMPOTENT.preferring(KeyHash.of("a")).withHashKey("key-" + call));
			assertThat(plan).isNotNull();
			called.addAll(Sent.breaking(plan));
			this.time.forward(Duration.ofSeconds(1));
		}
		assertThat(called).containsExactlyInAnyOrder("b", "d");
	}

	@Test
	void aCallOfHttpsProbesNoPlainInstance() throws Exception {
		known("orders", plain("a", 80), secure("b", 8443), secure("c", 8443));
		endpoint("a").eject(EjectionCause.UNREACHABLE, null, this.time.nanos(), this.time.nanos());
		this.time.forward(Duration.ofSeconds(2));
		for (int call = 0; call < 3; call++) {
			assertThat(first("https://orders/")).isIn("b", "c");
		}
		assertThat(first("http://orders/")).isEqualTo("a");
	}

	@Test
	void ejectionAndPanicAreThoseOfTheInstancesThatServeHttps() throws Exception {
		known("orders", plain("a", 80), secure("b", 8443), secure("c", 8443));
		endpoint("b").eject(EjectionCause.UNREACHABLE, null, this.time.nanos(), this.time.nanos());
		for (int call = 0; call < 3; call++) {
			assertThat(first("https://orders/")).isEqualTo("c");
		}
		// No instance that serves https can be reached; a call of one is still better
		// than plain http.
		endpoint("c").eject(EjectionCause.UNREACHABLE, null, this.time.nanos(), this.time.nanos());
		assertThat(first("https://orders/")).isIn("b", "c");
	}

	@Test
	void aCallOfHttpsFailsClearlyIfNoInstanceServesIt() {
		known("orders", plain("a", 80), plain("b", 80));
		assertThatExceptionOfType(NoEndpointException.class).isThrownBy(() -> first("https://orders/"))
			.withMessageContaining("No instance of 'orders' serves https");
		known("orders", plain("a", 80), secure("b", 8443, Status.DOWN));
		assertThatExceptionOfType(NoEndpointException.class).isThrownBy(() -> first("https://orders/"))
			.withMessageContaining("No instance of 'orders' that serves https can be called (known: {DOWN=1})");
	}

	@Test
	void aCallOfAPortGoesOnlyToInstancesThatHaveRegisteredIt() throws Exception {
		known("search", plain("a", 80), plain("b", 9200), secure("c", 9200), plain("d", 9200));
		Set<String> called = new HashSet<>();
		for (int call = 0; call < 20; call++) {
			called.add(first("http://search:9200/"));
		}
		assertThat(called).containsExactlyInAnyOrder("b", "c", "d");
		assertThat(first("https://search:9200/")).isEqualTo("c");
		assertThatExceptionOfType(NoEndpointException.class).isThrownBy(() -> first("https://search:80/"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "10.0.0.1", "localhost", "*.example.com", ".example.com", "a b" })
	void invalidDomainIsRefused(String domain) {
		assertThatExceptionOfType(Exception.class).isThrownBy(() -> domains(domain))
			.havingRootCause()
			.isInstanceOf(InvalidValueException.class)
			.withMessageContaining("domains");
		assertThat(domains("Mesh.Example.com")).containsExactly("mesh.example.com");
	}

	private static Set<String> domains(String domain) {
		return new Binder(new MapConfigurationPropertySource(Map.of("mesh.call.domains", domain)))
			.bindOrCreate("mesh.call", CallProperties.class)
			.domains();
	}

	private String first(String uri) throws NoEndpointException {
		CallPlan plan = plan(URI.create(uri));
		assertThat(plan).isNotNull();
		Attempt attempt = sent(plan.first());
		plan.after(Outcome.ABANDONED, 0, null);
		return attempt.instance().id();
	}

	private @Nullable CallPlan plan(URI uri) {
		return plan(uri, CallTerms.IDEMPOTENT);
	}

	private @Nullable CallPlan plan(URI uri, CallTerms terms) {
		Requirement requirement = MeshHosts.requirement(uri);
		Destination destination = this.hosts.destination(this.planner, uri, requirement);
		return (destination != null) ? destination.plan(terms.requiring(requirement)) : null;
	}

	private Endpoint endpoint(String id) {
		return this.pools.pool("orders")
			.all()
			.stream()
			.filter((endpoint) -> endpoint.instance().id().equals(id))
			.findFirst()
			.orElseThrow();
	}

	private static Instance plain(String id, int port) {
		return Instance.of("orders", id, "10.0.0.1", port);
	}

	private static Instance secure(String id, int port) {
		return secure(id, port, Status.UP);
	}

	private static Instance secure(String id, int port, Status status) {
		return new Instance("orders", id, "10.0.0.2", port, true, 100, Locality.UNKNOWN, Map.of(), Map.of(), status, 0);
	}

	private void known(String service, Instance... instances) {
		Map<String, List<Instance>> services = this.catalog.services()
			.stream()
			.collect(Collectors.toMap((name) -> name, (name) -> this.catalog.service(name).instances()));
		services.put(service, Arrays.stream(instances).map((instance) -> named(service, instance)).toList());
		Cursor cursor = this.catalog.cursor();
		this.catalog.snapshot((cursor == null) ? new Cursor("3f", 1, 1) : cursor.at(cursor.revision() + 1), true,
				services);
	}

	private static Instance named(String service, Instance instance) {
		return new Instance(service, instance.id(), instance.host(), instance.port(), instance.secure(),
				instance.weight(), instance.locality(), Map.of(), Map.of(), instance.status(), 0);
	}

}
