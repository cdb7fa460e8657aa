package io.redmesh.chaos.proof;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;

import io.redmesh.chaos.history.History;
import io.redmesh.chaos.history.InstanceView;
import io.redmesh.chaos.history.Observation;
import io.redmesh.chaos.history.Observation.Change;
import io.redmesh.chaos.history.Observation.Delta;
import io.redmesh.chaos.mesh.InstancesProcess;
import io.redmesh.chaos.mesh.Listing;
import io.redmesh.chaos.mesh.Server;
import io.redmesh.chaos.mesh.SimulatedWatcher;
import io.redmesh.chaos.process.RedisSetup;
import io.redmesh.chaos.process.RegistryProcess;
import io.redmesh.chaos.process.Waiting;

/**
 * A stage: two servers over a Redis, and watchers of each that see everything. Used by
 * one thread.
 */
final class Stage implements AutoCloseable {

	private static final int SERVERS = 2;

	private static final int WATCHERS = 2;

	private final History history = new History();

	private final Path directory;

	private final RedisSetup redis;

	private final List<RegistryProcess> processes = new ArrayList<>();

	private final List<Server> servers = new ArrayList<>();

	private final List<SimulatedWatcher> watchers = new ArrayList<>();

	private final List<InstancesProcess> apps = new ArrayList<>();

	/**
	 * Creates the stage without starting anything.
	 * @param redis creates the Redis in a directory
	 * @param properties the properties of the servers, as {@code name=value}
	 */
	Stage(Function<Path, ? extends RedisSetup> redis, String... properties) {
		this.directory = temporary();
		this.redis = redis.apply(this.directory);
		for (int i = 0; i < SERVERS; i++) {
			List<String> all = new ArrayList<>(this.redis.properties());
			all.addAll(List.of(properties));
			this.processes.add(new RegistryProcess(this.directory, "s" + i, all));
			this.servers.add(new Server("s" + i, this.processes.get(i).port()));
		}
	}

	private static Path temporary() {
		try {
			return Files.createTempDirectory("redmesh-proof");
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	Stage start() {
		System.out.println("logs in " + this.directory);
		this.redis.start();
		this.processes.forEach(RegistryProcess::start);
		this.processes.forEach(RegistryProcess::awaitLive);
		for (Server server : this.servers) {
			for (int i = 0; i < WATCHERS; i++) {
				this.watchers.add(new SimulatedWatcher(this.history, "w" + i + "-" + server.name(), new TreeSet<>(),
						List.of(server), i, () -> {
						}));
			}
		}
		return this;
	}

	History history() {
		return this.history;
	}

	List<Server> servers() {
		return this.servers;
	}

	long now() {
		return this.history.now();
	}

	/** Starts a process of instances. */
	InstancesProcess launch(String name, List<String> instances) {
		InstancesProcess process = new InstancesProcess(this.directory, name, this.servers, instances);
		this.apps.add(process);
		process.start();
		return process;
	}

	/**
	 * Waits until every watcher and server knows so many instances, none of them suspect.
	 */
	void awaitCalm(int count) {
		Waiting.until(count + " instances are known", Duration.ofSeconds(90), () -> allKnow(
				(known) -> known.size() == count && known.values().stream().noneMatch(InstanceView::suspect)));
		// Time for each server to probe every port once, and for apps to begin to watch.
		Waiting.pause(Duration.ofSeconds(6));
	}

	/**
	 * Tells whether a condition holds for the knowledge of each watcher and each server.
	 */
	boolean allKnow(Predicate<Map<String, InstanceView>> condition) {
		return this.watchers.stream().allMatch((watcher) -> condition.test(watcher.record().known()))
				&& this.servers.stream().allMatch((server) -> condition.test(Listing.all(server)));
	}

	/**
	 * Waits until a condition holds for the knowledge of each watcher and each server.
	 * @param since from when to count, in nanoseconds since the run began
	 * @param limit how long to wait
	 * @param condition the condition
	 * @return the seconds until then, infinitely many if it was not within the limit
	 */
	double secondsUntil(long since, Duration limit, Predicate<Map<String, InstanceView>> condition) {
		boolean happened = Waiting.happens(limit, () -> allKnow(condition));
		return happened ? secondsSince(since) : Double.POSITIVE_INFINITY;
	}

	double secondsSince(long since) {
		return (now() - since) / 1e9;
	}

	/**
	 * Returns the names of the instances that any watcher was told are gone since a time,
	 * whatever the reason.
	 */
	Set<String> goneSince(long since) {
		Set<String> gone = new TreeSet<>();
		for (SimulatedWatcher watcher : this.watchers) {
			for (Observation observation : watcher.record().observations()) {
				if (observation.at() >= since && observation.news() instanceof Delta delta) {
					delta.changes()
						.stream()
						.filter((change) -> change.gone() != null)
						.map(Change::name)
						.forEach(gone::add);
				}
			}
		}
		return gone;
	}

	/** Records the cursor at which each server stands. */
	void noteHeads() {
		this.servers.forEach((server) -> this.history.head(server.name(), Listing.head(server)));
	}

	@Override
	public void close() {
		this.watchers.forEach(SimulatedWatcher::close);
		this.apps.forEach(InstancesProcess::close);
		this.processes.forEach(RegistryProcess::close);
		this.redis.close();
	}

}
