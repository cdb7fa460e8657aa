package io.redmesh.benchmarks.tail;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;

import io.redmesh.benchmarks.tail.OpenLoop.Event;
import io.redmesh.benchmarks.tail.OpenLoop.Phase;
import io.redmesh.core.instance.Instance;

/** A scenario with several instances, one of which is bad. */
final class BadInstance implements Scenario {

	private static final double RATE = 200;

	private final Badness badness;

	private final Baselines healthy;

	BadInstance(Badness badness, Baselines healthy) {
		this.badness = badness;
		this.healthy = healthy;
	}

	@Override
	public Section play(Options options) throws InterruptedException {
		Section section = new Section(this.badness.title(), this.badness.explanation(options), "", "client", "calls",
				"failed", "requests a call", "of them to the bad instance after 1 s", "p50", "p90", "p99", "p99.9",
				"p50, p90, p99 / healthy", "exceptions", "caveats");
		List<Contender> contenders = new ArrayList<>(Contender.ours(options.balancing()));
		contenders.addAll(this.badness.faulty ? Contender.springRetry() : List.of(Contender.spring()));
		List<Client> clients = this.badness.faulty ? options.clientsOr(Client.JDK, Client.WEB_CLIENT)
				: options.clientsOr(Client.values());
		for (Client client : clients) {
			Panel panel = Panel.latencies(this.badness.title() + ", " + client.title());
			for (Contender contender : contenders) {
				Trace healthy = this.healthy.of(contender, client, this.badness.instances, options);
				Result result = (this.badness == Badness.HEALTHY) ? new Result(healthy, 1, Double.NaN, "")
						: measure(this.badness, contender, client, this.badness.instances, options);
				add(section, contender, client, result, healthy);
				double[][] line = result.trace().percentiles();
				panel.line(contender.name(), line[0], line[1]);
			}
			section.panel(panel);
		}
		return section;
	}

	private static void add(Section section, Contender contender, Client client, Result result, Trace healthy) {
		Trace trace = result.trace();
		section.row(contender.name(), client.title(), String.format(Locale.ROOT, "%,d", trace.calls().size()),
				Section.percent(trace.failedShare()), Section.times(result.amplification()),
				Section.percent(result.toBad()), Section.millis(trace.quantile(0.5)),
				Section.millis(trace.quantile(0.9)), Section.millis(trace.quantile(0.99)),
				Section.millis(trace.quantile(0.999)), againstHealthy(trace, healthy), result.exceptions(),
				trace.caveats());
	}

	private static String againstHealthy(Trace trace, Trace healthy) {
		return DoubleStream.of(0.5, 0.9, 0.99)
			.mapToObj((quantile) -> Section.times(trace.quantile(quantile) / healthy.quantile(quantile)))
			.collect(Collectors.joining(", "));
	}

	private static Result measure(Badness badness, Contender contender, Client client, int instances, Options options)
			throws InterruptedException {
		List<Server> servers = new ArrayList<>();
		for (int i = 0; i < instances; i++) {
			servers.add(new Server());
		}
		Server bad = servers.get(instances / 2);
		List<Instance> facts = servers.stream().map((server) -> server.instance("")).toList();
		int seconds = (int) Math.round(options.counted() * badness.lengthened);
		List<Event> events = new ArrayList<>();
		if (badness.fromTheBeginning) {
			bad.setBehaviour(badness.behaviour);
		}
		else {
			events.add(new Event(0, () -> bad.setBehaviour(badness.behaviour)));
		}
		try (Caller caller = Caller.start(contender, client, facts, options)) {
			Trace trace = OpenLoop.run(caller,
					List.of(new Phase(RATE, options.warmUp(), false), new Phase(RATE, seconds, true)), events,
					options.grace());
			int requests = servers.stream().mapToInt((server) -> server.seconds().total()).sum();
			double later = servers.stream().mapToInt((server) -> server.seconds().between(1, seconds)).sum();
			String exceptions = caller.failures();
			// Some HTTP clients cannot be interrupted while they wait for it.
			bad.close();
			return new Result(trace, (double) requests / trace.calls().size(),
					bad.seconds().between(1, seconds) / later, exceptions);
		}
		finally {
			servers.forEach(Server::close);
		}
	}

	/**
	 * The result of one load.
	 *
	 * @param trace the calls
	 * @param amplification the number of requests that instances have seen for each call
	 * @param toBad the share of the requests that the bad instance has seen
	 * @param exceptions the exceptions that callers got instead of a response
	 */
	private record Result(Trace trace, double amplification, double toBad, String exceptions) {

	}

	/**
	 * The traces of the same load while all instances are healthy. Each is measured once
	 * in a run, for all contenders of a family.
	 */
	static final class Baselines {

		private final Map<String, Trace> known = new HashMap<>();

		Trace of(Contender contender, Client client, int instances, Options options) throws InterruptedException {
			String key = contender.family() + "/" + client + "/" + instances;
			Trace trace = this.known.get(key);
			if (trace == null) {
				trace = measure(Badness.HEALTHY, contender, client, instances, options).trace();
				this.known.put(key, trace);
			}
			return trace;
		}

	}

	/** The kinds of bad instances. */
	enum Badness {

		HEALTHY("Three instances answer after 20 ms", Behaviour.HEALTHY, false, true),

		SLOW("One of three instances answers after 200 ms instead of 20", Behaviour.healthy(200), false, true),

		FLAKY("One of three instances begins to answer 503 to half of the requests", Behaviour.failing(20, 0.5, 503),
				true, false),

		FAILING("One of three instances begins to answer 503 always", Behaviour.failing(20, 1, 503), true, false),

		BLACKHOLE("One of three instances begins to accept requests and never to answer", Behaviour.SILENT, true,
				false),

		FAILFAST("One of ten instances begins to answer 500 after 1 ms", Behaviour.failing(1, 1, 500), true, false);

		private final String explanation;

		private final Behaviour behaviour;

		private final boolean faulty;

		/** True if the instance is bad from the beginning, not only once calls count. */
		private final boolean fromTheBeginning;

		private final int instances;

		private final int lengthened;

		Badness(String explanation, Behaviour behaviour, boolean faulty, boolean fromTheBeginning) {
			this.explanation = explanation;
			this.behaviour = behaviour;
			this.faulty = faulty;
			this.fromTheBeginning = fromTheBeginning;
			this.instances = name().equals("FAILFAST") ? 10 : 3;
			this.lengthened = name().equals("BLACKHOLE") ? 2 : 1;
		}

		String title() {
			return name().toLowerCase(Locale.ROOT);
		}

		String explanation(Options options) {
			return "%s; %.0f calls/s, %.0f s after a warm-up of %.0f s%s.".formatted(this.explanation, RATE,
					options.counted() * this.lengthened, options.warmUp(),
					this.fromTheBeginning ? "" : ", from the first second that counts");
		}

	}

}
