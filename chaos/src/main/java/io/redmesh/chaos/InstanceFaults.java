package io.redmesh.chaos;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

import io.redmesh.chaos.mesh.SimulatedInstances;
import io.redmesh.chaos.mesh.SimulatedWatcher;
import io.redmesh.chaos.process.Waiting;

/** Faults of groups of instances and of watchers. */
final class InstanceFaults {

	private final SimulatedInstances instances;

	private final List<String> services;

	private final List<SimulatedWatcher> watchers;

	private int born = 1000;

	InstanceFaults(SimulatedInstances instances, List<String> services, List<SimulatedWatcher> watchers) {
		this.instances = instances;
		this.services = services;
		this.watchers = watchers;
	}

	List<FaultAction> all() {
		return List.of(this::freeze, this::crash, this::leave, this::takeOver, this::replaceWhileFrozen, this::scale,
				this::restartAll, this::move);
	}

	private List<String> group(Random random) {
		// Half of the groups belong to one service, so that it loses most instances.
		String service = random.nextBoolean() ? this.services.get(random.nextInt(this.services.size())) + "/" : "";
		return this.instances.some(1 + random.nextInt(12), service);
	}

	private void freeze(Random random, Consumer<String> say) {
		List<String> group = group(random);
		int millis = 1000 + random.nextInt(24_000);
		say.accept(group + " freeze for " + millis + " ms");
		this.instances.freeze(group);
		Waiting.pause(Duration.ofMillis(millis));
		this.instances.thaw(group);
	}

	private void crash(Random random, Consumer<String> say) {
		List<String> group = group(random);
		int millis = random.nextInt(25_000);
		say.accept(group + " crash, back after " + millis + " ms");
		this.instances.crash(group);
		Waiting.pause(Duration.ofMillis(millis));
		this.instances.replace(group);
	}

	private void leave(Random random, Consumer<String> say) {
		List<String> group = group(random);
		int millis = random.nextInt(10_000);
		say.accept(group + " deregister, back after " + millis + " ms");
		this.instances.leave(group);
		Waiting.pause(Duration.ofMillis(millis));
		this.instances.replace(group);
	}

	private void takeOver(Random random, Consumer<String> say) {
		List<String> group = group(random);
		say.accept(group + " are started a second time");
		this.instances.replace(group);
	}

	private void replaceWhileFrozen(Random random, Consumer<String> say) {
		List<String> group = group(random);
		int millis = 1000 + random.nextInt(15_000);
		say.accept(group + " freeze for " + millis + " ms, and are replaced meanwhile");
		this.instances.freeze(group);
		Waiting.pause(Duration.ofMillis(millis / 2));
		this.instances.replace(group);
		Waiting.pause(Duration.ofMillis(millis / 2));
		this.instances.thaw(group);
	}

	private void scale(Random random, Consumer<String> say) {
		List<String> group = this.instances.some(1 + random.nextInt(4), "");
		boolean crash = random.nextBoolean();
		say.accept(group + (crash ? " crash" : " deregister") + " for good, new ones start");
		if (crash) {
			this.instances.crash(group);
		}
		else {
			this.instances.leave(group);
		}
		this.instances.retire(group);
		group.forEach((name) -> this.instances.start(name.substring(0, name.indexOf('/')), "n" + this.born++));
	}

	private void restartAll(Random random, Consumer<String> say) {
		List<String> all = this.instances.some(Integer.MAX_VALUE, "");
		say.accept("all instances crash and restart at once");
		this.instances.crash(all);
		this.instances.replace(all);
	}

	private void move(Random random, Consumer<String> say) {
		say.accept("half of the watchers move to another server");
		this.watchers.subList(0, this.watchers.size() / 2).forEach(SimulatedWatcher::move);
	}

}
