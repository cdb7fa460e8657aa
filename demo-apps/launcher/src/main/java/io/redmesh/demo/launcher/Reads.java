package io.redmesh.demo.launcher;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;

import io.redmesh.demo.launcher.RegistryServer.Listing;

/**
 * A reader that lists a service at one server five times a second. It keeps the wrong
 * responses: those whose status is not 200, and those that lack a live instance. Safe for
 * use by many threads.
 */
final class Reads implements AutoCloseable {

	private static final int PER_SECOND = 5;

	private final RegistryServer server;

	private final String service;

	private final Set<String> alive;

	private final List<Wrong> wrong = new ArrayList<>();

	private final Tally tally = new Tally();

	private final Thread thread = new Thread(this::run, "reads");

	private volatile boolean closed;

	/**
	 * Starts to read.
	 * @param alive the ids of the instances that live until the end
	 */
	Reads(RegistryServer server, String service, Set<String> alive) {
		this.server = server;
		this.service = service;
		this.alive = Set.copyOf(alive);
		this.thread.setDaemon(true);
		this.thread.start();
	}

	private void run() {
		RateSchedule schedule = new RateSchedule(System.nanoTime(), PER_SECOND);
		long call = 0;
		while (!this.closed) {
			long begun = System.nanoTime();
			try {
				String found = read();
				Duration took = Duration.ofNanos(System.nanoTime() - begun);
				if (found.isEmpty()) {
					this.tally.answered(took);
				}
				else {
					this.tally.failed(took, found);
					note(begun, found);
				}
			}
			catch (InterruptedException ex) {
				return;
			}
			// Skips the reads that became due during a slow response.
			do {
				call++;
			}
			while (schedule.due(call) - System.nanoTime() < 0);
			LockSupport.parkNanos(schedule.due(call) - System.nanoTime());
		}
	}

	private String read() throws InterruptedException {
		try {
			Listing listing = this.server.list(this.service);
			Set<String> missing = new TreeSet<>(this.alive);
			missing.removeAll(listing.ids());
			if (listing.status() != 200) {
				return "HTTP " + listing.status();
			}
			return missing.isEmpty() ? "" : "%d instances, without %s".formatted(listing.ids().size(), missing);
		}
		catch (IOException | IllegalArgumentException ex) {
			return this.closed ? "" : String.valueOf(ex);
		}
	}

	private synchronized void note(long nanos, String found) {
		this.wrong.add(new Wrong(this.server, nanos, Instant.now(), found));
	}

	/** Returns the wrong responses to reads since a moment. */
	synchronized List<Wrong> wrongSince(long nanos) {
		return this.wrong.stream().filter((answer) -> answer.nanos() - nanos >= 0).toList();
	}

	/** Returns the outcomes of all reads. */
	Tally tally() {
		return this.tally;
	}

	@Override
	public void close() {
		this.closed = true;
		this.thread.interrupt();
	}

	/**
	 * A wrong response.
	 *
	 * @param server the server that sent it
	 * @param nanos the moment of the request, in nanoseconds of {@link System#nanoTime()}
	 * @param at the moment of the response, by the wall clock
	 * @param found the error in the response
	 */
	record Wrong(RegistryServer server, long nanos, Instant at, String found) {

		@Override
		public String toString() {
			return "%s read from %s: %s".formatted(this.at, this.server.uri(), this.found);
		}

	}

}
