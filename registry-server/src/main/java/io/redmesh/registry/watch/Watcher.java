package io.redmesh.registry.watch;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

import io.redmesh.core.time.Time;
import io.redmesh.registry.catalog.CatalogPosition;
import io.redmesh.registry.watch.Audience.Told;
import io.redmesh.registry.watch.Audience.ToldRules;
import org.jspecify.annotations.Nullable;

/**
 * A watch without a queue. It knows the revision up to which it was sent changes. When
 * the network has taken the last frame, the next one has the changes since then. So a
 * slow reader gets fewer, larger deltas, then a snapshot, and memory never grows.
 * <p>
 * Confined to the thread of its wire, except for {@link #touch} and {@link #reset}.
 */
final class Watcher {

	private final Audience audience;

	private final Wire wire;

	private final Watches.Published published;

	private final Time time;

	private final WatchMetrics metrics;

	private final AtomicBoolean scheduled = new AtomicBoolean();

	private final List<Receipt> receipts = new ArrayList<>();

	/** The last revision that concerns it. Written by a push. */
	private volatile long touched;

	/** The revision up to which it was sent all that concerns it. Written by a push. */
	private volatile long clean;

	private volatile long sent;

	private volatile long lastFrame;

	private volatile boolean writing;

	private long generation;

	private long written;

	private boolean greeted;

	private @Nullable ToldRules rulesSent;

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

	/** Resumes after a revision of a generation, instead of beginning with a snapshot. */
	void resume(long revision, long generation) {
		this.sent = revision;
		this.generation = generation;
	}

	/** Resumes with traffic rules that its reader already has. */
	void resume(@Nullable ToldRules rules) {
		this.rulesSent = rules;
	}

	/**
	 * Notes that changes concern it. To be called before they are published.
	 * @param from the revision before them
	 * @param to the last revision
	 */
	void touch(long from, long to) {
		if (this.touched <= this.sent) {
			this.clean = from;
		}
		this.touched = to;
	}

	/** Notes that revisions of the past can no longer be compared. */
	void reset() {
		this.clean = 0;
		this.touched = 0;
	}

	/** Schedules what is due on the wire's thread. */
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
	 * Sends a ping after a silence, or cuts a connection that has stalled.
	 * @param pingNanos the silence before a ping
	 * @param stallNanos the time that the network may take for a frame
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
		this.written = this.sent;
		giveReceipts();
		advance();
	}

	private @Nullable Frame next() {
		// Read before touched: changes are touched before they are published.
		CatalogPosition position = this.published.get();
		if (!this.greeted) {
			this.greeted = true;
			return (this.generation == 0) ? this.audience.greeting(position) : this.audience.ping(position, this.sent);
		}
		// Before any frame whose id covers the change of a rule: a reader that resumes
		// after that id has seen the rules.
		Frame rules = rules();
		if (rules != null) {
			return rules;
		}
		if (this.generation < position.generation()) {
			return snapshot();
		}
		if (this.generation > position.generation()) {
			return null;
		}
		if (this.touched > this.sent) {
			Told delta = this.audience.delta(Math.max(this.sent, this.clean), position);
			if (delta == null) {
				return snapshot();
			}
			this.sent = Math.max(this.sent, position.revision());
			if (delta.frame() != null) {
				return delta.frame();
			}
		}
		if (this.pingDue) {
			this.sent = Math.max(this.sent, position.revision());
			return this.audience.ping(position, this.sent);
		}
		return null;
	}

	private @Nullable Frame snapshot() {
		// Before the snapshot is taken: changes from then on belong to its history, in
		// which revisions may be smaller than in the one before.
		this.sent = 0;
		Told snapshot = this.audience.snapshot();
		Frame rules = rules();
		if (rules != null) {
			return rules;
		}
		this.generation = snapshot.position().generation();
		this.sent = snapshot.position().revision();
		return snapshot.frame();
	}

	/**
	 * Returns the traffic rules if they have changed. To be called after a position was
	 * read, so that the rules are not older than the position.
	 */
	private @Nullable Frame rules() {
		ToldRules now = this.audience.rules();
		if (now == null || now.equals(this.rulesSent)) {
			return null;
		}
		this.rulesSent = now;
		return this.audience.encode(now);
	}

	/**
	 * Requests a receipt for the time when the network has taken all up to a revision.
	 * @param receipt the receipt, given on the wire's thread
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
			boolean upToDate = !this.writing && this.touched <= this.sent && this.generation >= position.generation();
			long reached = upToDate ? Math.max(this.written, position.revision()) : this.written;
			this.receipts.removeIf((receipt) -> receipt.giveIf(reached));
		}
	}

	/**
	 * Ends the response, so that the reader connects again, here or to another server.
	 */
	void complete() {
		this.wire.thread().execute(this.wire::complete);
	}

	/** Gives all receipts. Called when the connection has ended. */
	void closed() {
		this.receipts.removeIf((receipt) -> receipt.giveIf(Long.MAX_VALUE));
	}

	/**
	 * A notice that the network has taken all up to a revision.
	 *
	 * @param revision the revision
	 * @param given the action to run then
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
