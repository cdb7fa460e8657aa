package io.redmesh.autoconfigure.restclient;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

import io.micrometer.observation.ObservationRegistry;
import io.redmesh.autoconfigure.call.HttpCalls;
import io.redmesh.autoconfigure.call.HttpTestServer;
import io.redmesh.autoconfigure.cloud.ForwardedHeaders;
import io.redmesh.core.call.CallPlanner;
import io.redmesh.core.call.CallPolicy;
import io.redmesh.core.endpoint.EjectionPolicy;
import io.redmesh.core.endpoint.EndpointPool;
import io.redmesh.core.endpoint.EndpointPools;
import io.redmesh.core.registry.Catalog;
import io.redmesh.core.registry.Cursor;
import io.redmesh.core.time.Time;
import io.redmesh.core.time.Timer;
import org.junit.jupiter.api.Test;

import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests of an HTTP client that cannot be made, say because the thread is interrupted
 * meanwhile. The next call makes it. The call that failed leaves nothing behind.
 */
class HttpClientFailureTests {

	private final Catalog catalog = new Catalog();

	private final EndpointPools pools = new EndpointPools(this.catalog, Time.system(),
			(service) -> EjectionPolicy.DEFAULT);

	@Test
	void callWhoseClientCannotBeMadeHoldsNothing() throws Exception {
		AtomicInteger made = new AtomicInteger();
		HttpCalls calls = new HttpCalls(new CallPlanner(this.pools, (service) -> CallPolicy.DEFAULT, Time.system()),
				Set.of(503), Time.system(), ObservationRegistry.NOOP);
		try (HttpTestServer server = HttpTestServer.start("a"); Timer timer = Timer.start("limits")) {
			this.catalog.snapshot(new Cursor("lineage", 1, 1), true,
					Map.of("orders", List.of(server.instance("orders"))));
			RestClient client = RestClient.builder()
				.requestFactory(new MeshClientHttpRequestFactory(
						new BlockingDriver(calls, new TimeLimits(Time.system(), timer), Time.system()),
						new Exchanges(new ForwardedHeaders(null), List.of()),
						new HttpClients(() -> secondTime(made), () -> secondTime(made)), false))
				.build();
			assertThatIllegalStateException().isThrownBy(() -> get(client)).withMessage("Not the first time");
			assertThat(this.pools.all()).flatExtracting(EndpointPool::all)
				.isNotEmpty()
				.allMatch((endpoint) -> endpoint.inFlight() == 0);
			assertThat(get(client)).isEqualTo("a");
		}
	}

	private static ClientHttpRequestFactory secondTime(AtomicInteger made) {
		if (made.incrementAndGet() == 1) {
			throw new IllegalStateException("Not the first time");
		}
		return new JdkClientHttpRequestFactory();
	}

	private static String get(RestClient client) {
		return client.get().uri(URI.create("http://orders/")).retrieve().body(String.class);
	}

}
