package io.redmesh.core.endpoint;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

import io.redmesh.core.instance.Instance;
import io.redmesh.core.instance.Locality;
import io.redmesh.core.instance.Status;
import io.redmesh.core.registry.Catalog;
import io.redmesh.core.registry.Cursor;
import io.redmesh.core.time.ManualTime;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests of the views of subsets: endpoints and beliefs are shared, limits are not. */
class EndpointSubsetTests {

	private static final EndpointSubset V1 = new EndpointSubset("v1", Map.of("version", "1"));

	private static final EndpointSubset V2 = new EndpointSubset("v2", Map.of("version", "2"));

	private static final Locality NEAR = new Locality("eu", "a", "");

	private static final Locality FAR = new Locality("eu", "b", "");

	private final ManualTime time = new ManualTime();

	private final Catalog catalog = new Catalog();

	private final EndpointPools pools = new EndpointPools(this.catalog, this.time, (service) -> EjectionPolicy.DEFAULT,
			NEAR);

	private long revision;

	@Test
	void hasTheInstancesWithAllOfItsLabels() {
		EndpointPool pool = update(instance("a", Map.of("version", "1", "tier", "gold")),
				instance("b", Map.of("version", "1")), instance("c", Map.of("version", "2")), instance("d", Map.of()));
		assertThat(ids(pool.subset(V1).all())).containsExactly("a", "b");
		assertThat(ids(pool.subset(new EndpointSubset("", Map.of("version", "1", "tier", "gold"))).all()))
			.containsExactly("a");
		assertThat(pool.subset(new EndpointSubset("", Map.of("version", "3"))).candidates()).isEmpty();
		assertThat(pool.subset(new EndpointSubset("", Map.of())).all()).isEqualTo(pool.all());
		assertThat(pool.subset(null)).isSameAs(pool.view());
	}

	@Test
	void aRequirementOfTheUriHoldsWithinTheSubset() {
		Instance secure = new Instance("orders", "s", "10.0.0.9", 8443, true, 100, NEAR, Map.of("version", "2"),
				Map.of(), Status.UP, 0);
		EndpointPool pool = update(instance("a", Map.of("version", "1")), instance("b", Map.of("version", "2")),
				secure);
		assertThat(ids(pool.view(Requirement.SECURE.within(V2)).candidates())).containsExactly("s");
		assertThat(pool.view(Requirement.SECURE.within(V1)).candidates()).isEmpty();
		assertThat(ids(pool.view(new Requirement(false, 80, V2)).candidates())).containsExactly("b");
		assertThat(pool.view(Requirement.of(V2))).isSameAs(pool.subset(V2));
	}

	@Test
	void endpointsAndEjectionsAreShared() {
		EndpointPool pool = update(instance("a", Map.of("version", "2", "tier", "gold")),
				instance("b", Map.of("version", "2")), instance("c", Map.of("tier", "gold")));
		EndpointSubset gold = new EndpointSubset("gold", Map.of("tier", "gold"));
		Endpoint a = endpoint(pool, "a");
		assertThat(pool.subset(V2).all()).contains(a);
		assertThat(pool.subset(gold).all()).contains(a);
		eject(pool, V2, EjectionCause.UNREACHABLE, "a");
		assertThat(ids(pool.subset(V2).candidates())).containsExactly("b");
		assertThat(ids(pool.subset(gold).candidates())).containsExactly("c");
		a.restore(this.time.nanos(), this.time.nanos());
		assertThat(pool.subset(gold).candidates()).contains(a);
	}

	@Test
	void theShareThatMayBeEjectedIsThatOfTheSubset() {
		EndpointPool pool = update(versions(8, 4));
		eject(pool, V2, EjectionCause.CONSECUTIVE_FAILURES, "v2-0", "v2-1", "v2-2", "v2-3");
		assertThat(ejected(pool)).containsExactly("v2-0", "v2-1");
		pool.all().forEach((endpoint) -> endpoint.restore(this.time.nanos(), this.time.nanos()));
		eject(pool, null, EjectionCause.CONSECUTIVE_FAILURES, "v2-0", "v2-1", "v2-2", "v2-3");
		assertThat(ejected(pool)).as("of the service").hasSize(4);
	}

