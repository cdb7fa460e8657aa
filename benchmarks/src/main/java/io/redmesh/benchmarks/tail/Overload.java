package io.redmesh.benchmarks.tail;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

import io.redmesh.benchmarks.tail.OpenLoop.Phase;
import io.redmesh.benchmarks.tail.Panel.Axis;

/** A scenario with three times as many calls as two instances can serve. */
final class Overload implements Scenario {

	private static final int CONCURRENT = 10;

	private static final Duration WORK = Duration.ofMillis(50);

	/** The calls per second that both instances together can serve. */
	private static final double CAPACITY = 2 * CONCURRENT * 1000.0 / WORK.toMillis();

	private static final Duration TIMEOUT = Duration.ofSeconds(1);

	/** The setting with which callers send their timeout along. */
	private static final String WITH_TIMEOUT = "mesh.call.timeout=" + TIMEOUT;

	private static final String ADAPTIVE = "mesh.inbound.limit.enabled=true";

	/** The share of calls that must succeed once a service has recovered. */
	private static final double RECOVERED = 0.95;

	@Override
	public Section play(Options options) throws InterruptedException {
		int before = options.scaled(5);
		int over = options.scaled(15);
		int after = options.scaled(10);
		Section section = new Section("overload", String.format(Locale.ROOT,
				"Two Spring apps on Tomcat. Each serves %d requests at a time, %d ms each; the rest wait in an "
						+ "unbounded queue. Callers (WebClient) give up after 1 s, and with mesh.call.timeout=1s they say "
						+ "so. %d s at 0.5 × capacity, %d s at 3 ×, %d s at 0.5 ×; capacity is %.0f calls/s. Goodput is "
						+ "calls that succeeded, by the second in which they were due.",
				CONCURRENT, WORK.toMillis(), before, over, after, CAPACITY), "", "goodput under overload, of capacity",
				"in the worst second", "recovered after", "answered 503", "given up", "requests a call",
				"goodput by second, % of capacity", "caveats");
		Panel panel = Panel.overTime("overload, WebClient", before + over + after,
				new Axis("goodput, of capacity", 0, 1.6, false, shares()));
		for (Contender contender : List.of(Contender.byDefault().and(WITH_TIMEOUT),
				Contender.with("not told of the 1 s"), Contender.with("adaptive limit", ADAPTIVE, WITH_TIMEOUT),
				Contender.with("adaptive limit, not told of the 1 s", ADAPTIVE),
				Contender.with("nothing refused", "mesh.inbound.refuse-late=false", WITH_TIMEOUT),
				Contender.spring())) {
			measure(section, panel, contender, new int[] { before, over, after }, options);
		}
		section.panel(panel);
		return section;
	}

	private static Map<Double, String> shares() {
		Map<Double, String> ticks = new TreeMap<>();
		for (int percent = 0; percent <= 160; percent += 20) {
			ticks.put(percent / 100.0, percent + " %");
		}
		return ticks;
	}

	private static void measure(Section section, Panel panel, Contender contender, int[] lengths, Options options)
			throws InterruptedException {
		List<ServingApp> apps = List.of(start(contender), start(contender));
		try (Caller caller = Caller.start(contender, Client.WEB_CLIENT,
				apps.stream().map(ServingApp::instance).toList(), options)) {
			caller.setTimeout(TIMEOUT);
			Trace trace = OpenLoop.run(caller,
					List.of(new Phase(CAPACITY / 2, options.warmUp(), false), new Phase(CAPACITY / 2, lengths[0], true),
							new Phase(CAPACITY * 3, lengths[1], true), new Phase(CAPACITY / 2, lengths[2], true)),
					List.of(), options.grace());
			double[] goodput = Arrays.stream(trace.goodput(Arrays.stream(lengths).sum(), TIMEOUT.toMillis()))
				.mapToDouble((calls) -> calls / CAPACITY)
				.toArray();
			double[] over = Arrays.copyOfRange(goodput, lengths[0], lengths[0] + lengths[1]);
			double[] after = Arrays.copyOfRange(goodput, lengths[0] + lengths[1], goodput.length);
			int requests = apps.stream().mapToInt((app) -> app.seconds().total()).sum();
			section.row(contender.name(), Section.percent(Arrays.stream(over).average().orElse(0)),
					Section.percent(Arrays.stream(over).min().orElse(0)), recovery(after),
					String.format(Locale.ROOT, "%,d", trace.count((call) -> call.status() == 503)),
					String.format(Locale.ROOT, "%,d", trace.count((call) -> call.status() == Caller.NO_ANSWER)),
					Section.times((double) requests / trace.calls().size()), bySecond(goodput, lengths),
					trace.caveats());
			panel.line(contender.name(), goodput);
		}
		finally {
			apps.forEach(ServingApp::close);
		}
	}

	private static ServingApp start(Contender contender) {
		return ServingApp.start("orders", contender, new Behaviour(WORK, 0, 503, false, new Capacity(CONCURRENT)));
	}

	/**
	 * Returns the time after which goodput stays up, at a load of half the capacity.
	 */
	private static String recovery(double[] after) {
		int second = after.length;
		while (second > 0 && after[second - 1] >= RECOVERED / 2) {
			second--;
		}
		return (second == after.length) ? "never in " + second + " s" : second + " s";
	}

	private static String bySecond(double[] goodput, int[] lengths) {
		int from = 0;
		StringBuilder text = new StringBuilder();
		for (int length : lengths) {
			text.append(from == 0 ? "" : " · ")
				.append(Arrays.stream(goodput, from, from + length)
					.mapToObj((share) -> String.format(Locale.ROOT, "%.0f", share * 100))
					.collect(Collectors.joining(" ")));
			from += length;
		}
		return text.toString();
	}

}
