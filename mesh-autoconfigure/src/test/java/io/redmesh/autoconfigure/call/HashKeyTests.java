package io.redmesh.autoconfigure.call;

import java.net.URI;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.micrometer.observation.ObservationRegistry;
import io.redmesh.core.call.CallPlanner;
import io.redmesh.core.call.CallPolicy;
import io.redmesh.core.call.Deadline;
import io.redmesh.core.endpoint.EjectionPolicy;
import io.redmesh.core.endpoint.EndpointPools;
import io.redmesh.core.instance.Instance;
import io.redmesh.core.instance.InvalidValueException;
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

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class HashKeyTests {

	@ParameterizedTest
	@CsvSource({ "header:X-User, h", "Header: x-user, h", "cookie:session, c", "query:user, q%20q", "query:none,",
			"cookie:sess,", "header:X-None,", "source-address, 10.1.2.3", "Source-Address , 10.1.2.3" })
	void keyIsFoundInTheConfiguredPlace(String text, @Nullable String value) {
		HttpHeaders headers = new HttpHeaders();
		headers.set("X-User", "h");
		headers.add("Cookie", "a=b");
		headers.add("Cookie", "sessions=d; session=c");
		ServedRequest served = new ServedRequest(1, Deadline.NONE);
		served.cameFrom("10.1.2.3");
		assertThat(HashKey.parse(text).find(URI.create("http://orders/?x&user=q%20q&user=r"), headers, served))
			.isEqualTo(value);
	}

	@Test
	void outsideOfARequestThereIsNoSourceAddress() {
		HashKey key = HashKey.parse("source-address");
		assertThat(key.find(URI.create("http://orders/"), HttpHeaders.EMPTY, null)).isNull();
		assertThat(key.find(URI.create("http://orders/"), HttpHeaders.EMPTY, new ServedRequest(1, Deadline.NONE)))
			.isNull();
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "", "X-User", "header:", "body:x", ":x", "source-address:x", "source_address:x", "source" })
	void anythingElseIsRefused(String text) {
		assertThatExceptionOfType(InvalidValueException.class).isThrownBy(() -> HashKey.parse(text))
			.withMessageContaining("hashKey");
	}

	@Test
	void callsWithEqualKeysGoToOneInstanceAndCallsWithoutAKeyToAny() throws Exception {
		ManualTime time = new ManualTime();
		Catalog catalog = new Catalog();
		EndpointPools pools = new EndpointPools(catalog, time, (service) -> EjectionPolicy.DEFAULT);
		catalog.snapshot(new Cursor("lineage", 1, 1), true,
				Map.of("orders", List.of(Instance.of("orders", "a", "10.0.0.1", 80),
						Instance.of("orders", "b", "10.0.0.2", 80), Instance.of("orders", "c", "10.0.0.3", 80))));
		HttpCalls calls = new HttpCalls(
				new CallPlanner(pools, (service) -> CallPolicy.DEFAULT.with(LoadBalancing.CONSISTENT_HASH), time),
				new HashKeys(null, Map.of("orders", HashKey.parse("header:X-User"))), Map.of(),
				new ResponseClassifier(Set.of(503), false, time), Long.MAX_VALUE, ObservationRegistry.NOOP);
		Set<String> everywhere = new HashSet<>();
		for (int user = 0; user < 30; user++) {
			Set<String> ofOneUser = new HashSet<>();
			for (int call = 0; call < 5; call++) {
				ofOneUser.add(pick(calls, "user-" + user));
			}
			assertThat(ofOneUser).hasSize(1);
			everywhere.addAll(ofOneUser);
		}
		assertThat(everywhere).hasSize(3);
		Set<String> byChance = new HashSet<>();
		for (int call = 0; call < 100; call++) {
			byChance.add(pick(calls, null));
		}
		assertThat(byChance).hasSize(3);
	}

	private static String pick(HttpCalls calls, @Nullable String user) throws Exception {
		HttpHeaders headers = new HttpHeaders();
		if (user != null) {
			headers.set("X-User", user);
		}
		PendingCall pending = calls.plan(URI.create("http://orders/"), HttpMethod.GET, headers, Map.of(), null, null);
		assertThat(pending).isNotNull();
		HttpCall call = pending.begin();
		call.abandon();
		return call.instance().id();
	}

}
