package io.redmesh.chaos.mesh;

import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * A reader that reads a service of one server again and again, and records what was wrong
 * with a response.
 */
public final class SteadyReader implements AutoCloseable {

	private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(20);

	private final Server server;

	private final String service;

	private final Set<String> expected;

	private final List<String> wrong = Collections.synchronizedList(new ArrayList<>());

	private final AtomicLong reads = new AtomicLong();

	private final AtomicLong slowest = new AtomicLong();

	private volatile boolean open = true;

	/**
	 * Starts to read.
	 * @param server the server to read from
	 * @param service the service to read
	 * @param expected the names that every response must list
	 */
	public SteadyReader(Server server, String service, Set<String> expected) {
		this.server = server;
		this.service = service;
		this.expected = Set.copyOf(expected);
		SimulatedInstances.threads("reader-" + server.name()).newThread(this::run).start();
	}

	private void run() {
		while (this.open) {
			long begun = System.nanoTime();
			try {
				Set<String> missing = new TreeSet<>(this.expected);
				missing.removeAll(Listing.of(this.server, this.service).keySet());
				if (!missing.isEmpty()) {
					this.wrong.add(this.server.name() + " does not list " + missing);
				}
			}
			catch (UncheckedIOException ex) {
				this.wrong.add(this.server.name() + ": " + ex.getMessage());
			}
			this.reads.incrementAndGet();
			this.slowest.accumulateAndGet(System.nanoTime() - begun, Math::max);
			LockSupport.parkNanos(PAUSE);
		}
	}

	/** Returns descriptions of the wrong responses. */
	public List<String> wrong() {
		synchronized (this.wrong) {
			return List.copyOf(this.wrong);
		}
	}

	public long count() {
		return this.reads.get();
	}

	/** Returns the duration of the slowest read, in nanoseconds. */
	public long slowest() {
		return this.slowest.get();
	}

	@Override
	public void close() {
		this.open = false;
	}

}
