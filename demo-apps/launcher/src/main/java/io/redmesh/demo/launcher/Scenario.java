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
 * The default scenario: crashes and restarts, played one after another under a constant
 * load. Instances are killed, stopped and rolled, and the registry restarts. Callers of
 * the storefront must not notice. Each time limit is the mesh's own, plus the time that
 * this machine needs for a call.
 */
final class Scenario {

	private static final Duration ROUTE_TIMEOUT = Duration.ofSeconds(30);

	private static final Duration TTL = Duration.ofSeconds(15);

	private static final Duration SWEEP = Duration.ofSeconds(2);

	private static final Duration REFUSED = Duration.ofSeconds(2);

	private static final Duration BACK = Duration.ofSeconds(6);

	private static final Duration DEREGISTERED = Duration.ofMillis(100);

	/**
	 * The longest wait, far above the time of a slow start; a wait ends when its
	 * condition holds.
	 */
	private static final Duration TIMEOUT = Duration.ofMinutes(4);

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

	/** Plays the scenario and returns its findings. */
	Report play() throws Exception {
		routes();
		try (this.phases) {
			this.phases.begin();
			killOne();
			terminateOne();
			roll();
			restartRegistry();
			this.phases.play("no fault", () -> Thread.sleep(5000));
		}
		return this.report;
	}

	/**
	 * Calls each route repeatedly, one call after another, which also warms up the
	 * processes. The first responses of a JVM are slow, so calls prefer other instances
	 * until that latency has faded.
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
		long end = System.nanoTime() + ROUTE_TIMEOUT.toNanos();
		while (calls < 100 || (seen.size() < least && System.nanoTime() < end)) {
			calls++;
			HttpResponse<String> response = Probe.get(this.fleet.storefront().resolve(path));
			failed += (response.statusCode() == 200) ? 0 : 1;
			Matcher matcher = ANSWERED_BY.matcher(response.body());
			while (matcher.find()) {
				seen.add(matcher.group(1));
			}
		}
		this.report.check("%s: %s, answered by at least %d instances".formatted(path, what, least),
				"%d instances, %d of %d failed".formatted(seen.size(), failed, calls),
				failed == 0 && seen.size() >= least);
	}

	private void killOne() throws Exception {
		String victim = this.fleet.members("orders").get(0);
		this.phases.play("kill -9 " + victim, () -> {
			long killed = System.nanoTime();
			this.fleet.kill(victim);
			Optional<Long> gone = this.watch.await((sizes) -> sizes.getOrDefault("orders", 0) == Fleet.ORDERS - 1,
					TTL.plus(TIMEOUT));
			Duration limit = this.phases.allowed(this.fleet.refuses() ? REFUSED : TTL.plus(SWEEP));
			this.report.check("a killed instance is removed from the registry within " + Console.seconds(limit),
					gone.map((at) -> Console.seconds(Duration.ofNanos(at - killed))).orElse("never"),
					gone.isPresent() && gone.get() - killed <= limit.toNanos());
		});
		replace(victim);
	}

	private void replace(String member) throws Exception {
		this.phases.play("start a replacement of " + member, () -> startAndAwait(member));
	}

	/**
	 * Starts a member and waits until responses keep up with the calls again. An
	 * orchestrator does the same before its next step.
	 */
	private void startAndAwait(String member) throws IOException, InterruptedException {
		this.fleet.start(member);
		if (this.watch.await(ALL::equals, TIMEOUT).isEmpty()) {
			this.report.check(member + " is registered after its start", "not within " + Console.seconds(TIMEOUT),
					false);
		}
		this.phases.settle();
	}

	private void terminateOne() throws Exception {
		String leaver = this.fleet.members("orders").get(1);
		this.phases.play("SIGTERM " + leaver, () -> {
			long stopped = System.nanoTime();
			this.fleet.stop(leaver);
			long ended = System.nanoTime();
			this.watch.await((sizes) -> sizes.getOrDefault("orders", 0) == Fleet.ORDERS - 1, TTL);
			List<Departure> departures = this.watch.departuresSince(stopped);
			checkDeparture(leaver, departures, ended);
		});
		replace(leaver);
	}

	private void checkDeparture(String leaver, List<Departure> departures, long ended)
			throws IOException, InterruptedException {
		boolean deregistered = departures.size() == 1 && departures.get(0).gone().reason().equals("DEREGISTERED");
		if (!deregistered) {
			this.report.check("a stopped instance deregisters", "the watch reported: " + departures, false);
			return;
		}
		Departure departure = departures.get(0);
		this.report.check("a stopped instance deregisters before its process ends",
				Console.seconds(Duration.ofNanos(ended - departure.nanos())) + " before", departure.nanos() < ended);
		Duration limit = this.phases.allowed(DEREGISTERED);
		Optional<Duration> late = LogLines.last(this.fleet.log(leaver), "Deregistered ")
			.map((logged) -> Duration.between(logged, departure.at()));
		this.report.check("removed from the registry within %s of its deregistration".formatted(Console.millis(limit)),
				late.map(Scenario::late).orElse("not in its log"),
				late.isPresent() && late.get().compareTo(limit) <= 0);
	}

	private static String late(Duration late) {
		return late.isNegative() ? Console.millis(late.negated()) + " before the response" : Console.millis(late);
	}

	/**
	 * Rolls the services that have several instances; the storefront has only one. The
	 * storefront calls inventory with a reactive client.
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
				// Longer than a lease: an instance that is still listed then has renewed
				// at another server.
				Thread.sleep(TTL.plus(SWEEP).toMillis());
				List<Departure> departures = this.watch.departuresSince(killed);
				this.report.check("all stay registered while one registry server is down",
						"%s, gone: %s".formatted(this.watch.sizes(), departures),
						this.watch.sizes().equals(ALL) && departures.isEmpty());
			}
			else {
				Thread.sleep(2000);
			}
		});
		this.phases.play("start " + server + " again", () -> {
			this.fleet.start(server);
			long up = Probe.awaitResponse(this.fleet.registries().get(0), TIMEOUT);
			Optional<Long> back = this.watch.await(ALL::equals, TIMEOUT);
			Duration limit = this.phases.allowed(BACK);
			this.report.check("all are registered within %s of the registry's return".formatted(Console.seconds(limit)),
					back.map((at) -> Console.seconds(Duration.ofNanos(at - up))).orElse("never"),
					back.isPresent() && back.get() - up <= limit.toNanos());
			Thread.sleep(5000);
		});
	}

	/**
	 * Waits until all apps are registered and the storefront reaches the other services.
	 */
	static boolean awaitAll(Fleet fleet, Watch watch) throws IOException, InterruptedException {
		if (watch.await(ALL::equals, TIMEOUT).isEmpty()) {
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
