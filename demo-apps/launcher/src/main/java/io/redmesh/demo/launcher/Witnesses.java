package io.redmesh.demo.launcher;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

import io.redmesh.demo.launcher.RegistryServer.Listing;

/**
 * The witnesses of a scenario: one watch and one reader for each registry server. The
 * instances that are listed at the start live until the end. So no server may ever say
 * that one of them is gone. Used by one thread.
 */
final class Witnesses implements AutoCloseable {

	/** The silence after which a client of the mesh gives up a watch. */
	private static final Duration SILENCE = Duration.ofSeconds(25);

	private static final Duration PAUSE = Duration.ofMillis(20);

	private static final String PROBE = "probe";

	private final List<RegistryServer> servers;

	private final Map<String, Set<String>> alive = new TreeMap<>();

	private final Map<RegistryServer, Watch> watches = new LinkedHashMap<>();

	private final List<Reads> reads = new ArrayList<>();

	private int probes;

	/**
	 * Starts the watches and the readers.
	 * @param services the services whose instances live until the end; readers read the
	 * first one
	 */
	Witnesses(List<URI> servers, List<String> services) throws IOException, InterruptedException {
		this.servers = servers.stream().map(RegistryServer::new).toList();
		for (String service : services) {
			this.alive.put(service, this.servers.get(0).list(service).ids());
		}
		String read = services.get(0);
		for (RegistryServer server : this.servers) {
			this.watches.put(server, new Watch(Probe.CLIENT, List.of(server.uri())));
			this.reads.add(new Reads(server, read, this.alive.getOrDefault(read, Set.of())));
		}
	}

	/** Returns the ids of the live instances, by service. */
	Map<String, Set<String>> alive() {
		return this.alive;
	}

	/**
	 * Waits until every server accepts a registration and lists all live instances,
	 * including those just registered.
	 * @return the moment of that in nanoseconds of {@link System#nanoTime()}, or empty
	 * after the timeout
	 */
	Optional<Long> awaitRecovery(Duration timeout) throws InterruptedException {
		long deadline = System.nanoTime() + timeout.toNanos();
		Map<String, String> tokens = new LinkedHashMap<>();
		for (RegistryServer server : this.servers) {
			String id = PROBE + "-" + ++this.probes;
			Optional<String> token = server.register(PROBE, id);
			while (token.isEmpty() && System.nanoTime() - deadline < 0) {
				Thread.sleep(PAUSE.toMillis());
				token = server.register(PROBE, id);
			}
			if (token.isEmpty()) {
				return Optional.empty();
			}
			tokens.put(id, token.get());
		}
		Map<String, Set<String>> expected = new TreeMap<>(this.alive);
		expected.put(PROBE, tokens.keySet());
		Optional<Long> recovered = await(deadline, expected, false);
		for (Map.Entry<String, String> probe : tokens.entrySet()) {
			while (!this.servers.get(0).deregister(PROBE, probe.getKey(), probe.getValue())
					&& System.nanoTime() - deadline < 0) {
				Thread.sleep(PAUSE.toMillis());
			}
		}
		return recovered;
	}

	/**
	 * Waits until every server lists all live instances, calls its list complete and has
	 * no suspects.
	 * @return whether the servers did so within the timeout
	 */
	boolean awaitComplete(Duration timeout) throws InterruptedException {
		return await(System.nanoTime() + timeout.toNanos(), this.alive, true).isPresent();
	}

	private Optional<Long> await(long deadline, Map<String, Set<String>> expected, boolean complete)
			throws InterruptedException {
		while (!areListed(expected, complete)) {
			if (System.nanoTime() - deadline > 0) {
				return Optional.empty();
			}
			Thread.sleep(PAUSE.toMillis());
		}
		return Optional.of(System.nanoTime());
	}

	private boolean areListed(Map<String, Set<String>> expected, boolean complete) throws InterruptedException {
		try {
			for (RegistryServer server : this.servers) {
				for (Map.Entry<String, Set<String>> service : expected.entrySet()) {
					Listing listing = server.list(service.getKey());
					boolean uncertain = !listing.complete() || !listing.suspects().isEmpty();
					if (!listing.ids().containsAll(service.getValue()) || (complete && uncertain)) {
						return false;
					}
				}
			}
			return true;
		}
		catch (IOException ex) {
			return false;
		}
	}

