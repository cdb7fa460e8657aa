package io.redmesh.demo.launcher;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.redmesh.demo.launcher.Watch.Departure;

/**
 * The days that a mesh has to survive, played one after another under a constant load:
 * instances are killed, leave, are rolled, and the registry restarts. Callers of the
 * storefront must not notice. Limits of time are the mesh's own; what the machine needs
 * for a call is added.
 */
final class Scenario {

	private static final Duration FADED = Duration.ofSeconds(30);

	private static final Duration TTL = Duration.ofSeconds(15);

	private static final Duration SWEEP = Duration.ofSeconds(2);

	private static final Duration REFUSED = Duration.ofSeconds(2);

	private static final Duration BACK = Duration.ofSeconds(6);

	private static final Duration DEREGISTERED = Duration.ofMillis(100);

	/**
	 * Far more than a start takes where it takes long; what ends a wait is its condition.
	 */
	private static final Duration PATIENCE = Duration.ofMinutes(4);

	private static final Pattern ANSWERED_BY = Pattern.compile("\"answeredBy\":\"([^\"]+)\"");

	private static final Map<String, Integer> ALL = Map.of("orders", Fleet.ORDERS, "inventory", Fleet.INVENTORY,
			"storefront", Fleet.STOREFRONT);

	private final Fleet fleet;

	private final Watch watch;

	private final Report report = new Report();

	private final Phases phases;

	Scenario(Fleet fleet, Watch watch, Console console, int rate) {
		this.fleet = fleet;
		this.watch = watch;
		this.phases = new Phases(fleet.storefront().resolve("/orders/7"), console, this.report, rate);
	}

	/** Plays the scenario and returns what it found. */
	Report play() throws Exception {
		routes();
		try (this.phases) {
			this.phases.begin();
			killOne();
			terminateOne();
			roll();
			restartRegistry();
			this.phases.play("calm", () -> Thread.sleep(5000));
		}
		return this.report;
	}

	/**
	 * Calls each route some times, one call after another, which also lets the processes
	 * warm up. The first answers of a JVM are slow; calls prefer the others until that
	 * has faded.
	 */
	private void routes() throws IOException, InterruptedException {
		answers("/orders/7", "one call to orders", Fleet.ORDERS);
		answers("/stock/tea", "one call to inventory", Fleet.INVENTORY);
		answers("/shop/7", "a call to orders and one to inventory", Fleet.INVENTORY);
	}

	private void answers(String path, String what, int least) throws IOException, InterruptedException {
		Set<String> seen = new TreeSet<>();
		int calls = 0;
		int failed = 0;
		long end = System.nanoTime() + FADED.toNanos();
		while (calls < 100 || (seen.size() < least && System.nanoTime() < end)) {
			calls++;
			HttpResponse<String> response = Probe.get(this.fleet.storefront().resolve(path));
			failed += (response.statusCode() == 200) ? 0 : 1;
			Matcher matcher = ANSWERED_BY.matcher(response.body());
			while (matcher.find()) {
				seen.add(matcher.group(1));
			}
		}
		this.report.check("%s: %s, answered by %d instances or more".formatted(path, what, least),
				"%d instances, %d of %d failed".formatted(seen.size(), failed, calls),
				failed == 0 && seen.size() >= least);
	}

	private void killOne() throws Exception {
		String victim = this.fleet.members("orders").get(0);
		this.phases.play("kill -9 " + victim, () -> {
			long killed = System.nanoTime();
			this.fleet.kill(victim);
			Optional<Long> gone = this.watch.await((sizes) -> sizes.getOrDefault("orders", 0) == Fleet.ORDERS - 1,
					TTL.plus(PATIENCE));
			Duration limit = this.phases.allowed(this.fleet.refuses() ? REFUSED : TTL.plus(SWEEP));
			this.report.check("a killed one is gone from the registry within " + Console.seconds(limit),
					gone.map((at) -> Console.seconds(Duration.ofNanos(at - killed))).orElse("never"),
					gone.isPresent() && gone.get() - killed <= limit.toNanos());
		});
		replace(victim);
	}

	private void replace(String member) throws Exception {
		this.phases.play("start a replacement of " + member, () -> startAndAwait(member));
	}