	@Test
	void theLastOfASubsetIsNotEjectedForItsResponses() {
		EndpointPool pool = update(versions(8, 1));
		eject(pool, V2, EjectionCause.CONSECUTIVE_FAILURES, "v2-0");
		assertThat(ejected(pool)).isEmpty();
		eject(pool, V2, EjectionCause.UNREACHABLE, "v2-0");
		assertThat(ejected(pool)).containsExactly("v2-0");
		assertThat(ids(pool.subset(V2).candidates())).as("better than none").containsExactly("v2-0");
	}

	@Test
	void panicIsThatOfTheSubset() {
		EndpointPool pool = update(versions(8, 4));
		eject(pool, null, EjectionCause.CONSECUTIVE_FAILURES, "v2-0", "v2-1", "v2-2");
		assertThat(pool.view().isPanicking()).isFalse();
		assertThat(pool.subset(V1).isPanicking()).isFalse();
		assertThat(pool.subset(V2).isPanicking()).isTrue();
		assertThat(ids(pool.subset(V2).candidates())).containsExactly("v2-0", "v2-1", "v2-2", "v2-3");
		assertThat(pool.view().candidates()).hasSize(9);
	}

	@Test
	void aPolicyOfItsOwnHoldsForItsEjections() {
		EndpointPool pool = update(versions(8, 4));
		EjectionPolicy all = new EjectionPolicy(Duration.ofSeconds(30), Duration.ofSeconds(30), 1, 0, Duration.ZERO);
		EndpointSubset strict = new EndpointSubset("v2", Map.of("version", "2"), all);
		eject(pool, strict, EjectionCause.CONSECUTIVE_FAILURES, "v2-0", "v2-1", "v2-2", "v2-3");
		assertThat(ejected(pool)).containsExactly("v2-0", "v2-1", "v2-2");
		assertThat(ids(pool.subset(strict).candidates())).containsExactly("v2-3");
		assertThat(pool.subset(V2).candidates()).as("with the policy of the service").hasSize(4);
		this.time.forward(Duration.ofSeconds(29));
		assertThat(pool.nextProbe(Requirement.of(strict), this.time.nanos(), true)).isNull();
		this.time.forward(Duration.ofSeconds(1));
		assertThat(pool.nextProbe(Requirement.of(strict), this.time.nanos(), true)).isNotNull();
	}

	@Test
	void aPolicyOfItsOwnHoldsAlsoIfAllInstancesAreInTheSubset() {
		EndpointPool pool = update(versions(0, 4));
		EjectionPolicy all = new EjectionPolicy(Duration.ofSeconds(1), Duration.ofSeconds(8), 1, 0, Duration.ZERO);
		EndpointSubset strict = new EndpointSubset("v2", Map.of("version", "2"), all);
		eject(pool, strict, EjectionCause.CONSECUTIVE_FAILURES, "v2-0", "v2-1", "v2-2");
		assertThat(ejected(pool)).hasSize(3);
		assertThat(pool.subset(V2)).isSameAs(pool.view());
		assertThat(pool.view(new Requirement(false, 80, strict)).candidates()).hasSize(1);
	}

	@Test
	void tiersAreThoseOfTheSubset() {
		EndpointPool pool = update(instance("a", Map.of("version", "1"), NEAR),
				instance("b", Map.of("version", "2"), FAR));
		assertThat(pool.subset(V2).tier(this.time.nanos()).endpoints()).containsExactly(endpoint(pool, "b"));
		assertThat(pool.subset(V1).tier(this.time.nanos()).endpoints()).containsExactly(endpoint(pool, "a"));
	}

	@Test
	void aProbeIsOfTheSubset() {
		EndpointPool pool = update(versions(2, 2));
		eject(pool, null, EjectionCause.UNREACHABLE, "v1-0");
		this.time.forward(Duration.ofSeconds(1));
		assertThat(pool.nextProbe(Requirement.of(V2), this.time.nanos(), true)).isNull();
		assertThat(pool.nextProbe(Requirement.of(V1), this.time.nanos(), true)).isSameAs(endpoint(pool, "v1-0"));
	}

	@Test
	void anInstanceWhoseLabelsChangeMovesWithItsBeliefs() {
		EndpointPool pool = update(instance("a", Map.of("version", "1")), instance("b", Map.of("version", "1")));
		Endpoint b = endpoint(pool, "b");
		b.attemptStarted(this.time.nanos());
		update(instance("a", Map.of("version", "1")), instance("b", Map.of("version", "2")));
		assertThat(ids(pool.subset(V1).all())).containsExactly("a");
		assertThat(pool.subset(V2).all()).containsExactly(b);
		assertThat(b.inFlight()).isOne();
		// An attempt of the subset that it was in: those of the service limit it.
		b.eject(EjectionCause.CONSECUTIVE_FAILURES, V1, this.time.nanos(), this.time.nanos());
		assertThat(b.isEjected()).isTrue();
	}

