package io.redmesh.core.outlier;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import io.redmesh.core.endpoint.EjectionCause;
import io.redmesh.core.endpoint.EjectionPolicy;
import io.redmesh.core.endpoint.Endpoint;
import io.redmesh.core.endpoint.EndpointPool;
import io.redmesh.core.endpoint.EndpointPools;
import io.redmesh.core.endpoint.EndpointSubset;
import io.redmesh.core.endpoint.Result;
import io.redmesh.core.instance.Instance;
import io.redmesh.core.registry.Catalog;
import io.redmesh.core.registry.Cursor;
import io.redmesh.core.time.ManualTime;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class OutlierDetectorTests {

	private final ManualTime time = new ManualTime();

	private final EndpointPool pool = pool();

	private final OutlierDetector detector = new OutlierDetector(this.pool, null, OutlierPolicy.DEFAULT);

	private final Endpoint one = this.pool.all().get(0);

	private final Endpoint other = this.pool.all().get(1);

	@Test
	void fiveFailuresInARowEject() {
		ended(this.one, Result.FAILURE, 4);
		ended(this.one, Result.SUCCESS, 1);
		ended(this.one, Result.FAILURE, 4);
		assertThat(this.one.isEjected()).isFalse();
		ended(this.one, Result.FAILURE, 1);
		assertThat(this.one.ejection().cause()).isEqualTo(EjectionCause.CONSECUTIVE_FAILURES);
	}

	@Test
	void oneRefusedConnectionEjects() {
		ended(this.one, Result.UNREACHABLE, 1);
		assertThat(this.one.ejection().cause()).isEqualTo(EjectionCause.UNREACHABLE);
	}

	@Test
	void oneFailedCertificateEjects() {
		ended(this.one, Result.CERTIFICATE, 1);
		assertThat(this.one.ejection().cause()).isEqualTo(EjectionCause.CERTIFICATE);
	}

	@Test
	void halfOfTenFailedEject() {
		for (int i = 0; i < 4; i++) {
			ended(this.one, Result.SUCCESS, 1);
			ended(this.one, Result.FAILURE, 1);
		}
		ended(this.one, Result.SUCCESS, 1);
		assertThat(this.one.isEjected()).isFalse();
		ended(this.one, Result.FAILURE, 1);
		assertThat(this.one.ejection().cause()).isEqualTo(EjectionCause.FAILURE_SHARE);
	}

	@Test
	void oldFailuresDoNotCount() {
		assertThat(isEjectedFailingEvery(Duration.ofSeconds(1))).isTrue();
		this.time.forward(Duration.ofMinutes(1));
		assertThat(isEjectedFailingEvery(Duration.ofSeconds(3))).isFalse();
	}

	private boolean isEjectedFailingEvery(Duration pause) {
		for (int i = 0; i < 20; i++) {
			ended(this.one, Result.SUCCESS, 1);
			this.time.forward(pause);
			ended(this.one, Result.FAILURE, 1);
			if (this.one.isEjected()) {
				return true;
			}
		}
		return false;
	}

	@Test
	void anInstanceThatRefusesWhatItsPeersAcceptIsEjected() {
		ended(this.one, Result.REJECTION, 9);
		ended(this.other, Result.SUCCESS, 20);
		assertThat(this.one.isEjected()).isFalse();
		ended(this.one, Result.REJECTION, 1);
		assertThat(this.one.ejection().cause()).isEqualTo(EjectionCause.REJECTION_SHARE);
	}

	@Test
	void anInstanceThatRefusesLikeItsPeersIsNotEjected() {
		ended(this.other, Result.SUCCESS, 18);
		ended(this.other, Result.REJECTION, 2);
		ended(this.one, Result.REJECTION, 50);
		assertThat(this.one.isEjected()).isFalse();
		assertThat(this.one.penalty(this.time.nanos())).isZero();
	}

	@Test
	void instanceThatAloneCannotCallAServiceBehindItIsEjected() {
		ended(this.one, Result.RELAY, 9);
		ended(this.other, Result.SUCCESS, 20);
		assertThat(this.one.isEjected()).isFalse();
		ended(this.one, Result.RELAY, 1);
		assertThat(this.one.ejection().cause()).isEqualTo(EjectionCause.RELAY_SHARE);
	}

	@Test
	void failuresOfAServiceBehindAllInstancesEjectNone() {
		ended(this.other, Result.SUCCESS, 18);
		ended(this.other, Result.RELAY, 2);
		ended(this.one, Result.RELAY, 50);
		assertThat(this.one.isEjected()).isFalse();
	}

	@Test
	void relayedFailuresAreNotFailuresOfTheEndpoint() {
		ended(this.one, Result.FAILURE, 4);
		ended(this.one, Result.RELAY, 50);
		assertThat(this.one.failures(this.time.nanos())).isEqualTo(4);
		assertThat(this.one.isEjected()).isFalse();
	}

	@Test
	void aRelayedFailureIsPenalised() {
		ended(this.one, Result.RELAY, 1);
		assertThat(this.one.penalty(this.time.nanos())).isEqualTo(1);
	}

	@Test
	void aProbeShowsWhetherTheInstanceStillCannotCallTheServiceBehindIt() {
		ended(this.other, Result.SUCCESS, 20);
		ended(this.one, Result.RELAY, 10);
		this.time.forward(Duration.ofSeconds(1));
		assertThat(this.pool.nextProbe(null, this.time.nanos(), true)).isSameAs(this.one);
		ended(this.one, Result.RELAY, 1);
		assertThat(this.one.ejection().times()).isEqualTo(2);
		// Now all instances relay the same failure.
		ended(this.other, Result.RELAY, 20);
		this.time.forward(Duration.ofSeconds(9).plusMillis(999));
		ended(this.other, Result.RELAY, 20);
		this.time.forward(Duration.ofSeconds(5));
		ended(this.one, Result.RELAY, 1);
		assertThat(this.one.isEjected()).isFalse();
	}

	@Test
	void aProbeDecides() {
		ended(this.one, Result.FAILURE, 5);
		this.time.forward(Duration.ofSeconds(1));
		ended(this.one, Result.FAILURE, 1);
		assertThat(this.one.ejection().times()).isOne();
		assertThat(this.pool.nextProbe(null, this.time.nanos(), true)).isSameAs(this.one);
		ended(this.one, Result.FAILURE, 1);
		assertThat(this.one.ejection().times()).isEqualTo(2);
		this.time.forward(Duration.ofSeconds(2));
		ended(this.one, Result.NOTHING, 1);
		assertThat(this.one.isEjected()).isTrue();
		ended(this.one, Result.REJECTION, 1);
		assertThat(this.one.isEjected()).isFalse();
	}

	@Test
	void checksThatAreSwitchedOffDoNotEject() {
		OutlierDetector lenient = new OutlierDetector(this.pool, null, new OutlierPolicy(0, 0, 1));
		IntStream.range(0, 100)
			.forEach((i) -> lenient.ended(this.one, Result.FAILURE, this.time.nanos(), this.time.nanos()));
		assertThat(this.one.isEjected()).isFalse();
	}

	@Test
	void consecutiveGatewayFailuresEjectWhereTheyHaveAThreshold() {
		OutlierDetector strict = new OutlierDetector(this.pool, null, new OutlierPolicy(9, 0, 1, 3, null));
		for (Result result : List.of(Result.GATEWAY_FAILURE, Result.UNANSWERED, Result.FAILURE, Result.GATEWAY_FAILURE,
				Result.UNANSWERED)) {
			strict.ended(this.one, result, this.time.nanos(), this.time.nanos());
			assertThat(this.one.isEjected()).isFalse();
		}
		strict.ended(this.one, Result.GATEWAY_FAILURE, this.time.nanos(), this.time.nanos());
		assertThat(this.one.isEjected()).isTrue();
	}

	@Test
	void unansweredAttemptsMayHaveAThresholdOfTheirOwn() {
		OutlierDetector split = new OutlierDetector(this.pool, null, new OutlierPolicy(2, 0, 1, 2, 4));
		for (int i = 0; i < 3; i++) {
			split.ended(this.one, Result.UNANSWERED, this.time.nanos(), this.time.nanos());
			assertThat(this.one.isEjected()).isFalse();
		}
		split.ended(this.one, Result.UNANSWERED, this.time.nanos(), this.time.nanos());
		assertThat(this.one.isEjected()).isTrue();
		OutlierDetector never = new OutlierDetector(this.pool, null, new OutlierPolicy(2, 0, 1, 0, 0));
		for (int i = 0; i < 20; i++) {
			never.ended(this.other, Result.UNANSWERED, this.time.nanos(), this.time.nanos());
		}
		assertThat(this.other.isEjected()).isFalse();
	}

	@Test
	void peersAreThoseOfTheSubset() {
		EndpointPool versions = pool(instance("a", "1"), instance("b", "1"), instance("c", "2"), instance("d", "2"));
		EndpointSubset v2 = new EndpointSubset("v2", Map.of("version", "2"));
		OutlierDetector ofV2 = new OutlierDetector(versions, v2, OutlierPolicy.DEFAULT);
		OutlierDetector ofAll = new OutlierDetector(versions, null, OutlierPolicy.DEFAULT);
		List<Endpoint> all = versions.all();
		for (int i = 0; i < 1_000; i++) {
			ofAll.ended(all.get(i % 2), Result.SUCCESS, this.time.nanos(), this.time.nanos());
		}
		for (int i = 0; i < 20; i++) {
			ofV2.ended(all.get(2), Result.REJECTION, this.time.nanos(), this.time.nanos());
			ofV2.ended(all.get(3), Result.REJECTION, this.time.nanos(), this.time.nanos());
		}
		assertThat(all).as("a version that lacks a path is no outlier").noneMatch(Endpoint::isEjected);
		this.time.forward(Duration.ofSeconds(20));
		for (int i = 0; i < 20; i++) {
			ofV2.ended(all.get(2), Result.SUCCESS, this.time.nanos(), this.time.nanos());
			ofV2.ended(all.get(3), Result.REJECTION, this.time.nanos(), this.time.nanos());
		}
		assertThat(all).filteredOn(Endpoint::isEjected).containsExactly(all.get(3));
	}

	@Test
	void theLimitsAreThoseOfTheSubset() {
		EndpointPool versions = pool(instance("a", "1"), instance("b", "1"), instance("c", "1"), instance("d", "2"));
		OutlierDetector ofV2 = new OutlierDetector(versions, new EndpointSubset("v2", Map.of("version", "2")),
				OutlierPolicy.DEFAULT);
		Endpoint only = versions.all().get(3);
		for (int i = 0; i < 20; i++) {
			ofV2.ended(only, Result.FAILURE, this.time.nanos(), this.time.nanos());
		}
		assertThat(only.isEjected()).isFalse();
		ofV2.ended(only, Result.UNREACHABLE, this.time.nanos(), this.time.nanos());
		assertThat(only.isEjected()).isTrue();
	}

	private static Instance instance(String id, String version) {
		return Instance.of("orders", id, "10.0.0.1", 80).withLabels(Map.of("version", version));
	}

	private void ended(Endpoint endpoint, Result result, int times) {
		for (int i = 0; i < times; i++) {
			this.detector.ended(endpoint, result, this.time.nanos(), this.time.nanos());
		}
	}

	private EndpointPool pool() {
		return pool(Instance.of("orders", "a", "10.0.0.1", 80), Instance.of("orders", "b", "10.0.0.2", 80),
				Instance.of("orders", "c", "10.0.0.3", 80));
	}

	private EndpointPool pool(Instance... instances) {
		Catalog catalog = new Catalog();
		EndpointPools pools = new EndpointPools(catalog, this.time, (service) -> EjectionPolicy.DEFAULT);
		catalog.snapshot(new Cursor("3f", 1, 1), true, Map.of("orders", List.of(instances)));
		EndpointPool pool = pools.pool("orders");
		assertThat(pool).isNotNull();
		return pool;
	}

}
