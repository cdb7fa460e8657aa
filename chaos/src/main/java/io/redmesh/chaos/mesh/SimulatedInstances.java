package io.redmesh.chaos.mesh;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;

import io.redmesh.chaos.history.History;
import io.redmesh.chaos.history.Life;

/**
 * Many simulated instances in one process, which records the truth about them. Each
 * listens on a port of its own, so that the registry can probe it.
 * <p>
 * Safe for use by many threads: all work is done on one thread of its own.
 */
public final class SimulatedInstances implements AutoCloseable {

	private final History history;

	private final List<Server> servers;

	private final Random random;

	private final ScheduledExecutorService loop = Executors.newSingleThreadScheduledExecutor(threads("instances"));

	private final ExecutorService http = Executors.newFixedThreadPool(2, threads("instances-http"));

	private final RegistryCalls calls = new RegistryCalls(this.http);

	private final InstancePorts doors = new InstancePorts();

	private final Map<String, SimulatedInstance> instances = new TreeMap<>();

	/** The instances whose id another one has taken over while they were running. */
	private final List<SimulatedInstance> displaced = new ArrayList<>();

	private final AtomicLong started = new AtomicLong();

	/**
	 * Creates it without instances.
	 * @param history records what is true
	 * @param servers the servers of the registry
	 * @param seed the seed of all random choices
	 */
	public SimulatedInstances(History history, List<Server> servers, long seed) {
		this.history = history;
		this.servers = List.copyOf(servers);
		this.random = new Random(seed);
	}

	/**
	 * Starts an instance, in place of one with the same id if there is one.
	 * @param service its service
	 * @param id its id
	 */
	public void start(String service, String id) {
		onLoop(() -> {
			startNow(service, id);
			return true;
		});
	}

	private void startNow(String service, String id) {
		this.started.incrementAndGet();
		Life life = this.history.add(new Life(service, id, this.history.now()));
		SimulatedInstance instance = new SimulatedInstance(this, life, new Random(this.random.nextLong()),
				this.doors.open(service + "/" + id));
		SimulatedInstance before = this.instances.put(service + "/" + id, instance);
		if (before != null && !before.isOver()) {
			this.displaced.add(before);
		}
		instance.start();
	}

	/**
	 * Draws instances that run and are not frozen.
	 * @param count how many at most
	 * @param service what their names begin with, such as {@code orders/}; empty for any
	 * @return their names
	 */
	public List<String> some(int count, String service) {
		return onLoop(() -> {
			List<String> names = new ArrayList<>();
			this.instances.forEach((name, instance) -> {
				if (name.startsWith(service) && !instance.isOver() && !instance.isFrozen()) {
					names.add(name);
				}
			});
			Collections.shuffle(names, this.random);
			return List.copyOf(names.subList(0, Math.min(count, names.size())));
		});
	}

	public void freeze(List<String> names) {
		forEach(names, SimulatedInstance::freeze);
	}

	/** Thaws instances, and all that were replaced while they were frozen. */
	public void thaw(List<String> names) {
		forEach(names, SimulatedInstance::thaw);
		onLoop(() -> {
			this.displaced.forEach(SimulatedInstance::thaw);
			return true;
		});
	}

	/** Ends instances without a deregistration, and closes their ports. */
	public void crash(List<String> names) {
		forEach(names, (instance) -> {
			this.doors.close(instance.life().service() + "/" + instance.life().id());
			instance.crash();
		});
	}

	/** Lets instances deregister. */
	public void leave(List<String> names) {
		forEach(names, SimulatedInstance::leave);
	}

	/** Forgets instances that have ended, so that none is started in their place. */
	public void retire(List<String> names) {
		onLoop(() -> this.instances.keySet().removeAll(names));
	}

	/** Starts new instances in their place, whether the old ones have ended or not. */
	public void replace(List<String> names) {
		forEach(names, (instance) -> startNow(instance.life().service(), instance.life().id()));
	}

	/** Changes the weight of one instance. */
	public void change() {
		for (String name : some(1, "")) {
			forEach(List.of(name), (instance) -> instance.weigh(1 + this.random.nextInt(1000)));
		}
	}

	/** Tells instances that the registry may have begun a new epoch. */
	public void doubt(Predicate<String> which) {
		onLoop(() -> {
			this.instances.forEach((name, instance) -> {
				if (which.test(name)) {
					instance.doubt();
				}
			});
			return true;
		});
	}

	/** Thaws all instances, and restarts those that have ended. */
	public void recover() {
		onLoop(() -> {
			this.displaced.forEach(SimulatedInstance::thaw);
			List.copyOf(this.instances.values()).forEach((instance) -> {
				instance.thaw();
				if (instance.isOver()) {
					startNow(instance.life().service(), instance.life().id());
				}
			});
			return true;
		});
	}

	/** Lets each instance watch its own service and identify itself, as apps do. */
	void watch() {
		onLoop(() -> {
			this.instances.values()
				.forEach((instance) -> SimulatedWatcher.of(instance, this.history, this.servers,
						this.random.nextLong()));
			return true;
		});
	}

	/**
	 * Tells whether all instances are registered.
	 * @return false while one of them is not
	 */
	public boolean areRegistered() {
		return onLoop(() -> this.instances.values().stream().allMatch(SimulatedInstance::isRegistered));
	}

	/**
	 * Counts the instances that were started, replacements included.
	 * @return how many
	 */
	public long countStarted() {
		return this.started.get();
	}

	List<Server> servers() {
		return this.servers;
	}

	ScheduledExecutorService loop() {
		return this.loop;
	}

	RegistryCalls calls() {
		return this.calls;
	}

	long now() {
		return this.history.now();
	}

	private void forEach(List<String> names, Consumer<SimulatedInstance> action) {
		onLoop(() -> {
			names.forEach((name) -> action.accept(Objects.requireNonNull(this.instances.get(name))));
			return true;
		});
	}

	private <T> T onLoop(Supplier<T> task) {
		return CompletableFuture.supplyAsync(task, this.loop).orTimeout(10, TimeUnit.SECONDS).join();
	}

	@Override
	public void close() {
		this.loop.shutdownNow();
		this.http.shutdownNow();
		this.doors.close();
	}

	static ThreadFactory threads(String name) {
		return (task) -> {
			Thread thread = new Thread(task, name);
			thread.setDaemon(true);
			return thread;
		};
	}

}
