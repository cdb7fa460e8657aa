package io.redmesh.benchmarks.scale;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.IntConsumer;
import java.util.function.LongPredicate;

import io.redmesh.benchmarks.load.EventLoop;
import io.redmesh.benchmarks.load.RegistryRequests;
import io.redmesh.benchmarks.load.Sample;

/** Many watchers on one thread, and the counts of what they have seen. */
final class Audience implements AutoCloseable {

	static final int SERVICES_EACH = 5;

	private static final long CHECK_EVERY = Duration.ofMillis(500).toNanos();

	private final EventLoop loop = EventLoop.start("watchers");

	private final List<Viewer> viewers = new ArrayList<>();

	private final AtomicReferenceArray<Change> awaited;

	private final IntConsumer onNewEpoch;

	private Sample.Tally seen = new Sample.Tally();

	private int snapshots;

	private int deltas;

	private int refused;

	private int ended;

	private Audience(int instances, IntConsumer onNewEpoch) throws IOException {
		this.awaited = new AtomicReferenceArray<>(instances);
		this.onNewEpoch = onNewEpoch;
	}

	/**
	 * Creates the watchers. No two watch the same services, and each service has the same
	 * number of watchers.
	 */
	static Audience of(URI url, int size, int instances, IntConsumer onNewEpoch) throws IOException {
		Audience audience = new Audience(instances, onNewEpoch);
		InetSocketAddress server = new InetSocketAddress(url.getHost(), url.getPort());
		RegistryRequests requests = new RegistryRequests(url);
		int known = instances / Member.SERVICES * SERVICES_EACH;
		for (int i = 0; i < size; i++) {
			List<String> services = new ArrayList<>();
			for (int j = 0; j < SERVICES_EACH; j++) {
				int offset = 37 * j * j + 11 * j * (i / Member.SERVICES);
				services.add(Member.service((i + offset) % Member.SERVICES));
			}
			audience.viewers.add(new Viewer(audience, server, (last) -> requests.watch(services, last), i, known));
		}
		return audience;
	}

	/** Starts all watches, spread over a time. */
	void start(long nanos) {
		this.loop.execute(() -> {
			for (int i = 0; i < this.viewers.size(); i++) {
				this.loop.schedule(nanos * i / this.viewers.size(), this.viewers.get(i)::watch);
			}
			endSilentWatches();
		});
	}

	private void endSilentWatches() {
		this.loop.schedule(CHECK_EVERY, () -> {
			this.viewers.forEach(Viewer::endIfSilent);
			endSilentWatches();
		});
	}

	EventLoop loop() {
		return this.loop;
	}

	/**
	 * Returns the changes that some of their watchers do not know yet, by the number of
	 * the instance.
	 */
	AtomicReferenceArray<Change> awaited() {
		return this.awaited;
	}

	void mentioned(int number, char state, long now) {
		Change change = this.awaited.get(number);
		if (change != null && change.state() == state) {
			if (change.counted()) {
				this.seen.success(now - change.begun());
			}
			if (change.missing().decrementAndGet() == 0) {
				this.awaited.compareAndSet(number, change, null);
			}
		}
	}

	void newEpoch(int viewer) {
		this.onNewEpoch.accept(viewer);
	}

	void event(char kind) {
		if (kind == 's') {
			this.snapshots++;
		}
		else if (kind == 'd') {
			this.deltas++;
		}
	}

	void refused() {
		this.refused++;
	}

	void ended() {
		this.ended++;
	}

	/** Makes all watchers forget what they know. */
	void forget() throws Exception {
		this.loop.call(() -> {
			this.viewers.forEach(Viewer::forget);
			return true;
		});
	}

	/** Counts the watchers with a moment for which a condition holds. */
	long count(java.util.function.ToLongFunction<Viewer> moment, LongPredicate condition) throws Exception {
		return this.loop.call(() -> this.viewers.stream().mapToLong(moment).filter(condition).count());
	}

	/**
	 * Returns the times from a moment until a moment of each watcher; watchers without
	 * one are omitted.
	 */
	Sample since(long begun, java.util.function.ToLongFunction<Viewer> moment) throws Exception {
		return this.loop.call(() -> {
			Sample.Tally tally = new Sample.Tally();
			this.viewers.stream().mapToLong(moment).filter((at) -> at > 0).forEach((at) -> tally.success(at - begun));
			return tally.over(1);
		});
	}

	/** Returns the counts and resets them. */
	Counts counts() throws Exception {
		return this.loop.call(() -> {
			Counts counts = new Counts(this.seen.over(1), this.snapshots, this.deltas, this.refused, this.ended);
			this.seen = new Sample.Tally();
			this.snapshots = 0;
			this.deltas = 0;
			this.refused = 0;
			this.ended = 0;
			return counts;
		});
	}

	@Override
	public void close() throws Exception {
		this.loop.close();
	}

	/**
	 * The counts of what the watchers have seen.
	 *
	 * @param seen the times from before a change until a watcher got it
	 * @param snapshots the number of snapshots
	 * @param deltas the number of deltas
	 * @param refused the number of watches that the server refused
	 * @param ended the number of watches that ended or did not begin
	 */
	record Counts(Sample seen, int snapshots, int deltas, int refused, int ended) {

	}

}
