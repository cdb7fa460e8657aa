package io.redmesh.chaos.proof;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.IntStream;

import io.redmesh.chaos.history.InstanceView;
import io.redmesh.chaos.mesh.InstancesProcess;
import io.redmesh.chaos.process.RedisClusterNodes;
import io.redmesh.chaos.process.RedisProcess;
import io.redmesh.chaos.process.RedisSentinels;
import io.redmesh.chaos.process.Waiting;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Fixed scenarios with their targets, in seconds; {@code .ci/proof} starts them. */
@Tag("proof")
class ProofTests {

	private static final List<String> SERVICES = IntStream.range(0, 10).mapToObj((number) -> "s" + number).toList();

	private static final double LEASE = 15;

	private static final double PATIENCE = 30;

	/** The time until the next check of a suspect, the next sweep, and the delta. */
	private static final double LOOKS = 3.5;

	@Test
	void stopped() {
		try (Stage stage = new Stage(RedisProcess::new).start()) {
			stage.launch("others", instances(19, "other"));
			InstancesProcess one = stage.launch("one", List.of("s3/one"));
			stage.awaitCalm(20);
			long stopped = stage.now();
			one.freeze();
			double gone = stage.secondsUntil(stopped, Duration.ofSeconds(30), lacks(one));
			Waiting.pause(Duration.ofSeconds(5));
			assertThat(stage.goneSince(0)).containsExactly("s3/one");
			long continued = stage.now();
			one.thaw();
			double back = stage.secondsUntil(continued, Duration.ofSeconds(20), has(one));
			print("stopped: gone everywhere after %.2f (target 16.5), no other gone; back after %.2f (target 6)", gone,
					back);
			assertThat(gone).isLessThan(LEASE + 1.5);
			assertThat(back).isLessThan(6);
		}
	}

	@Test
	void killed() {
		try (Stage stage = new Stage(RedisProcess::new).start()) {
			stage.launch("others", instances(17, "other"));
			List<InstancesProcess> victims = IntStream.range(0, 3)
				.mapToObj((number) -> stage.launch("victim" + number, List.of("s" + number + "/victim")))
				.toList();
			stage.awaitCalm(20);
			List<Double> gone = new ArrayList<>();
			for (InstancesProcess victim : victims) {
				long killed = stage.now();
				victim.kill();
				gone.add(stage.secondsUntil(killed, Duration.ofSeconds(30), lacks(victim)));
				Waiting.pause(Duration.ofSeconds(3));
			}
			print("killed: gone everywhere after %.2f, %.2f, %.2f (target 2), no other gone", gone.toArray());
			assertThat(stage.goneSince(0)).containsExactly("s0/victim", "s1/victim", "s2/victim");
			assertThat(gone).allSatisfy((seconds) -> assertThat(seconds).isLessThan(2));
		}
	}

	@Test
	void frozen() {
		try (Stage stage = new Stage(RedisProcess::new, "mesh.server.eviction.patience=" + (int) PATIENCE + "s")
			.start()) {
			List<InstancesProcess> processes = IntStream.range(0, 5)
				.mapToObj((number) -> launchTwenty(stage, "p" + number))
				.toList();
			List<InstancesProcess> two = processes.subList(0, 2);
			stage.awaitCalm(100);
			long frozen = stage.now();
			two.forEach(InstancesProcess::freeze);
			double suspected = stage.secondsUntil(frozen, Duration.ofSeconds(25), areSuspect(two));
			Waiting.pause(Duration.ofSeconds(24).minusNanos(stage.now() - frozen));
			assertThat(stage.allKnow(areSuspect(two))).isTrue();
			long continued = stage.now();
			two.forEach(InstancesProcess::thaw);
			double restored = stage.secondsUntil(continued, Duration.ofSeconds(20),
					(known) -> known.size() == 100 && suspects(known) == 0);
			Waiting.pause(Duration.ofSeconds(5));
			int evicted = stage.goneSince(0).size();
			long killed = stage.now();
			two.forEach(InstancesProcess::kill);
			double gone = stage.secondsUntil(killed, Duration.ofSeconds(60),
					(known) -> known.size() == 60 && two.stream().allMatch((process) -> lacks(process).test(known)));
			print("frozen: 40 of 100 suspect after %.1f, %d evicted in 24; restored after %.2f; killed: gone after "
					+ "%.2f", suspected, evicted, restored, gone);
			assertThat(evicted).isZero();
			assertThat(suspected).isLessThan(LEASE + 1.5);
			assertThat(restored).isLessThan(6);
			assertThat(gone).isLessThan(LEASE + PATIENCE + LOOKS);
		}
	}

	/** Freezes processes as if machines were lost: they neither respond nor refuse. */
	@Test
	void silent() {
		try (Stage stage = new Stage(RedisProcess::new, "mesh.server.eviction.patience=" + (int) PATIENCE + "s")
			.start()) {
			List<InstancesProcess> processes = IntStream.range(0, 5)
				.mapToObj((number) -> launchTwenty(stage, "p" + number))
				.toList();
			List<InstancesProcess> two = processes.subList(0, 2);
			stage.awaitCalm(100);
			long frozen = stage.now();
			two.forEach(InstancesProcess::freeze);
			boolean early = Waiting.happens(Duration.ofMillis((long) (1000 * (LEASE * 2 / 3 + PATIENCE - 1))),
					() -> !stage.goneSince(0).isEmpty());
			double gone = stage.secondsUntil(frozen, Duration.ofSeconds(30),
					(known) -> known.size() == 60 && two.stream().allMatch((process) -> lacks(process).test(known)));
			print("silent: 40 of 100 kept for lease and patience, gone after %.1f (target %.1f)", gone,
					LEASE + PATIENCE + LOOKS);
			assertThat(early).isFalse();
			assertThat(stage.goneSince(0)).hasSize(40);
			assertThat(gone).isLessThan(LEASE + PATIENCE + LOOKS);
		}
	}

	@Test
	void sentinelKilled() {
		new FailOver(RedisSentinels::safe, false).play("sentinelKilled");
	}

	@Test
	void sentinelFrozen() {
		new FailOver(RedisSentinels::safe, true).play("sentinelFrozen");
	}

	@Test
	void clusterKilled() {
		new FailOver(RedisClusterNodes::new, false).play("clusterKilled");
	}

	private static List<String> instances(int count, String id) {
		return IntStream.range(0, count).mapToObj((number) -> SERVICES.get(number % 10) + "/" + id + number).toList();
	}

	/** Launches a process with two instances of each service. */
	private static InstancesProcess launchTwenty(Stage stage, String name) {
		return stage.launch(name, instances(20, name + "-"));
	}

	private static Predicate<Map<String, InstanceView>> has(InstancesProcess process) {
		return (known) -> known.keySet().containsAll(process.instances());
	}

	private static Predicate<Map<String, InstanceView>> lacks(InstancesProcess process) {
		return (known) -> process.instances().stream().noneMatch(known::containsKey);
	}

	private static Predicate<Map<String, InstanceView>> areSuspect(List<InstancesProcess> processes) {
		return (known) -> known.size() == 100 && suspects(known) == 40 && processes.stream()
			.allMatch((process) -> process.instances().stream().allMatch((name) -> known.get(name).suspect()));
	}

	private static long suspects(Map<String, InstanceView> known) {
		return known.values().stream().filter(InstanceView::suspect).count();
	}

	static void print(String format, Object... arguments) {
		System.out.println(String.format(Locale.ROOT, format, arguments));
	}

}
