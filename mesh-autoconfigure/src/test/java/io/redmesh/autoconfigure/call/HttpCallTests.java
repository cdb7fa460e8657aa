package io.redmesh.autoconfigure.call;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.micrometer.observation.ObservationRegistry;
import io.redmesh.core.call.CallPlanner;
import io.redmesh.core.call.CallPolicy;
import io.redmesh.core.endpoint.EjectionPolicy;
import io.redmesh.core.endpoint.Endpoint;
import io.redmesh.core.endpoint.EndpointPools;
import io.redmesh.core.instance.Instance;
import io.redmesh.core.instance.Locality;
import io.redmesh.core.instance.Status;
import io.redmesh.core.loadbalance.LoadBalancing;
import io.redmesh.core.registry.Catalog;
import io.redmesh.core.registry.Cursor;
import io.redmesh.core.time.ManualTime;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;

import static org.assertj.core.api.Assertions.assertThat;

class HttpCallTests {

	private final ManualTime time = new ManualTime();

	private final Catalog catalog = new Catalog();

	private final EndpointPools pools = new EndpointPools(this.catalog, this.time, (service) -> EjectionPolicy.DEFAULT);

	private final HttpCalls calls = new HttpCalls(
			new CallPlanner(this.pools, (service) -> CallPolicy.DEFAULT.with(LoadBalancing.ROUND_ROBIN), this.time),
			Set.of(503), this.time, ObservationRegistry.NOOP);

	@ParameterizedTest
	@CsvSource({ "http://orders, http://10.0.0.1:80", "http://orders/, http://10.0.0.1:80/",
			"http://orders:80/a, http://10.0.0.1:80/a", "lb://orders/a, http://10.0.0.1:80/a",
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
		assertThat(this.calls.plan(URI.create("/relative"), HttpMethod.GET, new HttpHeaders(), Map.of(), null, null))
			.isNull();
		assertThat(this.calls.plan(URI.create("http://under_score/"), HttpMethod.GET, new HttpHeaders(), Map.of(), null,
				null))
			.isNull();
	}

	@Test
	void callAbandonedBetweenTwoAttemptsIsReportedOnce() throws Exception {
		known(Instance.of("orders", "a", "10.0.0.1", 80), Instance.of("orders", "b", "10.0.0.2", 80));
		HttpCall call = begin(URI.create("http://orders"), HttpMethod.GET);
		assertThat(call.failed(new ConnectException())).isTrue();
		assertThat(endpoints()).extracting(Endpoint::inFlight).containsExactlyInAnyOrder(0, 1);
		call.abandon();
		call.abandon();
		assertThat(call.responded(HttpStatus.OK, HttpHeaders.EMPTY)).isFalse();
		assertThat(call.failed(new ConnectException())).isFalse();
		assertThat(endpoints()).extracting(Endpoint::inFlight).containsExactly(0, 0);
	}

	@Test
	void answeredCallIsNotAbandoned() throws Exception {
		known(Instance.of("orders", "a", "10.0.0.1", 80));
		HttpCall call = begin(URI.create("http://orders"), HttpMethod.GET);
		assertThat(call.responded(HttpStatus.OK, HttpHeaders.EMPTY)).isFalse();
		call.abandon();
		assertThat(endpoints()).extracting(Endpoint::inFlight).containsExactly(1);
		call.release();
		call.release();
		assertThat(endpoints()).extracting(Endpoint::inFlight).containsExactly(0);
	}

	@ParameterizedTest
	@CsvSource({ "200, , , false", "404, , , false", "500, , , false", "503, , , true", "503, stock, , false",
			"502, , , false", "421, , Orders, true", "421, , stock, false", "421, , , false", "504, , orders, false" })
	void responsesThatMayBeBetterElsewhereAreRetried(int status, @Nullable String failedAt, @Nullable String refused,
			boolean again) throws Exception {
		known(Instance.of("orders", "a", "10.0.0.1", 80), Instance.of("orders", "b", "10.0.0.2", 80));
		HttpHeaders headers = new HttpHeaders();
		if (failedAt != null) {
			headers.set("Mesh-Failed-At", failedAt);
		}
		if (refused != null) {
			headers.set("Mesh-Refused", refused);
		}
		HttpCall call = begin(URI.create("http://orders"), HttpMethod.GET);
		assertThat(call.responded(HttpStatusCode.valueOf(status), headers)).isEqualTo(again);
	}

	@ParameterizedTest
	@CsvSource({ "orders, true", "stock, false", ", false" })
	void postIsRetriedOnlyIfTheServiceItselfRefusedIt(@Nullable String refused, boolean again) throws Exception {
		known(Instance.of("orders", "a", "10.0.0.1", 80), Instance.of("orders", "b", "10.0.0.2", 80));
		HttpHeaders headers = new HttpHeaders();
		if (refused != null) {
			headers.set("Mesh-Refused", refused);
		}
		HttpCall call = begin(URI.create("http://orders"), HttpMethod.POST);
		assertThat(call.responded(HttpStatus.SERVICE_UNAVAILABLE, headers)).isEqualTo(again);
	}

	@ParameterizedTest
	@CsvSource({ "2, 2000", "'Thu, 01 Jan 2026 00:00:03 GMT', 3000" })
	void onlyInstanceIsRetriedAfterItsRetryAfter(String retryAfter, long millis) throws Exception {
		known(Instance.of("orders", "a", "10.0.0.1", 80));
		HttpHeaders headers = new HttpHeaders();
		headers.set(HttpHeaders.RETRY_AFTER, retryAfter);
		HttpCall call = begin(URI.create("http://orders"), HttpMethod.GET);
		assertThat(call.responded(HttpStatus.SERVICE_UNAVAILABLE, headers)).isTrue();
		assertThat(call.delay()).isEqualTo(Duration.ofMillis(millis));
	}

	@ParameterizedTest
	@CsvSource({ "'Fri, 31 Dec 9999 23:59:59 GMT', 3600", "999999999, 3600", "3600, 3600", "3599, 3599" })
	void retryAfterIsBounded(String retryAfter, long seconds) {
		HttpHeaders headers = new HttpHeaders();
		headers.set(HttpHeaders.RETRY_AFTER, retryAfter);
		assertThat(new ResponseClassifier(Set.of(503), false, this.time).retryAfter(headers))
			.isEqualTo(Duration.ofSeconds(seconds));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "-1", "soon", "Fri, 31 Dec 9999 23:59:59 GMT", "999999999", "99999999999999", "60",
			"Wed, 31 Dec 2025 00:00:00 GMT" })
	void onlyInstanceIsNotRetriedOtherwise(String retryAfter) throws Exception {
		known(Instance.of("orders", "a", "10.0.0.1", 80));
		HttpHeaders headers = new HttpHeaders();
		headers.set(HttpHeaders.RETRY_AFTER, retryAfter);
		HttpCall call = begin(URI.create("http://orders"), HttpMethod.GET);
		assertThat(call.responded(HttpStatus.SERVICE_UNAVAILABLE, headers)).isFalse();
		call.release();
		assertThat(endpoints()).extracting(Endpoint::inFlight).containsExactly(0);
	}

	private void known(Instance... instances) {
		this.catalog.snapshot(new Cursor("lineage", 1, 1), true, Map.of("orders", List.of(instances)));
	}

	private HttpCall begin(URI uri, HttpMethod method) throws Exception {
		PendingCall call = this.calls.plan(uri, method, new HttpHeaders(), Map.of(), null, null);
		assertThat(call).isNotNull();
		return call.begin();
	}

	private List<Endpoint> endpoints() {
		return this.pools.pool("orders").all();
	}

}
