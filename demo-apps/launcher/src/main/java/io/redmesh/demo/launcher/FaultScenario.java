package io.redmesh.demo.launcher;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The ways in which Redis fails, played one after another under a constant load. Neither
 * who calls the storefront nor who asks a registry server must notice; when Redis is
 * back, so is the registry.
 */
final class FaultScenario {

	private static final Duration WHOLE = Duration.ofSeconds(6);

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	/**
	 * One lease time of grace, a sweep, and a renewal: whom a registry that began anew
	 * would evict by mistake is gone by then.
	 */
	private static final Duration AFTERMATH = Duration.ofSeconds(15 + 2 + 5);

	private static final Duration AWAY = Duration.ofSeconds(2);

	private static final int MAX_EVIDENCE = 10;

	private final RedisServer redis;

	private final Console console;

	private final Report report = new Report();

	private final Phases phases;

	private final Witnesses witnesses;

	FaultScenario(Fleet fleet, RedisServer redis, Witnesses witnesses, Console console, int rate) {
		this.redis = redis;
		this.console = console;
		this.phases = new Phases(fleet.storefront().resolve("/orders/7"), console, this.report, rate);
		this.witnesses = witnesses;
	}

	/** Plays the scenario and returns what it found. */
	Report play() throws Exception {
		long begun = System.nanoTime();
		try (this.phases; this.witnesses) {
			this.phases.begin();
			step("Redis: kill -9, back with its data", () -> away(AWAY, false));
			step("Redis: kill -9, back empty", () -> away(AWAY, true));
			step("Redis: FLUSHALL", this::flush);
			step("Redis: frozen for 30 s", this::freeze);
			step("Redis: away for two minutes, back with its data", () -> away(Duration.ofMinutes(2), false));
			this.witnesses.judge(begun, this.report);
		}
		return this.report;
	}

	private void away(Duration duration, boolean empty) throws IOException, InterruptedException {
		this.redis.kill();
		if (empty) {
			this.redis.empty();
		}
		Thread.sleep(duration.toMillis());
		this.redis.start();
	}

	private void flush() throws IOException {
		String answer = this.redis.command("FLUSHALL");
		if (!answer.equals("+OK")) {
			throw new IOException("FLUSHALL: " + answer);
		}
	}

	private void freeze() throws IOException, InterruptedException {
		this.redis.freeze();
		Thread.sleep(30_000);
		this.redis.thaw();
	}

	private void step(String name, Phases.Action fault) throws Exception {
		long begun = System.nanoTime();
		AtomicReference<String> whole = new AtomicReference<>("never");
		Tally tally = this.phases.play(name, () -> {
			fault.run();
			long back = System.nanoTime();
			Optional<Duration> took = this.witnesses.awaitWhole(PATIENCE).map((at) -> Duration.ofNanos(at - back));
			whole.set(took.map((duration) -> "after " + Console.seconds(duration)).orElse("never"));
			Duration limit = this.phases.allowed(WHOLE);
			this.report.check("%s: whole again within %s".formatted(name, Console.seconds(limit)), whole.get(),
					took.isPresent() && took.get().compareTo(limit) <= 0);
			calm(name, back);
		});
		List<String> evicted = this.witnesses.evictedSince(begun);
		this.console.step("  %d calls, %d failed, whole again %s, %d false evictions", tally.calls(), tally.failed(),
				whole.get(), evicted.size());
		for (List<String> evidence : List.of(evicted, this.witnesses.gapsSince(begun), this.witnesses.wrongSince(begun),
				this.witnesses.breaksSince(begun))) {
			evidence.stream().limit(MAX_EVIDENCE).forEach((line) -> this.console.say("    " + line));
			if (evidence.size() > MAX_EVIDENCE) {
				this.console.say("    and %d more".formatted(evidence.size() - MAX_EVIDENCE));
			}
		}
	}

	private void calm(String name, long back) throws InterruptedException {
		Thread.sleep(Math.max(0, AFTERMATH.minusNanos(System.nanoTime() - back).toMillis()));
		boolean calm = this.witnesses.awaitCalm(PATIENCE);
		Duration took = Duration.ofNanos(System.nanoTime() - back);
		this.report.check("%s: complete, and nobody doubted".formatted(name),
				calm ? "after " + Console.seconds(took) : "not within " + Console.seconds(took), calm);
	}

}
