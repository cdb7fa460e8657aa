package io.redmesh.chaos;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

import io.redmesh.chaos.process.FaultyProxy;
import io.redmesh.chaos.process.FaultyProxy.Mode;
import io.redmesh.chaos.process.RegistryProcess;
import io.redmesh.chaos.process.Waiting;

/**
 * Faults of servers and of the networks around them. They hit one server at a time, so
 * that every client can always reach a healthy one.
 */
final class ServerFaults {

	private static final List<Mode> MODES = List.of(Mode.DELAY, Mode.REFUSE, Mode.HOLD, Mode.SWALLOW,
			Mode.SWALLOW_ANSWERS);

	private final List<RegistryProcess> servers;

	private final List<FaultyProxy> fronts;

	private final List<FaultyProxy> backs;

	ServerFaults(List<RegistryProcess> servers, List<FaultyProxy> fronts, List<FaultyProxy> backs) {
		this.servers = servers;
		this.fronts = fronts;
		this.backs = backs;
	}

	List<FaultAction> all() {
		FaultAction front = (random, say) -> disturb(this.fronts, "its clients", random, say);
		FaultAction back = this.backs.isEmpty() ? front : (random, say) -> disturb(this.backs, "Redis", random, say);
		return List.of(this::kill, this::stop, this::freeze, this::cut, front, back, back);
	}

	private void kill(Random random, Consumer<String> say) {
		int server = random.nextInt(this.servers.size());
		int millis = random.nextInt(8000);
		say.accept("s" + server + " is killed, back after " + millis + " ms");
		this.servers.get(server).kill();
		restart(server, millis);
	}

	private void stop(Random random, Consumer<String> say) {
		int server = random.nextInt(this.servers.size());
		say.accept("s" + server + " is stopped gracefully and started again");
		this.servers.get(server).terminate();
		restart(server, 0);
	}

	private void restart(int server, int millis) {
		Waiting.pause(Duration.ofMillis(millis));
		this.servers.get(server).start();
		this.servers.get(server).awaitLive();
	}

	private void freeze(Random random, Consumer<String> say) {
		int server = random.nextInt(this.servers.size());
		int millis = 1000 + random.nextInt(19_000);
		say.accept("s" + server + " freezes for " + millis + " ms");
		this.servers.get(server).freeze();
		Waiting.pause(Duration.ofMillis(millis));
		this.servers.get(server).thaw();
	}

	private void cut(Random random, Consumer<String> say) {
		int server = random.nextInt(this.servers.size());
		say.accept("connections between s" + server + " and its clients are cut");
		this.fronts.get(server).cut();
	}

	private void disturb(List<FaultyProxy> networks, String other, Random random, Consumer<String> say) {
		int server = random.nextInt(networks.size());
		Mode mode = MODES.get(random.nextInt(MODES.size()));
		int millis = 1000 + random.nextInt(19_000);
		int delay = 20 + random.nextInt(400);
		say.accept("network between s" + server + " and " + other + ": " + mode
				+ ((mode == Mode.DELAY) ? " by " + delay + " ms" : "") + " for " + millis + " ms");
		networks.get(server).become(mode, Duration.ofMillis(delay));
		Waiting.pause(Duration.ofMillis(millis));
		networks.get(server).pass();
	}

}