	@Test
	void aSubsetWithoutInstancesCapturesCallsAllTheSame() {
		EndpointPool pool = update(instance("a", Map.of()));
		assertThat(pool.captures(Requirement.of(V2))).isTrue();
		assertThat(pool.captures(new Requirement(false, 80, V2))).isTrue();
		assertThat(pool.captures(new Requirement(false, 81, V2))).isFalse();
	}

	@Test
	void viewsAreKeptUntilTheEndpointsChange() {
		EndpointPool pool = update(versions(2, 2));
		EndpointView view = pool.subset(V2);
		EndpointView secure = pool.view(new Requirement(false, 80, V2));
		for (int port = 1; port < 100; port++) {
			pool.view(new Requirement(false, port));
			pool.view(new Requirement(true, port, V1));
		}
		assertThat(pool.subset(new EndpointSubset("v2", Map.of("version", "2")))).isSameAs(view);
		assertThat(pool.view(new Requirement(false, 80, V2))).isSameAs(secure);
		update(versions(2, 3));
		assertThat(pool.subset(V2)).isNotSameAs(view);
		assertThat(pool.subset(V2).all()).hasSize(3);
	}

	@Test
	void anyNumberOfSubsetsHasViews() {
		EndpointPool pool = update(versions(2, 2));
		for (int i = 0; i < 1_000; i++) {
			assertThat(pool.subset(new EndpointSubset("s" + i, Map.of("version", "2"))).all()).hasSize(2);
			assertThat(pool.subset(V1).all()).hasSize(2);
			assertThat(pool.subset(V1)).isSameAs(pool.subset(V1));
		}
	}

	@Test
	void saysWhatItAsksOfAnInstance() {
		assertThat(V2).hasToString("is in subset 'v2' {version=2}");
		assertThat(new EndpointSubset("", Map.of("version", "2", "tier", "gold")))
			.hasToString("has the labels {tier=gold, version=2}");
		assertThat(new Requirement(true, 8443, V2))
			.hasToString("serves https on port 8443 and is in subset 'v2' " + "{version=2}");
		assertThat(new Requirement(false, 0, V2)).hasToString("is in subset 'v2' {version=2}");
		assertThat(new Requirement(false, 80)).hasToString("serves on port 80");
	}

	private void eject(EndpointPool pool, @Nullable EndpointSubset subset, EjectionCause cause, String... ids) {
		for (String id : ids) {
			endpoint(pool, id).eject(cause, subset, this.time.nanos(), this.time.nanos());
		}
	}

	private static Instance[] versions(int ofV1, int ofV2) {
		List<Instance> instances = new ArrayList<>();
		for (int i = 0; i < ofV1; i++) {
			instances.add(instance("v1-" + i, Map.of("version", "1")));
		}
		for (int i = 0; i < ofV2; i++) {
			instances.add(instance("v2-" + i, Map.of("version", "2")));
		}
		return instances.toArray(Instance[]::new);
	}

	private static Instance instance(String id, Map<String, String> labels) {
		return instance(id, labels, NEAR);
	}

	private static Instance instance(String id, Map<String, String> labels, Locality locality) {
		return new Instance("orders", id, "10.0.0.1", 80, false, 100, locality, labels, Map.of(), Status.UP, 0);
	}

	private EndpointPool update(Instance... instances) {
		this.catalog.snapshot(new Cursor("3f", 1, ++this.revision), true, Map.of("orders", Arrays.asList(instances)));
		EndpointPool pool = this.pools.pool("orders");
		assertThat(pool).isNotNull();
		return pool;
	}

	private static Endpoint endpoint(EndpointPool pool, String id) {
		return pool.all().stream().filter((endpoint) -> endpoint.instance().id().equals(id)).findFirst().orElseThrow();
	}

	private static List<String> ids(List<Endpoint> endpoints) {
		return endpoints.stream().map((endpoint) -> endpoint.instance().id()).toList();
	}

	private static List<String> ejected(EndpointPool pool) {
		return ids(pool.all().stream().filter(Endpoint::isEjected).toList());
	}

}
