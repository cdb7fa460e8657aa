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

/** Many who watch, on one thread, and what they have seen. */
final class Audience implements AutoCloseable {

	static final int SERVICES_EACH = 5;

	private static final long LOOK_AFTER = Duration.ofMillis(500).toNanos();

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

	/** Nobody watches what another one does, each service is watched by as many. */
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

	/** Lets all of them begin, spread over a time. */
	void come(long nanos) {
		this.loop.execute(() -> {
			for (int i = 0; i < this.viewers.size(); i++) {
				this.loop.schedule(nanos * i / this.viewers.size(), this.viewers.get(i)::watch);
			}
			lookAfter();
		});
	}

	private void lookAfter() {
		this.loop.schedule(LOOK_AFTER, () -> {
			this.viewers.forEach(Viewer::lookAfter);
			lookAfter();
		});
	}

	EventLoop loop() {
		return this.loop;
	}

	/**
	 * Changes that are not known to all who watch them, by the number of the instance.
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

	/** Nothing is known to anybody any more. */
	void forget() throws Exception {
		this.loop.call(() -> {
			this.viewers.forEach(Viewer::forget);
			return true;
		});
	}

	/** Counts those of whom something is true at the moment that they name. */
	long count(java.util.function.ToLongFunction<Viewer> moment, LongPredicate is) throws Exception {
		return this.loop.call(() -> this.viewers.stream().mapToLong(moment).filter(is).count());
	}

	/** When each of them had something, as a sample of the time since a moment. */
	Sample since(long begun, java.util.function.ToLongFunction<Viewer> moment) throws Exception {
		return this.loop.call(() -> {
			Sample.Tally tally = new Sample.Tally();
			this.viewers.stream().mapToLong(moment).filter((at) -> at > 0).forEach((at) -> tally.success(at - begun));
			return tally.over(1);
		});
	}

	/** Begins to count anew. */
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
	 * What they have seen.
	 *
	 * @param seen from before a change until one of them was told
	 * @param snapshots how many events told everything
	 * @param deltas how many told what has changed
	 * @param refused how many watches were answered with a problem
	 * @param ended how many watches ended or did not begin
	 */
	record Counts(Sample seen, int snapshots, int deltas, int refused, int ended) {

	}

}
