package io.redmesh.chaos.mesh;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;

import io.redmesh.chaos.history.History;
import io.redmesh.chaos.process.JavaProcess;

/**
 * A process of simulated instances, so that what happens to the process happens to them.
 * Each instance watches and identifies itself.
 */
public final class InstancesProcess extends JavaProcess {

	private final List<String> instances;

	/**
	 * Creates the process without starting it.
	 * @param directory the directory of its log
	 * @param name the name of its log
	 * @param servers the servers of the registry
	 * @param instances the instances, each as {@code service/id}
	 */
	public InstancesProcess(Path directory, String name, List<Server> servers, List<String> instances) {
		super(directory, name, small(InstancesProcess.class.getName(), arguments(servers, instances)));
		this.instances = List.copyOf(instances);
	}

	private static List<String> arguments(List<Server> servers, List<String> instances) {
		List<String> arguments = new ArrayList<>();
		arguments.add(String.join(",", servers.stream().map((server) -> Integer.toString(server.port())).toList()));
		arguments.addAll(instances);
		return arguments;
	}

	/** Returns the names of its instances. */
	public List<String> instances() {
		return this.instances;
	}

	/**
	 * Runs the instances until the process is killed.
	 * @param arguments the ports of the servers, separated by commas, and the instances
	 * @throws InterruptedException never
	 */
	public static void main(String[] arguments) throws InterruptedException {
		List<Server> servers = Stream.of(arguments[0].split(","))
			.map((port) -> new Server(port, Integer.parseInt(port)))
			.toList();
		try (SimulatedInstances instances = new SimulatedInstances(new History(), servers, new Random().nextLong())) {
			for (String name : List.of(arguments).subList(1, arguments.length)) {
				instances.start(name.substring(0, name.indexOf('/')), name.substring(name.indexOf('/') + 1));
			}
			instances.watch();
			new CountDownLatch(1).await();
		}
	}

}
