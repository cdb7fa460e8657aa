package io.redmesh.demo.launcher;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The fault scenario: Redis fails in several ways, one after another, under a constant
 * load. Neither callers of the storefront nor readers of a registry server must notice.
 * When Redis is back, the registry must accept registrations again.
 */
final class FaultScenario {

	private static final Duration RECOVERY = Duration.ofSeconds(6);

	private static final Duration TIMEOUT = Duration.ofSeconds(60);

	/**
	 * The time of one lease of grace, a sweep and a renewal. If a registry evicts
	 * instances by mistake after it has begun a new epoch, it has done so by then.
	 */
	private static final Duration AFTERMATH = Duration.ofSeconds(15 + 2 + 5);

	private static final Duration DOWN = Duration.ofSeconds(2);

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

	/** Plays the scenario and returns its findings. */
	Report play() throws Exception {
		long begun = System.nanoTime();
		try (this.phases; this.witnesses) {
			this.phases.begin();
			step("Redis: kill -9, restarted with its data", () -> killAndRestart(DOWN, false));
			step("Redis: kill -9, restarted empty", () -> killAndRestart(DOWN, true));
			step("Redis: FLUSHALL", this::flush);
			step("Redis: frozen for 30 s", this::freeze);
			step("Redis: down for 2 min, then with its data", () -> killAndRestart(Duration.ofMinutes(2), false));
			this.witnesses.check(begun, this.report);
		}
		return this.report;
	}

	private void killAndRestart(Duration down, boolean empty) throws IOException, InterruptedException {
		this.redis.kill();
		if (empty) {
			this.redis.empty();
		}
		Thread.sleep(down.toMillis());
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
		AtomicReference<String> recovered = new AtomicReference<>("never");
		Tally tally = this.phases.play(name, () -> {
			fault.run();
			long back = System.nanoTime();
			Optional<Duration> took = this.witnesses.awaitRecovery(TIMEOUT).map((at) -> Duration.ofNanos(at - back));
			recovered.set(took.map((duration) -> "after " + Console.seconds(duration)).orElse("never"));
			Duration limit = this.phases.allowed(RECOVERY);
			this.report.check("%s: recovered within %s".formatted(name, Console.seconds(limit)), recovered.get(),
					took.isPresent() && took.get().compareTo(limit) <= 0);
			checkComplete(name, back);
		});
		List<String> evicted = this.witnesses.evictedSince(begun);
		this.console.step("  %d calls, %d failed, recovered %s, %d false evictions", tally.calls(), tally.failed(),
				recovered.get(), evicted.size());
		for (List<String> evidence : List.of(evicted, this.witnesses.gapsSince(begun),
				this.witnesses.wrongReadsSince(begun), this.witnesses.breaksSince(begun))) {
			evidence.stream().limit(MAX_EVIDENCE).forEach((line) -> this.console.say("    " + line));
			if (evidence.size() > MAX_EVIDENCE) {
				this.console.say("    and %d more".formatted(evidence.size() - MAX_EVIDENCE));
			}
		}
	}

	private void checkComplete(String name, long back) throws InterruptedException {
		Thread.sleep(Math.max(0, AFTERMATH.minusNanos(System.nanoTime() - back).toMillis()));
		boolean complete = this.witnesses.awaitComplete(TIMEOUT);
		Duration took = Duration.ofNanos(System.nanoTime() - back);
		this.report.check("%s: complete, without suspects".formatted(name),
				complete ? "after " + Console.seconds(took) : "not within " + Console.seconds(took), complete);
	}

}
