package io.redmesh.benchmarks.tail;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import io.redmesh.benchmarks.tail.OpenLoop.Phase;
import io.redmesh.core.instance.Instance;

/**
 * A scenario with three apps in a row, two instances of each. The last app always fails.
 */
final class Chain implements Scenario {

	private static final double RATE = 50;

	private static final int INSTANCES = 2;

	@Override
	public Section play(Options options) throws InterruptedException {
		Section section = new Section("chain", String.format(Locale.ROOT,
				"storefront → front → middle → last, two instances of each; last answers 503 always; "
						+ "%.0f calls/s, %.0f s after a warm-up of %.0f s.",
				RATE, options.counted(), options.warmUp()), "", "client", "calls", "requests at front, a call",
				"at middle", "at last", "p50", "p99", "exceptions", "caveats");
		List<Contender> contenders = new ArrayList<>(List.of(Contender.byDefault()));
		contenders.addAll(Contender.springRetry());
		for (Client client : options.clientsOr(Client.JDK)) {
			Panel panel = Panel.latencies("chain, " + client.title());
			for (Contender contender : contenders) {
				measure(section, panel, contender, client, options);
			}
			section.panel(panel);
		}
		return section;
	}

	private static void measure(Section section, Panel panel, Contender contender, Client client, Options options)
			throws InterruptedException {
		List<ServingApp> last = start("last", contender, List.of());
		List<ServingApp> middle = start("middle", contender, facts(last));
		List<ServingApp> front = start("front", contender, facts(middle));
		try (Caller caller = Caller.start(contender, client, facts(front), options)) {
			Trace trace = OpenLoop.run(caller,
					List.of(new Phase(RATE, options.warmUp(), false), new Phase(RATE, options.counted(), true)),
					List.of(), options.grace());
			double calls = trace.calls().size();
			section.row(contender.name(), client.title(), String.format(Locale.ROOT, "%,.0f", calls),
					Section.times(requests(front) / calls), Section.times(requests(middle) / calls),
					Section.times(requests(last) / calls), Section.millis(trace.quantile(0.5)),
					Section.millis(trace.quantile(0.99)), caller.failures(), trace.caveats());
			double[][] line = trace.percentiles();
			panel.line(contender.name(), line[0], line[1]);
		}
		finally {
			front.forEach(ServingApp::close);
			middle.forEach(ServingApp::close);
			last.forEach(ServingApp::close);
		}
	}

	private static List<ServingApp> start(String service, Contender contender, List<Instance> next) {
		List<ServingApp> apps = new ArrayList<>();
		for (int i = 0; i < INSTANCES; i++) {
			apps.add(next.isEmpty() ? ServingApp.start(service, contender, Behaviour.failing(5, 1, 503))
					: ServingApp.forwarding(service, contender, next));
		}
		return apps;
	}

	private static List<Instance> facts(List<ServingApp> apps) {
		return apps.stream().map(ServingApp::instance).toList();
	}

	private static int requests(List<ServingApp> apps) {
		return apps.stream().mapToInt((app) -> app.seconds().total()).sum();
	}

}
