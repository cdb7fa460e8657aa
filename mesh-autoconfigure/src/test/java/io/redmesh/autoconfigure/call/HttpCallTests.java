package io.redmesh.autoconfigure.call;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.util.List;
import java.util.Map;

import io.micrometer.observation.ObservationRegistry;
import io.redmesh.core.call.CallPlanner;
import io.redmesh.core.call.RetryPolicy;
import io.redmesh.core.endpoint.Endpoint;
import io.redmesh.core.endpoint.EndpointPools;
import io.redmesh.core.instance.Instance;
import io.redmesh.core.instance.Locality;
import io.redmesh.core.instance.Status;
import io.redmesh.core.loadbalance.LoadBalancing;
import io.redmesh.core.registry.Catalog;
import io.redmesh.core.registry.Cursor;
import io.redmesh.core.time.ManualTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;

import static org.assertj.core.api.Assertions.assertThat;

class HttpCallTests {

	private final ManualTime time = new ManualTime();

	private final Catalog catalog = new Catalog();

	private final EndpointPools pools = new EndpointPools(this.catalog, this.time);

	private final HttpCalls calls = new HttpCalls(
			new CallPlanner(this.pools, LoadBalancing.ROUND_ROBIN, new RetryPolicy(3), this.time),
			ObservationRegistry.NOOP);

	@ParameterizedTest
	@CsvSource({ "http://orders, http://10.0.0.1:80", "http://orders/, http://10.0.0.1:80/",
			"http://orders:8080/a, http://10.0.0.1:80/a", "https://orders/a, http://10.0.0.1:80/a",
			"http://orders?q=/@, http://10.0.0.1:80?q=/@", "http://orders/@a:b, http://10.0.0.1:80/@a:b",
			"http://user:p%40ss@orders/a, http://user:p%40ss@10.0.0.1:80/a",
			"http://Orders/a%2Fb;v=1?x=%20+&y#z, http://10.0.0.1:80/a%2Fb;v=1?x=%20+&y#z" })
	void addressDiffersInSchemeHostAndPortOnly(URI uri, URI address) throws Exception {
		known(Instance.of("orders", "a", "10.0.0.1", 80));
		assertThat(begin(uri, HttpMethod.GET).address(uri)).isEqualTo(address);
	}

	@Test
	void secureInstanceIsAddressedByHttps() throws Exception {
		known(new Instance("orders", "a", "::1", 8443, true, 100, Locality.UNKNOWN, Map.of(), Map.of(), Status.UP, 0));
		URI uri = URI.create("http://orders/a");
		assertThat(begin(uri, HttpMethod.GET).address(uri)).isEqualTo(URI.create("https://[::1]:8443/a"));
	}

	@ParameterizedTest
	@CsvSource({ "GET, true", "HEAD, true", "OPTIONS, true", "TRACE, true", "PUT, true", "DELETE, true", "POST, false",
			"PATCH, false", "PURGE, false" })
	void methodTellsWhetherABrokenCallIsTriedAgain(String method, boolean again) throws Exception {
		known(Instance.of("orders", "a", "10.0.0.1", 80), Instance.of("orders", "b", "10.0.0.2", 80));
		HttpCall call = begin(URI.create("http://orders"), HttpMethod.valueOf(method));
		assertThat(call.failed(new IOException("Connection reset"))).isEqualTo(again);
	}

	@Test
	void uriWithoutAHostPasses() throws Exception {
		assertThat(this.calls.begin(URI.create("/relative"), HttpMethod.GET, new HttpHeaders(), null)).isNull();
		assertThat(this.calls.begin(URI.create("http://under_score/"), HttpMethod.GET, new HttpHeaders(), null))
			.isNull();
	}

	@Test
	void whatIsAbandonedBetweenTwoAttemptsIsReportedOnce() throws Exception {
		known(Instance.of("orders", "a", "10.0.0.1", 80), Instance.of("orders", "b", "10.0.0.2", 80));
		HttpCall call = begin(URI.create("http://orders"), HttpMethod.GET);
		assertThat(call.failed(new ConnectException())).isTrue();
		assertThat(endpoints()).extracting(Endpoint::inFlight).containsExactlyInAnyOrder(0, 1);
		call.abandon();
		call.abandon();
		assertThat(call.responded(HttpStatus.OK)).isFalse();
		assertThat(call.failed(new ConnectException())).isFalse();
		assertThat(endpoints()).extracting(Endpoint::inFlight).containsExactly(0, 0);
	}

	@Test
	void whatIsOverIsNotAbandoned() throws Exception {
		known(Instance.of("orders", "a", "10.0.0.1", 80));
		HttpCall call = begin(URI.create("http://orders"), HttpMethod.GET);
		assertThat(call.responded(HttpStatus.OK)).isFalse();
		call.abandon();
		assertThat(endpoints()).extracting(Endpoint::inFlight).containsExactly(0);
	}

	private void known(Instance... instances) {
		this.catalog.snapshot(new Cursor("lineage", 1, 1), true, Map.of("orders", List.of(instances)));
	}

	private HttpCall begin(URI uri, HttpMethod method) throws Exception {
		HttpCall call = this.calls.begin(uri, method, new HttpHeaders(), null);
		assertThat(call).isNotNull();
		return call;
	}

	private List<Endpoint> endpoints() {
		return this.pools.pool("orders").all();
	}

}