	/** Returns the live instances that a watch has reported as gone since a moment. */
	List<String> evictedSince(long nanos) {
		List<String> evicted = new ArrayList<>();
		this.watches.forEach((server, watch) -> watch.departuresSince(nanos)
			.stream()
			.filter((departure) -> lives(departure.gone()))
			.map((departure) -> "%s watch of %s: %s".formatted(departure.at(), server.uri(), departure.gone()))
			.forEach(evicted::add));
		return evicted;
	}

	private boolean lives(Membership.Gone gone) {
		return this.alive.getOrDefault(gone.service(), Set.of()).contains(gone.id());
	}

	/** Returns the snapshots since a moment that claimed to be complete but were not. */
	List<String> gapsSince(long nanos) {
		List<String> gaps = new ArrayList<>();
		this.watches.forEach((server, watch) -> watch.snapshotsSince(nanos)
			.stream()
			.filter((snapshot) -> snapshot.complete() && !missing(snapshot).isEmpty())
			.map((snapshot) -> "%s snapshot of %s lacks %s".formatted(snapshot.at(), server.uri(), missing(snapshot)))
			.forEach(gaps::add));
		return gaps;
	}

	private Set<String> missing(Watch.Snapshot snapshot) {
		Set<String> missing = new TreeSet<>();
		this.alive.forEach((service, ids) -> ids.stream()
			.filter((id) -> !snapshot.ids().getOrDefault(service, Set.of()).contains(id))
			.map((id) -> service + "/" + id)
			.forEach(missing::add));
		return missing;
	}

	/** Returns the watches that ended or could not begin since a moment. */
	List<String> breaksSince(long nanos) {
		List<String> breaks = new ArrayList<>();
		this.watches.forEach((server, watch) -> watch.breaksSince(nanos)
			.stream()
			.map((end) -> "%s watch of %s: %s".formatted(end.at(), server.uri(), end.reason()))
			.forEach(breaks::add));
		return breaks;
	}

	/** Returns the reads since a moment that got a wrong response. */
	List<String> wrongReadsSince(long nanos) {
		return this.reads.stream()
			.flatMap((reader) -> reader.wrongSince(nanos).stream())
			.map(Reads.Wrong::toString)
			.toList();
	}

	/** Adds checks of all that the witnesses saw since a moment. */
	void check(long begun, Report report) {
		int count = this.reads.stream().mapToInt((reader) -> reader.tally().calls()).sum();
		Duration slowest = this.reads.stream()
			.map((reader) -> reader.tally().percentile(100))
			.max(Duration::compareTo)
			.orElse(Duration.ZERO);
		none(report, "every read lists all of orders", wrongReadsSince(begun),
				"of %d, the slowest %s".formatted(count, Console.millis(slowest)));
		none(report, "no watch reports a live instance as gone", evictedSince(begun), "");
		int snapshots = this.watches.values().stream().mapToInt((watch) -> watch.snapshotsSince(begun).size()).sum();
		none(report, "no complete snapshot lacks a live instance", gapsSince(begun), "of %d".formatted(snapshots));
		none(report, "no watch ends", breaksSince(begun), "of %d".formatted(this.watches.size()));
		Duration silence = this.watches.values()
			.stream()
			.map(Watch::longestSilence)
			.max(Duration::compareTo)
			.orElse(Duration.ZERO);
		report.check("no watch is silent for %s".formatted(Console.seconds(SILENCE)),
				"%s at most".formatted(Console.seconds(silence)), silence.compareTo(SILENCE) < 0);
	}

	private static void none(Report report, String expectation, List<String> found, String of) {
		report.check(expectation, "%d %s".formatted(found.size(), of).strip(), found.isEmpty());
	}

	@Override
	public void close() {
		this.reads.forEach(Reads::close);
		this.watches.values().forEach(Watch::close);
	}

}
