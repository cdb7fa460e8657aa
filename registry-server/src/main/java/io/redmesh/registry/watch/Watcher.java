package io.redmesh.registry.watch;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

import io.redmesh.core.time.Time;
import io.redmesh.registry.catalog.CatalogPosition;
import io.redmesh.registry.watch.Audience.Told;
import org.jspecify.annotations.Nullable;

/**
 * One who watches. It has no queue: it knows up to where it has been told, and when the
 * network has taken the last frame it is told what is new since then. So a slow reader
 * gets fewer, larger deltas, then a snapshot, and nothing ever grows.
 * <p>
 * Confined to the thread of its wire, but for what {@link #touch} and {@link #reset} do.
 */
final class Watcher {

	private final Audience audience;

	private final Wire wire;

	private final Watches.Published published;

	private final Time time;

	private final WatchMetrics metrics;

	private final AtomicBoolean scheduled = new AtomicBoolean();

	private final List<Receipt> receipts = new ArrayList<>();

	/** The last change that concerns it. Written by the pulse. */
	private volatile long touched;

	/** Up to here nothing concerned it that it was not told. Written by the pulse. */
	private volatile long clean;

	private volatile long told;

	private volatile long lastFrame;

	private volatile boolean writing;

	private long generation;

	private long written;

	private boolean greeted;

	private boolean pingDue;

	Watcher(Audience audience, Wire wire, Watches.Published published, Time time, WatchMetrics metrics) {
		this.audience = audience;
		this.wire = wire;
		this.published = published;
		this.time = time;
		this.metrics = metrics;
		this.lastFrame = time.nanos();
	}

	Audience audience() {
		return this.audience;
	}

	/** Goes on after a revision of a generation, instead of beginning with a snapshot. */
	void resume(long revision, long generation) {
		this.told = revision;
		this.generation = generation;
	}

	/**
	 * Notes that changes concern it. They must not be published before.
	 * @param from the revision before them
	 * @param to the last revision
	 */
	void touch(long from, long to) {
		if (this.touched <= this.told) {
			this.clean = from;
		}
		this.touched = to;
	}

	/** Notes that revisions of the past can no longer be compared. */
	void reset() {
		this.clean = 0;
		this.touched = 0;
	}

	/** Sends what is due, soon, on the wire's thread. */
	void wakeUp() {
		if (this.scheduled.compareAndSet(false, true)) {
			this.wire.thread().execute(this::run);
		}
	}

	private void run() {
		this.scheduled.set(false);
		advance();
	}

	/**
	 * Looks after a watch on which nothing has happened for long.
	 * @param pingNanos after how long to ping
	 * @param stallNanos after how long to give up
	 */
	void tick(long pingNanos, long stallNanos) {
		long silence = this.time.nanos() - this.lastFrame;
		if (this.writing && silence >= stallNanos) {
			this.wire.cut();
		}
		else if (!this.writing && silence >= pingNanos) {
			this.wire.thread().execute(() -> {
				this.pingDue = true;
				advance();
			});
		}
	}

	private void advance() {
		if (this.writing || !this.wire.isOpen()) {
			return;
		}
		Frame frame = next();
		if (frame != null) {
			this.writing = true;
			this.pingDue = false;
			this.lastFrame = this.time.nanos();
			this.metrics.sent(frame.kind());
			this.wire.send(frame.bytes(), this::written);
		}
		else {
			giveReceipts();
		}
	}

	private void written() {
		this.writing = false;
		this.written = this.told;
		giveReceipts();
		advance();
	}

	private @Nullable Frame next() {
		// Read before touched: what is published has been touched.
		CatalogPosition position = this.published.get();
		if (!this.greeted) {
			this.greeted = true;
			return (this.generation == 0) ? this.audience.greeting(position) : this.audience.ping(position, this.told);
		}
		if (this.generation < position.generation()) {
			return snapshot();
		}
		if (this.generation > position.generation()) {
			return null;
		}
		if (this.touched > this.told) {
			Told delta = this.audience.delta(Math.max(this.told, this.clean), position);
			if (delta == null) {
				return snapshot();
			}
			this.told = Math.max(this.told, position.revision());
			if (delta.frame() != null) {
				return delta.frame();
			}
		}
		if (this.pingDue) {
			this.told = Math.max(this.told, position.revision());
			return this.audience.ping(position, this.told);
		}
		return null;
	}

	private @Nullable Frame snapshot() {
		// Before it is taken: what happens meanwhile belongs to its history, in which
		// revisions may be smaller than those of the one before.
		this.told = 0;
		Told snapshot = this.audience.snapshot();
		this.generation = snapshot.position().generation();
		this.told = snapshot.position().revision();
		return snapshot.frame();
	}

	/**
	 * Wants to know when the network has taken all up to a revision.
	 * @param receipt what to tell, on the wire's thread
	 */
	void await(Receipt receipt) {
		this.wire.thread().execute(() -> {
			this.receipts.add(receipt);
			advance();
		});
	}

	void forget(Receipt receipt) {
		this.wire.thread().execute(() -> this.receipts.remove(receipt));
	}

	private void giveReceipts() {
		if (!this.receipts.isEmpty()) {
			CatalogPosition position = this.published.get();
			boolean upToDate = !this.writing && this.touched <= this.told && this.generation >= position.generation();
			long reached = upToDate ? Math.max(this.written, position.revision()) : this.written;
			this.receipts.removeIf((receipt) -> receipt.giveIf(reached));
		}
	}

	/** Ends the answer, so that the reader comes back, here or elsewhere. */
	void complete() {
		this.wire.thread().execute(this.wire::complete);
	}

	/** Called when the connection has ended. */
	void closed() {
		this.receipts.removeIf((receipt) -> receipt.giveIf(Long.MAX_VALUE));
	}

	/**
	 * What somebody waits for.
	 *
	 * @param revision up to where the network must have taken it
	 * @param given what to do then
	 */
	record Receipt(long revision, Runnable given) {

		private boolean giveIf(long reached) {
			if (reached < this.revision) {
				return false;
			}
			this.given.run();
			return true;
		}

	}

}
