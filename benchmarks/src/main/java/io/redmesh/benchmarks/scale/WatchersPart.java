package io.redmesh.benchmarks.scale;

import java.time.Duration;

import io.redmesh.benchmarks.load.Sample;
import io.redmesh.benchmarks.scale.Subject.Footprint;

/**
 * The part with 10,000 instances that renew one by one, 2,000 watchers, and 100 changes a
 * second. At the end the server and Redis lose everything.
 */
final class WatchersPart {

	private static final int INSTANCES = 10_000;

	private static final int WATCHERS = 2_000;

	private static final int CHANGES_PER_SECOND = 100;

	private static final int WATCHERS_OF_EACH = WATCHERS * Audience.SERVICES_EACH / Member.SERVICES;

	// Instances and watchers before the count, so that what the server loads only once
	// does not count for each.
	private static final int FIRST = 100;

	private static final Duration RAMP_UP = Duration.ofSeconds(20);

	private static final Duration WARM_UP = Duration.ofSeconds(30);

	private static final Duration WINDOW = Duration.ofSeconds(60);

	private static final Duration LIMIT = Duration.ofSeconds(75);

	private static final Duration RECOVERY = Duration.ofSeconds(120);

	private static final Duration AFTERWARDS = Duration.ofSeconds(15);

	private final Subject subject;

	private final Crowd crowd;

	private final Audience audience;

	private WatchersPart(Subject subject, Crowd crowd, Audience audience) {
		this.subject = subject;
		this.crowd = crowd;
		this.audience = audience;
	}

	static void run(Subject subject) throws Exception {
		rehearse(subject);
		try (Crowd crowd = Crowd.of(subject.url(), INSTANCES);
				// Most apps that watch are instances, too.
				Audience audience = Audience.of(subject.url(), WATCHERS, INSTANCES, crowd::newEpoch)) {
			WatchersPart part = new WatchersPart(subject, crowd, audience);
			part.rampUp();
			part.measureSteadyState();
			part.measureRecovery();
		}
	}

	private static void rehearse(Subject subject) throws Exception {
		try (Crowd crowd = Crowd.of(subject.url(), FIRST);
				Audience audience = Audience.of(subject.url(), FIRST, INSTANCES, (number) -> {
				})) {
			crowd.registerAll(0);
			Waiting.until(LIMIT, () -> crowd.countRegistered() == FIRST);
			audience.start(0);
			Waiting.pause(Duration.ofSeconds(3));
			crowd.loop().execute(() -> {
				for (int i = 0; i < FIRST; i++) {
					crowd.app(i).deregister();
				}
			});
			Waiting.pause(Duration.ofSeconds(2));
		}
	}

	private void rampUp() throws Exception {
		Footprint empty = this.subject.footprint();
		this.crowd.registerAll(RAMP_UP.toNanos());
		require(Waiting.until(LIMIT, () -> this.crowd.countRegistered() == INSTANCES), "all instances are registered");
		this.crowd.count(true);
		// Waits until the history of changes holds no more than these.
		Waiting.pause(Duration.ofSeconds(5));
		Footprint registered = this.subject.footprint();
		this.audience.start(RAMP_UP.toNanos());
		require(Waiting.until(LIMIT, () -> this.audience.count(Viewer::knewAll, (at) -> at > 0) == WATCHERS),
				"all watchers know all instances");
		Waiting.pause(Duration.ofSeconds(5));
		Footprint watched = this.subject.footprint();
		Report.head("memory", "live heap", "resident", "Redis");
		Report.memory("no client", empty);
		Report.memory("%,d instances, each with its connection".formatted(INSTANCES), registered);
		Report.memory("and %,d watchers".formatted(WATCHERS), watched);
		Report.memoryOfEach("each instance", empty, registered, INSTANCES);
		Report.memoryOfEach("each watcher", registered, watched, WATCHERS);
	}

	private static void require(boolean condition, String what) {
		if (!condition) {
			throw new IllegalStateException("Not in time: " + what);
		}
	}

