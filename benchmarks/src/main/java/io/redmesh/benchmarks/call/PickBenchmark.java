package io.redmesh.benchmarks.call;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

import io.redmesh.core.endpoint.EjectionPolicy;
import io.redmesh.core.endpoint.Endpoint;
import io.redmesh.core.endpoint.EndpointPool;
import io.redmesh.core.endpoint.EndpointPools;
import io.redmesh.core.instance.Instance;
import io.redmesh.core.loadbalance.LoadBalancer;
import io.redmesh.core.loadbalance.LoadBalancing;
import io.redmesh.core.registry.Catalog;
import io.redmesh.core.registry.Cursor;
import io.redmesh.core.time.Time;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * The cost of picking an endpoint from a pool, with each algorithm of
 * {@link LoadBalancing}. Like a call, each pick gets the candidates anew.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 2, jvmArgsAppend = "-Xmx1g")
public class PickBenchmark {

	/** The name of the algorithm. */
	@Param({ "ROUND_ROBIN", "RANDOM", "WEIGHTED_ROUND_ROBIN", "WEIGHTED_RANDOM", "LEAST_REQUEST", "ADAPTIVE",
			"CONSISTENT_HASH", "RING_HASH" })
	public String balancing = "ROUND_ROBIN";

	/** The number of endpoints. */
	@Param({ "3", "64", "1000" })
	public int endpoints = 3;

	private @Nullable EndpointPool pool;

	private @Nullable LoadBalancer balancer;

	/**
	 * Runs the benchmark for the algorithms that exist.
	 * @param args JMH's arguments
	 * @throws CommandLineOptionException if an argument is wrong
	 * @throws RunnerException if the benchmark cannot run
	 */
	public static void main(String[] args) throws CommandLineOptionException, RunnerException {
		CommandLineOptions given = new CommandLineOptions(args);
		List<String> known = Arrays.stream(LoadBalancing.values()).map(Enum::name).toList();
		List<String> names = new ArrayList<>(given.getParameter("balancing").orElse(declared(known)));
		for (String name : names) {
			if (!known.contains(name)) {
				System.out.println("# Skipped: LoadBalancing has no " + name);
			}
		}
		names.retainAll(known);
		new Runner(new OptionsBuilder().parent(given)
			.include(PickBenchmark.class.getName())
			.param("balancing", names.toArray(String[]::new))
			.addProfiler(GCProfiler.class)
			.build()).run();
	}

	/** Returns the names in the annotation above, then names that it lacks. */
	private static List<String> declared(List<String> known) {
		List<String> names = new ArrayList<>();
		try {
			names.addAll(List.of(PickBenchmark.class.getField("balancing").getAnnotation(Param.class).value()));
		}
		catch (NoSuchFieldException ex) {
			throw new IllegalStateException(ex);
		}
		known.stream().filter((name) -> !names.contains(name)).forEach(names::add);
		return names;
	}

	/**
	 * Fills the pool. Half of the endpoints have twice the weight of the rest. All have
	 * responded before, and most have attempts in flight.
	 */
	@Setup
	public void fill() {
		List<Instance> orders = new ArrayList<>();
		for (int i = 0; i < this.endpoints; i++) {
			orders.add(Instance.of("orders", "orders-" + i, "10.0." + i / 250 + "." + (i % 250 + 1), 8080)
				.withWeight((i % 2 == 0) ? 100 : 200));
		}
		Catalog catalog = new Catalog();
		EndpointPools pools = new EndpointPools(catalog, Time.system(), (service) -> EjectionPolicy.DEFAULT);
		catalog.snapshot(new Cursor("benchmark", 1, 1), true, Map.of("orders", orders));
		EndpointPool pool = Objects.requireNonNull(pools.pool("orders"));
		int number = 0;
		for (Endpoint endpoint : pool.all()) {
			endpoint.answeredAfter(TimeUnit.MILLISECONDS.toNanos(10 + number % 7), System.nanoTime());
			for (int i = 0; i < number % 4; i++) {
				// In the future, so that no endpoint seems to leave attempts unanswered.
				endpoint.attemptStarted(System.nanoTime() + TimeUnit.HOURS.toNanos(1));
			}
			number++;
		}
		this.pool = pool;
		this.balancer = LoadBalancing.valueOf(this.balancing).create(ThreadLocalRandom::current);
	}

	/**
	 * Picks an endpoint in one thread.
	 * @param call the call to pick for
	 * @return the endpoint
	 */
	@Benchmark
	@Threads(1)
	public @Nullable Endpoint alone(Call call) {
		return pick(call);
	}

	/**
	 * Picks an endpoint in two threads that share pool and balancer.
	 * @param call the call to pick for
	 * @return the endpoint
	 */
	@Benchmark
	@Threads(2)
	public @Nullable Endpoint together(Call call) {
		return pick(call);
	}

	private @Nullable Endpoint pick(Call call) {
		call.next();
		return Objects.requireNonNull(this.balancer)
			.pick(Objects.requireNonNull(this.pool).view().candidates(), call.nanos, call.key);
	}

	/**
	 * The values that differ from call to call. They are computed, because reading a
	 * clock would cost more than a pick.
	 */
	@State(Scope.Thread)
	public static class Call {

		private long nanos = System.nanoTime();

		private long key = 0x9E37_79B9_7F4A_7C15L;

		void next() {
			this.nanos += 1_000;
			this.key ^= this.key << 13;
			this.key ^= this.key >>> 7;
			this.key ^= this.key << 17;
		}

	}

}
