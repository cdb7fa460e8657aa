package io.redmesh.benchmarks.peers;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

import io.redmesh.benchmarks.load.Sample;
import org.jspecify.annotations.Nullable;

/**
 * The report, which collects the figures of the rounds. It prints medians and compares
 * them with Eureka's.
 */
final class Report {

	private static final String BASELINE = "Eureka";

	private final Map<Operation, Map<String, List<Round>>> rounds = new EnumMap<>(Operation.class);

	private final Map<String, Sample> visible = new LinkedHashMap<>();

	void add(Operation operation, String peer, Sample sample, double cpu) {
		this.rounds.computeIfAbsent(operation, (key) -> new LinkedHashMap<>())
			.computeIfAbsent(peer, (key) -> new ArrayList<>())
			.add(new Round(sample.perSecond(), sample.quantile(0.5), sample.quantile(0.99), cpu, sample.failures()));
	}

	void addVisible(String peer, Sample sample) {
		this.visible.put(peer, sample);
	}

	void print(int trials, String machine) {
		System.out.printf(
				"%n%s. Medians of the rounds; × and ÷ compare with Eureka; lowest–highest in parentheses.%n%n",
				machine);
		System.out.println("| | | operations/s | p50 | p99 | server CPU for 1,000 | failed |");
		System.out.println("|---|---|---|---|---|---|---|");
		this.rounds.forEach((operation, peers) -> {
			List<Round> baseline = baseline(operation);
			peers.forEach((peer, all) -> System.out.println(row(operation.title(), peer, all, baseline)));
		});
		System.out.printf("%n| registered → visible, %d trials | p50 | p99 | worst |%n|---|---|---|---|%n", trials);
		this.visible.forEach((peer, sample) -> System.out.printf(Locale.ROOT, "| %s | %.2f ms | %.2f ms | %.2f ms |%n",
				peer, sample.quantile(0.5), sample.quantile(0.99), sample.quantile(1)));
	}

	/**
	 * Returns Eureka's rounds of an operation; batches are compared with single renewals,
	 * as Eureka has no batches.
	 */
	private @Nullable List<Round> baseline(Operation operation) {
		Operation compared = (operation == Operation.RENEW_IN_BATCHES) ? Operation.RENEW : operation;
		return this.rounds.getOrDefault(compared, Map.of()).get(BASELINE);
	}

	private static String row(String title, String peer, List<Round> all, @Nullable List<Round> baseline) {
		double perSecond = median(all, Round::perSecond);
		double cpu = median(all, Round::cpu);
		String rate = (baseline != null) ? " (%s ×)".formatted(ratio(perSecond / median(baseline, Round::perSecond)))
				: "";
		String saved = (baseline != null) ? ", ÷ %s".formatted(ratio(median(baseline, Round::cpu) / cpu)) : "";
		double[] spread = all.stream().mapToDouble(Round::cpu).sorted().toArray();
		return String.format(Locale.ROOT, "| %s | %s | %,.0f%s | %.2f ms | %.2f ms | %s (%s–%s)%s | %d |", title, peer,
				perSecond, rate, median(all, Round::p50), median(all, Round::p99), seconds(cpu), seconds(spread[0]),
				seconds(spread[spread.length - 1]), saved, all.stream().mapToLong(Round::failures).sum());
	}

	private static String ratio(double ratio) {
		return String.format(Locale.ROOT, (ratio < 1) ? "%.2f" : "%.1f", ratio);
	}

	private static String seconds(double cpu) {
		return String.format(Locale.ROOT, (cpu < 0.02) ? "%.4f s" : "%.3f s", cpu);
	}

	private static double median(List<Round> rounds, ToDoubleFunction<Round> figure) {
		double[] sorted = rounds.stream().mapToDouble(figure).sorted().toArray();
		int half = sorted.length / 2;
		return (sorted.length % 2 == 1) ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
	}

	/** The operations that are measured. */
	enum Operation {

		/** Registers 5,000 instances. */
		REGISTER("register"),

		/** Renews each lease in a call of its own. */
		RENEW("renew, one by one"),

		/** Renews many leases in each call. */
		RENEW_IN_BATCHES("renew, 500 in a call"),

		/** Reads a service of 100 instances. */
		READ("read 100 instances");

		private final String title;

		Operation(String title) {
			this.title = title;
		}

		String title() {
			return this.title;
		}

	}

	/**
	 * The figures of an operation at a peer in one round.
	 *
	 * @param perSecond operations per second
	 * @param p50 the median latency in milliseconds
	 * @param p99 the 99th percentile of the latency in milliseconds
	 * @param cpu seconds of processor time for 1,000 operations
	 * @param failures the number of failed operations
	 */
	private record Round(double perSecond, double p50, double p99, double cpu, long failures) {

	}

}