	/**
	 * As any orchestrator does: the next step waits until the new one carries its share.
	 */
	private void startAndAwait(String member) throws IOException, InterruptedException {
		this.fleet.start(member);
		if (this.watch.await(ALL::equals, PATIENCE).isEmpty()) {
			this.report.check(member + " is registered after its start", "not within " + Console.seconds(PATIENCE),
					false);
		}
		this.phases.settle();
	}

	private void terminateOne() throws Exception {
		String leaver = this.fleet.members("orders").get(1);
		this.phases.play("SIGTERM " + leaver, () -> {
			long asked = System.nanoTime();
			this.fleet.stop(leaver);
			long ended = System.nanoTime();
			this.watch.await((sizes) -> sizes.getOrDefault("orders", 0) == Fleet.ORDERS - 1, TTL);
			List<Departure> departures = this.watch.departuresSince(asked);
			departed(leaver, departures, ended);
		});
		replace(leaver);
	}

	private void departed(String leaver, List<Departure> departures, long ended)
			throws IOException, InterruptedException {
		boolean deregistered = departures.size() == 1 && departures.get(0).gone().reason().equals("DEREGISTERED");
		if (!deregistered) {
			this.report.check("one that is asked to end deregisters", "the watch told: " + departures, false);
			return;
		}
		Departure departure = departures.get(0);
		this.report.check("one that is asked to end deregisters before its process ends",
				Console.seconds(Duration.ofNanos(ended - departure.nanos())) + " before", departure.nanos() < ended);
		Duration limit = this.phases.allowed(DEREGISTERED);
		Optional<Duration> late = LogLines.last(this.fleet.log(leaver), "Deregistered ")
			.map((logged) -> Duration.between(logged, departure.at()));
		this.report.check("gone from the registry within %s of its deregistration".formatted(Console.millis(limit)),
				late.map(Scenario::late).orElse("its log does not say"),
				late.isPresent() && late.get().compareTo(limit) <= 0);
	}

	private static String late(Duration late) {
		return late.isNegative() ? Console.millis(late.negated()) + " before it had its answer" : Console.millis(late);
	}

	/**
	 * All that can be: of the storefront there is one. Inventory is called by a reactive
	 * client.
	 */
	private void roll() throws Exception {
		URI stock = this.fleet.storefront().resolve("/stock/tea");
		this.phases.playCalling(stock, "roll all of orders and inventory", () -> {
			for (String service : List.of("orders", "inventory")) {
				for (String member : this.fleet.members(service)) {
					this.fleet.stop(member);
					startAndAwait(member);
				}
			}
		});
	}

	private void restartRegistry() throws Exception {
		String server = this.fleet.members("registry").get(0);
		boolean others = this.fleet.members("registry").size() > 1;
		long killed = System.nanoTime();
		this.phases.play("kill -9 " + server, () -> {
			this.fleet.kill(server);
			if (others) {
				// Longer than a lease: who is still there then has renewed it elsewhere.
				Thread.sleep(TTL.plus(SWEEP).toMillis());
				List<Departure> departures = this.watch.departuresSince(killed);
				this.report.check("all stay registered while one registry server is away",
						"%s, gone: %s".formatted(this.watch.sizes(), departures),
						this.watch.sizes().equals(ALL) && departures.isEmpty());
			}
			else {
				Thread.sleep(2000);
			}
		});
		this.phases.play("start " + server + " again", () -> {
			this.fleet.start(server);
			long up = Probe.awaitAnswer(this.fleet.registries().get(0), PATIENCE);
			Optional<Long> back = this.watch.await(ALL::equals, PATIENCE);
			Duration limit = this.phases.allowed(BACK);
			this.report.check("all are back within %s of the registry's return".formatted(Console.seconds(limit)),
					back.map((at) -> Console.seconds(Duration.ofNanos(at - up))).orElse("never"),
					back.isPresent() && back.get() - up <= limit.toNanos());
			Thread.sleep(5000);
		});
	}

	/** Waits until all are registered and the storefront can reach them. */
	static boolean awaitAll(Fleet fleet, Watch watch) throws IOException, InterruptedException {
		if (watch.await(ALL::equals, PATIENCE).isEmpty()) {
			return false;
		}
		for (int attempt = 0; attempt < 100; attempt++) {
			if (Probe.get(fleet.storefront().resolve("/shop/7")).statusCode() == 200) {
				return true;
			}
			Thread.sleep(100);
		}
		return false;
	}

}
