package io.redmesh.benchmarks.scale;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.BitSet;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;

import io.redmesh.benchmarks.load.Connection;
import io.redmesh.core.time.Backoff;

/**
 * A watcher with a connection of its own. It resumes like the starter's watch loop: after
 * a backoff with full jitter, from the last event that it has applied.
 */
final class Viewer extends Connection implements Events.Listener {

	private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(250), Duration.ofSeconds(3));

	private static final long SILENCE = Duration.ofSeconds(25).toNanos();

	private static final long FIRST_SILENCE = Duration.ofSeconds(3).toNanos();

	private final Audience audience;

	private final Function<String, byte[]> request;

	private final int number;

	private final int expected;

	private final Events events = new Events(this);

	private final BitSet known = new BitSet();

	private String taken = "";

	private String epoch = "";

	private int failures;

	private boolean watching;

	private long deadline;

	private long now;

	private long knewAll;

	private long complete;

	Viewer(Audience audience, InetSocketAddress server, Function<String, byte[]> request, int number, int expected) {
		super(audience.loop(), server);
		this.audience = audience;
		this.request = request;
		this.number = number;
		this.expected = expected;
	}

	void watch() {
		this.events.clear();
		this.watching = true;
		this.deadline = System.nanoTime() + FIRST_SILENCE;
		write(this.request.apply(this.taken));
	}

	/** Ends a watch that is silent. */
	void endIfSilent() {
		if (this.watching && System.nanoTime() > this.deadline) {
			disconnect();
			lost("silent");
		}
	}

	@Override
	protected void received(ByteBuffer arrived) {
		this.now = System.nanoTime();
		this.events.take(arrived);
	}

	@Override
	public void begun(int status) {
		if (status != 200) {
			this.audience.refused();
			this.watching = false;
			// Later, because the loop is still reading from this connection.
			loop().schedule(0, () -> {
				disconnect();
				lost("refused");
			});
		}
	}

	@Override
	public void event(char kind, String id, boolean isComplete) {
		if (!this.watching) {
			return;
		}
		this.failures = 0;
		this.deadline = this.now + SILENCE;
		this.audience.event(kind);
		// <lineage>.<epoch>.<revision>~…
		String heard = id.substring(0, id.lastIndexOf('.', id.indexOf('~')));
		if (!heard.equals(this.epoch)) {
			if (!this.epoch.isEmpty()) {
				this.audience.newEpoch(this.number);
			}
			this.epoch = heard;
		}
		if (kind != 'p') {
			this.taken = id;
		}
		if (isComplete && this.complete == 0) {
			this.complete = this.now;
		}
	}

	@Override
	public void mentioned(int member, char state) {
		if (state == 'G') {
			this.known.clear(member);
		}
		else {
			this.known.set(member);
			if (this.knewAll == 0 && this.known.cardinality() == this.expected) {
				this.knewAll = this.now;
			}
		}
		this.audience.mentioned(member, state, this.now);
	}

	@Override
	protected void lost(String reason) {
		this.audience.ended();
		this.watching = false;
		loop().schedule(BACKOFF.delay(++this.failures, ThreadLocalRandom.current()).toNanos(), this::watch);
	}

	void forget() {
		this.known.clear();
		this.knewAll = 0;
		this.complete = 0;
	}

	/** Returns the moment at which it knew all instances of its services, or zero. */
	long knewAll() {
		return this.knewAll;
	}

	/**
	 * Returns the moment at which it knew all instances and the server had said that none
	 * is missing, or zero.
	 */
	long complete() {
		return (this.knewAll == 0 || this.complete == 0) ? 0 : Math.max(this.knewAll, this.complete);
	}

}