	private void measureSteadyState() throws Exception {
		Changes changes = new Changes(this.crowd, this.audience.awaited(), CHANGES_PER_SECOND, WATCHERS_OF_EACH);
		changes.start();
		Waiting.pause(WARM_UP);
		double evicted = evictions();
		this.crowd.count(true);
		this.audience.counts();
		changes.count(true);
		double[] before = this.subject.cpu();
		long begun = System.nanoTime();
		Waiting.pause(WINDOW);
		double[] after = this.subject.cpu();
		Crowd.Counts renewed = this.crowd.count(true);
		long nanos = System.nanoTime() - begun;
		changes.count(false);
		// The last changes may not have reached all watchers yet.
		Waiting.pause(Duration.ofSeconds(7));
		Audience.Counts seen = this.audience.counts();
		changes.stop();
		Report.head("%d s".formatted(WINDOW.toSeconds()), "count", "p50", "p99", "worst");
		Report.latencies("changed → told to a watcher", seen.seen());
		Report.latencies("renewal answered", renewed.renewals(nanos));
		Report.line(
				"%n%,d changes (%.0f/s), each for %d watchers; missed: %d. Renewals lost: %d. Evicted: %.0f. "
						+ "Other failures: %d. Snapshots %d, deltas %d, watches ended %d.",
				changes.counted(), changes.counted() * 1e9 / nanos, WATCHERS_OF_EACH, changes.missing(),
				renewed.renewalsLost(), evictions() - evicted,
				renewed.unknown() + renewed.refused() + renewed.unreachable(), seen.snapshots(), seen.deltas(),
				seen.ended());
		Report.line("Cores in use, server + Redis + load: %s.", Report.cores(before, after, nanos));
		Report.head("memory", "live heap", "resident", "Redis");
		Report.memory("afterwards", this.subject.footprint());
	}

	private double evictions() throws Exception {
		return this.subject.metric("mesh.server.evictions") + this.subject.metric("mesh.server.evictions.refused");
	}

	private void measureRecovery() throws Exception {
		this.crowd.count(false);
		this.audience.counts();
		double[] before = this.subject.cpu();
		long begun = System.nanoTime();
		this.subject.loseEverything();
		this.crowd.forget();
		this.audience.forget();
		boolean all = Waiting.until(RECOVERY, () -> this.crowd.countRegistered() == INSTANCES);
		boolean complete = Waiting.until(RECOVERY,
				() -> this.audience.count(Viewer::complete, (at) -> at > 0) == WATCHERS);
		double[] used = this.subject.cpu();
		Sample registered = this.crowd.registeredSince(begun);
		Crowd.Counts lost = this.crowd.count(true);
		Audience.Counts watched = this.audience.counts();
		Waiting.pause(AFTERWARDS);
		Crowd.Counts afterwards = this.crowd.count(true);
		Report.head("from the loss of everything until", "count", "p50", "p99", "worst");
		Report.latencies("an instance is registered again", registered);
		Report.latencies("a watcher knows all that it should", this.audience.since(begun, Viewer::knewAll));
		Report.latencies("a watcher is told that nothing is missing", this.audience.since(begun, Viewer::complete));
		Report.line("%nThe first was registered again after %.1f ms; all within " + RECOVERY.toSeconds()
				+ " s: %s; all watchers complete: %s.", registered.quantile(0), all, complete);
		Report.line("Requests without a response: %,d, unknown leases: %,d, other failures: %,d; watches refused: %,d, "
				+ "that ended or did not begin: %,d. CPU until complete: server %.1f s, Redis %.1f s, load %.1f s.",
				lost.unreachable(), lost.unknown(), lost.refused(), watched.refused(), watched.ended(), used[0],
				used[1], used[2] - before[2]);
		Report.line(
				"In the %d s that follow: %,d renewals, lost: %d, evicted since the loss: %.0f. "
						+ "The registry counts %,d instances.",
				AFTERWARDS.toSeconds(), afterwards.renewals(1).operations(), afterwards.renewalsLost(), evictions(),
				instances());
	}

	private long instances() throws Exception {
		return java.util.regex.Pattern.compile("\"instances\":(\\d+)")
			.matcher(this.subject.get("/v1/namespaces/default/services"))
			.results()
			.mapToLong((count) -> Long.parseLong(count.group(1)))
			.sum();
	}

}
