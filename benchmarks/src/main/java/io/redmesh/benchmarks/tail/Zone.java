package io.redmesh.benchmarks.tail;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

import io.redmesh.benchmarks.tail.OpenLoop.Event;
import io.redmesh.benchmarks.tail.OpenLoop.Phase;
import io.redmesh.benchmarks.tail.Panel.Axis;
import io.redmesh.core.instance.Instance;

/**
 * A scenario with two zones of three instances. The caller's zone is lost and comes back.
 */
final class Zone implements Scenario {

	private static final double RATE = 400;

	private static final int EACH = 3;

	@Override
	public Section play(Options options) throws InterruptedException {
		int lost = options.scaled(10);
		int back = options.scaled(25);
		int end = options.scaled(60);
		Section section = new Section("zone", String.format(Locale.ROOT,
				"Two zones of three instances that respond after 20 ms, the caller in one of them. The ports of its "
						+ "zone close at %d s and open again at %d s; %.0f calls/s for %d s. An instance's fair share is "
						+ "what its zone carried before, divided by three. A zone is back in balance when the share of "
						+ "each instance over three seconds stays within 20 %% of that. The highest share is that of any "
						+ "returned instance in any one second.",
				lost, back, RATE, end), "", "client", "calls", "failed", "own zone, before", "requests a call",
				"back in balance after", "highest share after, of fair", "the same before", "p50", "p99", "exceptions",
				"caveats");
		List<Contender> contenders = new ArrayList<>(Contender.ours(options.balancing()));
		contenders.add(Contender.springRetry().get(0));
		for (Client client : options.clientsOr(Client.JDK)) {
			Panel panel = Panel.overTime("zone, " + client.title(), end,
					new Axis("calls to the own zone", 0, 1.1, false, shares()));
			for (Contender contender : contenders) {
				measure(section, panel, contender, client, new Times(lost, back, end), options);
			}
			section.panel(panel);
		}
		return section;
	}

	private static Map<Double, String> shares() {
		Map<Double, String> ticks = new TreeMap<>();
		for (int percent = 0; percent <= 100; percent += 20) {
			ticks.put(percent / 100.0, percent + " %");
		}
		return ticks;
	}

	private static void measure(Section section, Panel panel, Contender contender, Client client, Times times,
			Options options) throws InterruptedException {
		List<Server> servers = new ArrayList<>();
		List<Instance> facts = new ArrayList<>();
		for (int i = 0; i < 2 * EACH; i++) {
			servers.add(new Server());
			facts.add(servers.get(i).instance((i < EACH) ? "own" : "other"));
		}
		List<Server> own = servers.subList(0, EACH);
		List<Event> events = List.of(new Event(times.lost, () -> own.forEach(Server::close)),
				new Event(times.back, () -> own.forEach(Server::open)));
		try (Caller caller = Caller.start(contender, client, facts, options, "mesh.instance.locality.region=here",
				"mesh.instance.locality.zone=own")) {
			Trace trace = OpenLoop.run(caller,
					List.of(new Phase(RATE, options.warmUp(), false), new Phase(RATE, times.end, true)), events,
					options.grace());
			Shares shares = new Shares(servers, times);
			double requests = servers.stream().mapToInt((server) -> server.seconds().total()).sum();
			section.row(contender.name(), client.title(), String.format(Locale.ROOT, "%,d", trace.calls().size()),
					String.format(Locale.ROOT, "%,d", trace.failed()), Section.percent(shares.ownBefore()),
					Section.times(requests / trace.calls().size()), shares.balanced(),
					Section.times(shares.highest(times.back, times.end)), Section.times(shares.highest(0, times.lost)),
					Section.millis(trace.quantile(0.5)), Section.millis(trace.quantile(0.99)), caller.failures(),
					trace.caveats());
			panel.line(contender.name(), shares.own());
		}
		finally {
			servers.forEach(Server::close);
		}
	}

	/**
	 * The times of the scenario, in seconds since calls count.
	 *
	 * @param lost the time at which the ports close
	 * @param back the time at which the ports open
	 * @param end the time at which the load ends
	 */
	private record Times(int lost, int back, int end) {

	}

	/** The shares of the requests that instances have served. */
	private static final class Shares {

		private static final int WINDOW = 3;

		private static final double TOLERANCE = 0.2;

		/** The fair share below which an instance's share is left to chance. */
		private static final double MIN_FAIR = 0.02;

		private final List<Server> servers;

		private final Times times;

		private final double ownBefore;

		Shares(List<Server> servers, Times times) {
			this.servers = servers;
			this.times = times;
			double sum = 0;
			for (int i = 0; i < EACH; i++) {
				sum += share(i, 0, times.lost);
			}
			this.ownBefore = sum;
		}

		/** Returns the share of an instance in an interval, 0 to 1. */
		private double share(int index, int from, int to) {
			double all = this.servers.stream().mapToInt((server) -> server.seconds().between(from, to)).sum();
			return (all == 0) ? 0 : this.servers.get(index).seconds().between(from, to) / all;
		}

		private double fair(int index) {
			return ((index < EACH) ? this.ownBefore : 1 - this.ownBefore) / EACH;
		}

		double ownBefore() {
			return this.ownBefore;
		}

		double[] own() {
			double[] own = new double[this.times.end];
			Arrays.setAll(own, (second) -> {
				double sum = 0;
				for (int i = 0; i < EACH; i++) {
					sum += share(i, second, second + 1);
				}
				return sum;
			});
			return own;
		}

		String balanced() {
			int worst = this.times.back;
			for (int i = 0; i < this.servers.size(); i++) {
				worst = Math.max(worst, balanced(i));
			}
			int last = this.times.end - WINDOW;
			return (worst > last) ? "never in " + (this.times.end - this.times.back) + " s"
					: (worst - this.times.back) + " s";
		}

		/** Returns the second from which on an instance stays close to its fair share. */
		private int balanced(int index) {
			int second = this.times.end - WINDOW + 1;
			while (second > this.times.back && isFair(index, second - 1)) {
				second--;
			}
			return second;
		}

		private boolean isFair(int index, int second) {
			return fair(index) < MIN_FAIR
					|| Math.abs(share(index, second, second + WINDOW) / fair(index) - 1) <= TOLERANCE;
		}

		/**
		 * Returns the highest share of the caller's zone; the other zone's instances
		 * serve more until these are back.
		 */
		double highest(int from, int to) {
			double highest = 0;
			for (int i = 0; i < EACH; i++) {
				for (int second = from; second < to; second++) {
					highest = Math.max(highest, share(i, second, second + 1) / fair(i));
				}
			}
			return highest;
		}

	}

}
