package io.redmesh.core.endpoint;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Predicate;

import io.redmesh.core.instance.Instance;
import io.redmesh.core.instance.Locality;
import io.redmesh.core.instance.Status;
import io.redmesh.core.registry.Catalog;
import io.redmesh.core.registry.Cursor;
import io.redmesh.core.time.ManualTime;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of the candidates in random states, compared with the groups of
 * docs/concepts/balancing.md and the limits of docs/concepts/ejection.md.
 */
class EndpointViewModelTests {

	private static final Requirement PORT = new Requirement(false, 8081);

	private final ManualTime time = new ManualTime();

	private final Catalog catalog = new Catalog();

	private final SplittableRandom random = new SplittableRandom(77);

	private long revision;

	@ParameterizedTest
	@CsvSource({ "0.5, 0.5", "0, 0", "1, 0", "1, 1", "0.3, 0.9" })
	void areTheFirstGroupThatIsNotEmpty(double maxEjected, double panicThreshold) {
		EjectionPolicy policy = new EjectionPolicy(Duration.ofSeconds(1), Duration.ofSeconds(8), maxEjected,
				panicThreshold, Duration.ZERO);
		EndpointPools pools = new EndpointPools(this.catalog, this.time, (service) -> policy);
		update(10);
		EndpointPool pool = pools.pool("orders");
		int panics = 0;
		int probes = 0;
		for (int step = 0; step < 1_500; step++) {
			if (this.random.nextInt(50) == 0) {
				update(this.random.nextInt(11));
			}
			for (Endpoint endpoint : pool.all()) {
				change(pool, policy, endpoint);
			}
			this.time.forward(Duration.ofMillis(this.random.nextInt(400)));
			assertCandidates(pool, null, panicThreshold);
			assertCandidates(pool, Requirement.SECURE, panicThreshold);
			assertCandidates(pool, PORT, panicThreshold);
			panics += pool.view().isPanicking() ? 1 : 0;
			probes += probe(pool) ? 1 : 0;
		}
		assertThat(probes).isGreaterThan(50);
		assertThat(panics).isPositive();
	}

	private void change(EndpointPool pool, EjectionPolicy policy, Endpoint endpoint) {
		long now = this.time.nanos();
		switch (this.random.nextInt(40)) {
			case 0, 1 -> {
				EjectionCause[] causes = EjectionCause.values();
				EjectionCause cause = causes[this.random.nextInt(causes.length)];
				boolean before = endpoint.isEjected();
				long ejected = count(pool, (one) -> isUp(one) && one.isEjected() && !one.isUnreachable());
				long up = count(pool, EndpointViewModelTests::isUp);
				endpoint.eject(cause, null, now, now);
				boolean limited = ejected >= Math.min(up - 1, Math.max(1, (int) (policy.maxEjectedShare() * up)));
				assertThat(endpoint.isEjected()).isEqualTo(before || cause.isUnreachable() || !limited);
			}
			case 2 -> {
				endpoint.restore(now, now);
				assertThat(endpoint.isEjected()).isFalse();
			}
			default -> {
				// It stays as it is.
			}
		}
	}

	private void assertCandidates(EndpointPool pool, Requirement requirement, double panicThreshold) {
		List<Endpoint> all = pool.all()
			.stream()
			.filter((one) -> requirement == null || requirement.isMetBy(one.instance()))
			.toList();
		List<Endpoint> up = all.stream().filter(EndpointViewModelTests::isUp).toList();
		List<Endpoint> reachable = up.stream().filter((one) -> !one.isUnreachable()).toList();
		List<Endpoint> trusted = reachable.stream().filter((one) -> !one.instance().suspect()).toList();
		List<Endpoint> group = trusted.isEmpty() ? reachable : trusted;
		List<Endpoint> good = group.stream().filter((one) -> !one.isEjected()).toList();
		boolean few = good.isEmpty() || good.size() < panicThreshold * group.size();
		List<Endpoint> expected = few ? group : good;
		if (group.isEmpty()) {
			expected = !up.isEmpty() ? up : all.stream().filter(EndpointViewModelTests::mayAnswer).toList();
		}
		assertThat(pool.view(requirement).candidates()).isEqualTo(expected);
		assertThat(pool.view(requirement).isPanicking()).isEqualTo(few && !expected.isEmpty());
		assertThat(pool.view(requirement).candidates()).isSameAs(pool.view(requirement).candidates());
		assertThat(pool.captures(requirement))
			.isEqualTo((requirement == PORT) ? !all.isEmpty() : !pool.all().isEmpty());
	}

	/** Takes a probe, and compares it with the rules for calls that may be its probe. */
	private boolean probe(EndpointPool pool) {
		boolean repeatable = this.random.nextBoolean();
		long now = this.time.nanos();
		long overdue = now - Duration.ofSeconds(8).toNanos();
		List<Endpoint> due = pool.all()
			.stream()
			.filter((one) -> isUp(one) && one.isEjected()
					&& one.ejection().isDue((repeatable || one.isUnreachable()) ? now : overdue))
			.toList();
		Endpoint probed = pool.nextProbe(null, now, repeatable);
		if (due.isEmpty()) {
			assertThat(probed).isNull();
			return false;
		}
		assertThat(probed).isIn(due);
		assertThat(probed.ejection().probed()).isTrue();
		assertThat(pool.nextProbe(null, now, repeatable)).isNotSameAs(probed);
		return true;
	}

	private static long count(EndpointPool pool, Predicate<Endpoint> condition) {
		return pool.all().stream().filter(condition).count();
	}

	private static boolean isUp(Endpoint endpoint) {
		return endpoint.instance().status() == Status.UP && endpoint.instance().port() > 0;
	}

	private static boolean mayAnswer(Endpoint endpoint) {
		Status status = endpoint.instance().status();
		return (status == Status.STARTING || status == Status.DRAINING) && endpoint.instance().port() > 0;
	}

	private void update(int count) {
		List<Instance> instances = new ArrayList<>();
		int usual = this.random.nextInt(4);
		for (int i = 0; i < count; i++) {
			Status status = (this.random.nextInt(4) < usual) ? Status.UP
					: Status.values()[this.random.nextInt(Status.values().length)];
			// The address decides whether it is the same incarnation as before.
			instances.add(new Instance("orders", "i" + i, "10.0.0." + (i + 1), (i == 4) ? 0 : 8080 + i % 2, i % 3 == 0,
					100, Locality.UNKNOWN, Map.of(), Map.of(), status, 0, this.random.nextInt(3) == 0));
		}
		this.catalog.snapshot(new Cursor("3f", 1, ++this.revision), true, Map.of("orders", instances));
	}

}
