package io.redmesh.benchmarks.rest;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.redmesh.core.instance.Instance;
import io.redmesh.registry.registration.LeaseProperties;
import io.redmesh.registry.rest.Problem;
import io.redmesh.registry.rest.Reply;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;

import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.http.server.PathContainer;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;

/**
 * The cost of the registry's own parts of HTTP and JSON, compared with those of
 * libraries. All run in this JVM, own and library by turns, in several rounds.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 1, time = 1)
@Measurement(iterations = 2, time = 1)
@Fork(0)
public class RestPartsBenchmark {

	private static final int ROUNDS = 7;

	// The first rounds warm up the JVM.
	private static final int WARM_UP = 2;

	private static final String INSTANCE = "/v1/namespaces/{ns}/services/{service}/instances/{id}";

	// In the order in which the registry matches them.
	private static final List<String> TEMPLATES = List.of(INSTANCE + "/heartbeat", "/v1/namespaces/{ns}/heartbeats",
			INSTANCE, INSTANCE + "/status", INSTANCE + "/override", "/v1/namespaces/{ns}/services",
			"/v1/namespaces/{ns}/services/{service}", "/v1/namespaces/{ns}/watch", "/v1/namespaces/{ns}/hints",
			"/v1/namespaces/{ns}/export", "/v1/namespaces/{ns}/import", "/v1/sd/prometheus", "/openapi");

	private static final LeaseProperties LEASES = new LeaseProperties(Duration.ofSeconds(15), Duration.ofSeconds(3),
			Duration.ofMinutes(10));

	private static final String TARGET = "/v1/namespaces/default/services/orders/instances/";

	private final String[] targets = { TARGET + "10.0.0.7:8080/heartbeat", TARGET + "10.0.0.7:8080",
			"/v1/namespaces/default/heartbeats", "/v1/namespaces/default/watch?services=orders,inventory" };

	private final List<Object> templates = TEMPLATES.stream().map(RestPartsBenchmark::template).toList();

	private final List<PathPattern> patterns = TEMPLATES.stream()
		.map(PathPatternParser.defaultInstance::parse)
		.toList();

	private final byte[] batch = IntStream.range(0, 100)
		.mapToObj((i) -> "{\"service\":\"orders\",\"id\":\"10.0.0.%d:8080\",\"token\":\"%d-0123456789abcdefghij\"}"
			.formatted(i, i))
		.collect(Collectors.joining(",", "{\"leases\":[", "]}"))
		.getBytes(StandardCharsets.UTF_8);

	private final byte[] registration = """
			{"host":"10.0.0.7","port":8080,"secure":false,"weight":100,"locality":{"region":"eu","zone":"a"},
			"labels":{"version":"1.4.2"},"metadata":{"management.context-path":"/actuator","prometheus.path":
			"/actuator/prometheus","framework":"spring-boot"},"status":"UP","ttl":"PT15S"}"""
		.getBytes(StandardCharsets.UTF_8);

	private int next;

	/**
	 * Runs the rounds and prints the medians.
	 * @param args JMH's arguments
	 * @throws CommandLineOptionException if an argument is wrong
	 * @throws RunnerException if the benchmark cannot run
	 */
	public static void main(String[] args) throws CommandLineOptionException, RunnerException {
		Options options = new OptionsBuilder().parent(new CommandLineOptions(args))
			.include(RestPartsBenchmark.class.getName())
			.addProfiler(GCProfiler.class)
			.build();
		Map<String, List<RunResult>> results = new TreeMap<>();
		for (int round = 0; round < ROUNDS; round++) {
			for (RunResult result : new Runner(options).run()) {
				if (round >= WARM_UP) {
					results.computeIfAbsent(result.getPrimaryResult().getLabel(), (name) -> new ArrayList<>())
						.add(result);
				}
			}
		}
		System.out.printf("%n%-24s %10s %10s%n", "median of " + (ROUNDS - WARM_UP), "ns", "bytes");
		results.forEach((name, rounds) -> System.out.printf("%-24s %10.0f %10.0f%n", name,
				median(rounds, (result) -> result.getPrimaryResult().getScore()),
				median(rounds, (result) -> result.getSecondaryResults().get("gc.alloc.rate.norm").getScore())));
	}

	private static double median(List<RunResult> rounds, ToDoubleFunction<RunResult> value) {
		List<RunResult> sorted = rounds.stream().sorted(Comparator.comparingDouble(value)).toList();
		return value.applyAsDouble(sorted.get(sorted.size() / 2));
	}

	private static Object template(String text) {
		try {
			return (Object) Own.TEMPLATE_OF.invokeExact(text);
		}
		catch (Throwable ex) {
			throw new IllegalStateException(ex);
		}
	}

	private String target() {
		this.next = (this.next + 1) % this.targets.length;
		return this.targets[this.next];
	}

	/**
	 * Finds the path of a request with {@code PathTemplate}.
	 * @return its variables
	 * @throws Throwable never
	 */
	@Benchmark
	public @Nullable Map<?, ?> pathOwn() throws Throwable {
		List<?> segments = (List<?>) Own.SPLIT.invokeExact(target());
		for (Object template : this.templates) {
			Map<?, ?> variables = (Map<?, ?>) Own.MATCH.invokeExact(template, segments);
			if (variables != null) {
				return variables;
			}
		}
		throw new IllegalStateException("No path matches");
	}

	/**
	 * Finds the path of a request with {@link PathPattern}.
	 * @return its variables
	 */
	@Benchmark
	public @Nullable Map<?, ?> pathLibrary() {
		String target = target();
		int query = target.indexOf('?');
		PathContainer path = PathContainer.parsePath((query < 0) ? target : target.substring(0, query));
		for (PathPattern pattern : this.patterns) {
			PathPattern.PathMatchInfo match = pattern.matchAndExtract(path);
			if (match != null) {
				return match.getUriVariables();
			}
		}
		throw new IllegalStateException("No path matches");
	}

	/**
	 * Reads a batch of 100 heartbeats with {@code Fields}.
	 * @return the leases
	 * @throws Throwable never
	 */
	@Benchmark
	public List<?> batchOwn() throws Throwable {
		return (List<?>) Own.HEARTBEATS.invokeExact(this.batch);
	}

	/**
	 * Reads a batch of 100 heartbeats with Jackson's binding.
	 * @return the leases
	 */
	@Benchmark
	public List<?> batchLibrary() {
		return Bound.MAPPER.readValue(this.batch, Bound.Heartbeats.class).leases();
	}

	/**
	 * Reads a registration with {@code Fields}.
	 * @return the registration
	 * @throws Throwable never
	 */
	@Benchmark
	public Object registrationOwn() throws Throwable {
		return (Object) Own.REGISTRATION.invokeExact("orders", "10.0.0.7:8080", this.registration, LEASES);
	}

	/**
	 * Reads a registration with Jackson's binding.
	 * @return the instance
	 */
	@Benchmark
	public Instance registrationLibrary() {
		return Bound.MAPPER.readValue(this.registration, Bound.Registration.class).instance("orders", "10.0.0.7:8080");
	}

	/**
	 * Writes the response to a heartbeat of an unknown lease with {@link Problem}.
	 * @return the response
	 */
	@Benchmark
	public Reply problemOwn() {
		return Problem.unknownLease("orders/10.0.0.7:8080").toReply();
	}

	/**
	 * Writes the response to a heartbeat of an unknown lease with {@link ProblemDetail}.
	 * @return the response
	 */
	@Benchmark
	public Reply problemLibrary() {
		ProblemDetail problem = ProblemDetail.forStatusAndDetail(HttpStatus.NOT_FOUND,
				"orders/10.0.0.7:8080" + " is not registered, or its lease has expired: register again");
		problem.setType(URI.create("urn:redmesh:problem:" + "unknown-lease"));
		problem.setTitle("There is no such lease");
		return Reply.bytes(HttpStatus.NOT_FOUND, "application/problem+json",
				List.of(Bound.MAPPER.writeValueAsBytes(problem)));
	}

}
