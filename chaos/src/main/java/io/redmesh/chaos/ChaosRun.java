package io.redmesh.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;

import io.redmesh.chaos.history.History;
import io.redmesh.chaos.history.HistoryChecker;
import io.redmesh.chaos.history.Times;
import io.redmesh.chaos.history.Violation;
import io.redmesh.chaos.mesh.Listing;
import io.redmesh.chaos.mesh.Server;
import io.redmesh.chaos.mesh.SimulatedInstances;
import io.redmesh.chaos.mesh.SimulatedWatcher;
import io.redmesh.chaos.process.FaultyProxy;
import io.redmesh.chaos.process.RegistryProcess;
import io.redmesh.chaos.process.Waiting;

/**
 * A chaos run: servers, instances and watchers over a Redis, with faults for a while and
 * a quiet end. Afterwards it checks the history.
 */
final class ChaosRun implements AutoCloseable {

	private static final int SERVERS = 3;

	private static final int WATCHERS = 12;

	private static final int INSTANCES = 60;

	private static final List<String> SERVICES = List.of("orders", "stock", "users", "mail", "prices", "search", "pay",
			"audit");

	private static final Duration CONVERGENCE = Duration.ofMinutes(2);

	/**
	 * The quiet time at the end. Servers ping watchers after 10 s, and a ping tells where
	 * the server stands.
	 */
	private static final Duration QUIET = Duration.ofSeconds(12);

	private final History history = new History();

	private final List<RegistryProcess> servers = new ArrayList<>();

	private final List<FaultyProxy> fronts = new ArrayList<>();

	private final List<SimulatedWatcher> watchers = new ArrayList<>();

	private final Topology topology;

	private final SimulatedInstances instances;

	private final Path directory;

	private final long seed;

	private final TopologyKind kind;

	private final List<Server> reached = new ArrayList<>();

	private final List<String> harnessFailures = new ArrayList<>();

	private volatile boolean changing = true;

	ChaosRun(long seed, TopologyKind kind) {
		this.seed = seed;
		this.kind = kind;
		this.directory = temporary();
		this.topology = kind.create(this.directory, SERVERS);
		for (int i = 0; i < SERVERS; i++) {
			List<String> properties = new ArrayList<>(this.topology.properties(i));
			// Short, so that suspects of the last fault are evicted before the end.
			properties.add("mesh.server.eviction.patience=20s");
			this.servers.add(new RegistryProcess(this.directory, "s" + i, properties));
			this.fronts.add(new FaultyProxy(this.servers.get(i).port()));
			this.reached.add(new Server("s" + i, this.fronts.get(i).port()));
		}
		this.instances = new SimulatedInstances(this.history, this.reached, seed);
	}

	private void start() {
		System.out.println("Seed " + this.seed + " on " + this.kind + ", logs in " + this.directory);
		this.topology.start();
		this.servers.forEach(RegistryProcess::start);
		this.servers.forEach(RegistryProcess::awaitLive);
		watch();
		for (int i = 0; i < INSTANCES; i++) {
			this.instances.start(SERVICES.get(i % SERVICES.size()), "i" + i);
		}
		Waiting.until("all instances are registered", Duration.ofSeconds(60), this.instances::areRegistered);
	}

	private void watch() {
		Random random = new Random(this.seed);
		for (int i = 0; i < WATCHERS; i++) {
			int number = i;
			TreeSet<String> some = new TreeSet<>();
			for (int j = 0; i % 2 == 1 && j < 1 + i / 3; j++) {
				some.add(SERVICES.get(random.nextInt(SERVICES.size())));
			}
			// Half of the instances learn of a new epoch from a watch, as apps do, the
			// other half only from a renewal.
			this.watchers.add(new SimulatedWatcher(this.history, "w" + i, some, this.reached, random.nextLong(),
					() -> this.instances.doubt((name) -> Math.floorMod(name.hashCode(), 2 * WATCHERS) == number)));
		}
	}

	/**
	 * Injects faults, repairs everything, and waits for the quiet end.
	 * @param duration how long faults are injected
	 * @return the violations of the rules
	 */
	List<Violation> run(Duration duration) {
		start();
		Thread changes = new Thread(this::change, "changes");
		changes.setDaemon(true);
		changes.start();
		List<FaultLane> lanes = List.of(lane("store", this.topology.faults()),
				lane("servers", new ServerFaults(this.servers, this.fronts, this.topology.networks()).all()),
				lane("instances", new InstanceFaults(this.instances, SERVICES, this.watchers).all()));
		lanes.forEach(FaultLane::start);
		Waiting.pause(duration);
		lanes.stream().map(FaultLane::end).filter((failure) -> !failure.isEmpty()).forEach(this.harnessFailures::add);
		this.changing = false;
		this.instances.recover();
		long healed = this.history.now();
		System.out.println(Times.text(healed) + "  faults have ended, all instances recovered");
		boolean agreed = Waiting.happens(CONVERGENCE, () -> {
			Waiting.pause(Duration.ofMillis(500));
			return HistoryChecker.agree(this.history);
		});
		System.out.println(Times.text(this.history.now()) + "  "
				+ (agreed ? "all watchers agree after " + Times.text(this.history.now() - healed) : "no agreement"));
		Waiting.pause(QUIET);
		noteHeads();
		this.watchers.forEach(SimulatedWatcher::close);
		return HistoryChecker.check(this.history);
	}

	private FaultLane lane(String name, List<FaultAction> faults) {
		return new FaultLane(name, this.history, faults, this.seed);
	}

	private void change() {
		while (this.changing) {
			this.instances.change();
			Waiting.pause(Duration.ofMillis(150));
		}
	}

	private void noteHeads() {
		for (RegistryProcess server : this.servers) {
			Server direct = new Server("s" + this.servers.indexOf(server), server.port());
			this.history.head(direct.name(), Listing.head(direct));
		}
	}

	/** Returns the counts of the run in one line. */
	String summary() {
		long requests = this.history.lives().stream().mapToLong((life) -> life.acts().size()).sum();
		long events = this.history.watchers().stream().mapToLong((watcher) -> watcher.observations().size()).sum();
		long refused = this.watchers.stream().mapToLong(SimulatedWatcher::countRefused).sum();
		long revisions = HistoryChecker.countRevisions(this.history);
		return "seed %d: %d lives, %d acts, %d events seen (%d refused as older), %d revisions in %d epochs, %d faults"
			.formatted(this.seed, this.instances.countStarted(), requests, events, refused, revisions,
					HistoryChecker.countEpochs(this.history), this.history.faults().size());
	}

	/**
	 * Returns the failures of the harness itself, because of which the run proves less.
	 */
	List<String> harnessFailures() {
		return this.harnessFailures;
	}

	@Override
	public void close() {
		this.changing = false;
		this.watchers.forEach(SimulatedWatcher::close);
		this.instances.close();
		this.servers.forEach(RegistryProcess::close);
		this.fronts.forEach(FaultyProxy::close);
		this.topology.close();
	}

	private static Path temporary() {
		try {
			return Files.createTempDirectory("redmesh-chaos");
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
