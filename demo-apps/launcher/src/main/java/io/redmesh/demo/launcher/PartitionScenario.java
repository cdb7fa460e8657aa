package io.redmesh.demo.launcher;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

import io.redmesh.demo.launcher.RegistryServer.Listing;

/**
 * The partition scenario: members lose the registry, but not one another, for longer than
 * a lease, under a constant load. Callers of the storefront must not notice.
 */
final class PartitionScenario {

	private static final Duration SILENT = Duration.ofSeconds(20);

	private static final Duration CLOSED = Duration.ofSeconds(10);

	private static final Duration BACK = Duration.ofSeconds(6);

	private static final Duration TIMEOUT = Duration.ofSeconds(60);

	/** The limit of a call, on top of the slowest call of the warm-up. */
	private static final Duration SLOW = Duration.ofSeconds(2);

	private final ProcessFleet fleet;

	private final Console console;

	private final Report report = new Report();

	private final Phases phases;

	private Duration slow = SLOW;

	PartitionScenario(ProcessFleet fleet, Console console, int rate) {
		this.fleet = fleet;
		this.console = console;
		this.phases = new Phases(fleet.storefront().resolve("/orders/7"), console, this.report, rate);
	}

	/** Plays the scenario and returns its findings. */
	Report play() throws Exception {
		try (this.phases) {
			this.phases.begin();
			this.slow = this.phases.allowed(SLOW);
			List<String> orders = this.fleet.members("orders");
			step("orders-1 without the registry", "orders", orders.subList(0, 1));
			step("storefront without the registry", "storefront", this.fleet.members("storefront"));
			step("all of orders without the registry", "orders", orders);
		}
		return this.report;
	}

	private void step(String name, String service, List<String> members) throws Exception {
		Tally tally = this.phases.play(name, () -> {
			setNetworks(members, Network.State.SILENT);
			Thread.sleep(SILENT.toMillis());
			setNetworks(members, Network.State.CLOSED);
			Thread.sleep(CLOSED.toMillis());
			int lost = countLost(service);
			this.report.check(name + ": %d without a valid lease".formatted(members.size()), String.valueOf(lost),
					lost == members.size());
			long healed = System.nanoTime();
			setNetworks(members, Network.State.CONNECTED);
			Optional<Duration> back = awaitAllListed(service).map((at) -> Duration.ofNanos(at - healed));
			Duration limit = this.phases.allowed(BACK);
			this.report.check("%s: registered again within %s".formatted(name, Console.seconds(limit)),
					back.map(Console::seconds).orElse("never"), back.isPresent() && back.get().compareTo(limit) <= 0);
			Thread.sleep(5000);
		});
		Duration slowest = tally.percentile(100);
		this.report.check("%s: no call takes %s".formatted(name, Console.seconds(this.slow)),
				"%d failed, the slowest took %s".formatted(tally.failed(), Console.millis(slowest)),
				slowest.compareTo(this.slow) < 0);
		this.console.step("  %d calls, %d failed", tally.calls(), tally.failed());
	}

	private void setNetworks(List<String> members, Network.State state) throws IOException {
		for (String member : members) {
			this.fleet.network(member).set(state);
		}
	}

	/**
	 * Counts the instances that are suspect or not listed, at the server that has the
	 * fewest of them.
	 */
	private int countLost(String service) throws IOException, InterruptedException {
		int lost = this.fleet.members(service).size();
		for (RegistryServer server : servers()) {
			Listing listing = server.list(service);
			lost = Math.min(lost,
					this.fleet.members(service).size() - listing.ids().size() + listing.suspects().size());
		}
		return lost;
	}

	private Optional<Long> awaitAllListed(String service) throws IOException, InterruptedException {
		long deadline = System.nanoTime() + TIMEOUT.toNanos();
		while (System.nanoTime() - deadline < 0) {
			boolean all = true;
			for (RegistryServer server : servers()) {
				Listing listing = server.list(service);
				all &= listing.ids().size() == this.fleet.members(service).size() && listing.suspects().isEmpty();
			}
			if (all) {
				return Optional.of(System.nanoTime());
			}
			Thread.sleep(20);
		}
		return Optional.empty();
	}

	private List<RegistryServer> servers() {
		return this.fleet.registries().stream().map(RegistryServer::new).toList();
	}

}
