package io.redmesh.benchmarks.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.redmesh.benchmarks.load.CpuTime;
import io.redmesh.benchmarks.load.Sample;
import io.redmesh.benchmarks.peers.Report.Operation;
import io.redmesh.chaos.process.RedisBinary;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * The peers benchmark: puts the same load on our registry server, on Eureka and on
 * ZooKeeper. It measures one after another, in several rounds, and prints rates,
 * latencies and processor time.
 */
public final class Peers {

	private static final int ROUNDS = 3;

	private static final Duration WARM_UP = Duration.ofSeconds(4);

	private static final Duration WINDOW = Duration.ofSeconds(10);

	// Only our registry has batches, so they are not compared.
	private static final Duration BATCH_WINDOW = Duration.ofSeconds(5);

	// One registration of the population takes only a second or two. So there are several
	// in a round, and many in the warm-up, until the code is compiled.
	private static final int REGISTRATIONS = 2;

	private static final int REGISTRATIONS_TO_WARM_UP = 5;

	private static final int VISIBLE_TRIALS = 200;

	// Work that a server does after its last response belongs to the operation.
	private static final Duration AFTERMATH = Duration.ofMillis(200);

	private final Report report;

	private Peers(Report report) {
		this.report = report;
	}

	/**
	 * Runs the measurement and prints its figures.
	 * @param arguments the executable jars of the registry server and of Eureka, a
	 * directory for logs, then the peers to measure:
	 * {@code redis memory eureka zookeeper}, all by default
	 * @throws Exception if a peer cannot be started
	 */
	public static void main(String[] arguments) throws Exception {
		((Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME)).setLevel(Level.WARN);
		List<String> wanted = (arguments.length > 3) ? Arrays.asList(arguments).subList(3, arguments.length)
				: List.of("redis", "memory", "eureka", "zookeeper");
		Path directory = Files.createDirectories(Path.of(arguments[2]).toAbsolutePath());
		List<Peer> peers = new ArrayList<>();
		try {
			for (String name : wanted) {
				peers.add(switch (name) {
					case "redis" -> RedmeshPeer.onRedis(Path.of(arguments[0]), directory);
					case "memory" -> RedmeshPeer.inMemory(Path.of(arguments[0]), directory);
					case "eureka" -> EurekaPeer.start(Path.of(arguments[1]), directory);
					case "zookeeper" -> ZooKeeperPeer.start(directory);
					default -> throw new IllegalArgumentException(name);
				});
			}
			RedisBinary redis = RedisBinary.get();
			Peers run = new Peers(new Report());
			run.measure(peers);
			run.report.print(VISIBLE_TRIALS,
					"JDK %s; redis-server %s %s; %d processors".formatted(Runtime.version().feature(), redis.version(),
							redis.origin(), Runtime.getRuntime().availableProcessors()));
		}
		finally {
			for (Peer peer : peers) {
				peer.close();
			}
		}
		// Clients may have left threads running.
		System.exit(0);
	}

	private void measure(List<Peer> peers) throws Exception {
		for (Peer peer : peers) {
			peer.awaitReady();
			System.err.printf("%s: processes %s%n", peer.name(),
					peer.processes().stream().map(ProcessHandle::pid).toList());
		}
		for (int round = 0; round <= ROUNDS; round++) {
			for (Peer peer : peers) {
				System.err.printf("%s, %s%n", peer.name(), (round > 0) ? "round " + round : "warm-up");
				pass(peer, round);
			}
		}
		for (Peer peer : peers) {
			System.err.printf("%s, from registered to visible%n", peer.name());
			this.report.addVisible(peer.name(), peer.visible(VISIBLE_TRIALS));
		}
	}

	private void pass(Peer peer, int round) throws Exception {
		Duration window = (round > 0) ? WINDOW : WARM_UP;
		int registrations = (round > 0) ? REGISTRATIONS : REGISTRATIONS_TO_WARM_UP;
		for (int i = 0; i < registrations; i++) {
			Population population = new Population(round + "-" + i);
			if (i > 0) {
				peer.deregisterAll();
			}
			measure(peer, round, Operation.REGISTER, () -> peer.register(population));
		}
		measure(peer, round, Operation.RENEW, () -> peer.renew(window));
		measure(peer, round, Operation.RENEW_IN_BATCHES,
				() -> peer.renewInBatches((round > 0) ? BATCH_WINDOW : WARM_UP));
		measure(peer, round, Operation.READ, () -> peer.read(window));
		peer.deregisterAll();
	}

	private void measure(Peer peer, int round, Operation operation, Load load) throws Exception {
		double[] before = CpuTime.of(peer.processes());
		Sample sample = load.run();
		if (sample == null) {
			return;
		}
		LockSupport.parkNanos(AFTERMATH.toNanos());
		double[] used = used(peer, before, sample);
		System.err.printf(Locale.ROOT, "  %-22s %,9.0f/s  p50 %7.2f ms  p99 %7.2f ms  CPU-s per 1,000 %s  failed %d%n",
				operation.title(), sample.perSecond(), sample.quantile(0.5), sample.quantile(0.99),
				String.join(" + ", Arrays.stream(used).mapToObj("%.4f"::formatted).toList()), sample.failures());
		if (round > 0) {
			this.report.add(operation, peer.name(), sample, Arrays.stream(used).sum());
		}
	}

	/** Returns the seconds of processor time for 1,000 operations, by process. */
	private static double[] used(Peer peer, double[] before, Sample sample) throws IOException {
		double[] used = CpuTime.of(peer.processes());
		for (int i = 0; i < used.length; i++) {
			used[i] = (used[i] - before[i]) * 1000 / sample.operations();
		}
		return used;
	}

	/** A load on a peer. */
	@FunctionalInterface
	private interface Load {

		@Nullable Sample run() throws Exception;

	}

}
