package io.redmesh.demo.launcher;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

import io.redmesh.demo.launcher.Membership.Gone;

/**
 * A client of the registry's watch, with a thread of its own. It follows one server, and
 * the next server after its watch has ended. Safe for use by many threads.
 */
final class Watch implements AutoCloseable {

	private final HttpClient client;

	private final List<URI> registries;

	private final Membership membership = new Membership(this::gone);

	private final List<Departure> departures = new ArrayList<>();

	private final List<Snapshot> snapshots = new ArrayList<>();

	private final List<Break> breaks = new ArrayList<>();

	private final Thread thread = new Thread(this::run, "watch");

	private boolean connected;

	private long heardAt = System.nanoTime();

	private long longestSilence;

	private volatile boolean closed;

	Watch(HttpClient client, List<URI> registries) {
		this.client = client;
		this.registries = List.copyOf(registries);
		this.thread.setDaemon(true);
		this.thread.start();
	}

	private void run() {
		for (int attempt = 0; !this.closed; attempt++) {
			try {
				disconnected(follow(this.registries.get(attempt % this.registries.size())));
			}
			catch (IOException | UncheckedIOException | IllegalArgumentException ex) {
				// The server is down, or went down; the next server is asked.
				disconnected(String.valueOf(ex));
			}
			catch (InterruptedException ex) {
				return;
			}
			pause(Duration.ofMillis(50));
		}
	}

	/** Follows one watch and returns the reason for its end. */
	private String follow(URI registry) throws IOException, InterruptedException {
		HttpRequest request = HttpRequest.newBuilder(registry.resolve("/v1/namespaces/default/watch?service=*"))
			.header("Accept", "text/event-stream")
			.timeout(Duration.ofSeconds(2))
			.build();
		HttpResponse<Stream<String>> response = this.client.send(request, BodyHandlers.ofLines());
		try (Stream<String> lines = response.body()) {
			if (response.statusCode() != 200) {
				return "HTTP " + response.statusCode();
			}
			ServerSentEvents events = new ServerSentEvents(this::apply);
			lines.forEach(events::line);
			return "ended by the server";
		}
	}

	private synchronized void apply(ServerSentEvents.Event event) {
		this.membership.apply(event);
		this.longestSilence = silence();
		this.heardAt = System.nanoTime();
		if (event.name().equals("snapshot")) {
			this.connected = true;
			this.snapshots
				.add(new Snapshot(this.membership.complete(), this.membership.ids(), this.heardAt, Instant.now()));
		}
		notifyAll();
	}

	private synchronized void gone(Gone gone) {
		this.departures.add(new Departure(gone, System.nanoTime(), Instant.now()));
	}

	private synchronized void disconnected(String reason) {
		this.connected = false;
		if (!this.closed) {
			this.breaks.add(new Break(reason, System.nanoTime(), Instant.now()));
		}
	}

	private long silence() {
		return Math.max(this.longestSilence, System.nanoTime() - this.heardAt);
	}

	private static void pause(Duration duration) {
		try {
			Thread.sleep(duration.toMillis());
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/**
	 * Returns the number of instances of each service, as the registry says; empty while
	 * no server is connected.
	 */
	synchronized Map<String, Integer> sizes() {
		return this.connected ? this.membership.sizes() : Map.of();
	}

	/** Returns the departures seen since a moment. */
	synchronized List<Departure> departuresSince(long nanos) {
		return this.departures.stream().filter((departure) -> departure.nanos() - nanos >= 0).toList();
	}

	/** Returns the snapshots seen since a moment. */
	synchronized List<Snapshot> snapshotsSince(long nanos) {
		return this.snapshots.stream().filter((snapshot) -> snapshot.nanos() - nanos >= 0).toList();
	}

	/** Returns the watches that ended or could not begin since a moment. */
	synchronized List<Break> breaksSince(long nanos) {
		return this.breaks.stream().filter((end) -> end.nanos() - nanos >= 0).toList();
	}

	/** Returns the longest time so far without an event. */
	synchronized Duration longestSilence() {
		return Duration.ofNanos(silence());
	}

	/**
	 * Waits until the number of instances of each service is as wanted.
	 * @return the moment of that in nanoseconds of {@link System#nanoTime()}, or empty
	 * after the timeout
	 */
	synchronized Optional<Long> await(Predicate<Map<String, Integer>> wanted, Duration timeout)
			throws InterruptedException {
		long deadline = System.nanoTime() + timeout.toNanos();
		while (!wanted.test(sizes())) {
			long left = deadline - System.nanoTime();
			if (left <= 0) {
				return Optional.empty();
			}
			wait(Math.max(1, left / 1_000_000));
		}
		return Optional.of(System.nanoTime());
	}

	@Override
	public void close() {
		this.closed = true;
		this.thread.interrupt();
	}

	/**
	 * The removal of an instance, as the watch reported it.
	 *
	 * @param gone the instance and the reason
	 * @param nanos the moment of the event, in nanoseconds of {@link System#nanoTime()}
	 * @param at the moment of the event, by the wall clock
	 */
	record Departure(Gone gone, long nanos, Instant at) {
	}

	/**
	 * A snapshot, as a server sent it.
	 *
	 * @param complete whether the server said that nothing is missing
	 * @param ids the ids of all instances, by service
	 * @param nanos the moment of the event, in nanoseconds of {@link System#nanoTime()}
	 * @param at the moment of the event, by the wall clock
	 */
	record Snapshot(boolean complete, Map<String, Set<String>> ids, long nanos, Instant at) {
	}

	/**
	 * The end of a watch that the launcher did not close.
	 *
	 * @param reason the reason for the end
	 * @param nanos the moment of the end, in nanoseconds of {@link System#nanoTime()}
	 * @param at the moment of the end, by the wall clock
	 */
	record Break(String reason, long nanos, Instant at) {
	}

}
