package io.redmesh.benchmarks.call;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;

import io.redmesh.core.traffic.Client;
import io.redmesh.core.traffic.Compatibility;
import io.redmesh.core.traffic.Forward;
import io.redmesh.core.traffic.HostRoutes;
import io.redmesh.core.traffic.RequestFacts;
import io.redmesh.core.traffic.Route;
import io.redmesh.core.traffic.RouteDestination;
import io.redmesh.core.traffic.RouteTable;
import io.redmesh.core.traffic.Rule;
import io.redmesh.core.traffic.document.RuleReader;
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
import org.openjdk.jmh.annotations.Warmup;

/**
 * The cost of a routing decision: the routes of the host, the first match that holds, and
 * one of two weighted destinations. The request fulfils the last match of its host only.
 */
@State(Scope.Benchmark)
@BenchmarkMode({ Mode.AverageTime, Mode.SampleTime })
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 2, jvmArgsAppend = "-Xmx1g")
public class RouteBenchmark {

	private static final String HOST = "service-0";

	private static final RequestFacts REQUEST = new Request();

	/** The number of hosts with rules. */
	@Param("1000")
	public int hosts = 1000;

	/** The number of matches of each host. */
	@Param({ "1", "10" })
	public int matches = 10;

	private RouteTable table = RouteTable.EMPTY;

	private long random = 0x9E37_79B9_7F4A_7C15L;

	/** Makes the table. */
	@Setup
	public void fill() {
		RuleReader reader = new RuleReader(Compatibility.FRIENDLY);
		List<Rule> rules = new ArrayList<>();
		for (int i = 0; i < this.hosts; i++) {
			rules.add(Objects.requireNonNull(reader.read(document("service-" + i)).rule()));
		}
		this.table = RouteTable.of(rules, new Client("storefront", "default", Map.of(), Set.of()));
	}

	private Map<String, Object> document(String host) {
		List<Object> http = new ArrayList<>();
		for (int i = 1; i < this.matches; i++) {
			Map<String, Object> match = Map.of("uri", Map.of("prefix", "/items"), "method", Map.of("exact", "GET"),
					"headers", Map.of("end-user", Map.of("exact", "user-" + i)));
			http.add(Map.of("match", List.of(match), "route", List.of(destination(host, "v1", 100))));
		}
		Map<String, Object> last = new LinkedHashMap<>();
		last.put("match", List.of(Map.of("uri", Map.of("prefix", "/items"))));
		last.put("route", List.of(destination(host, "v1", 90), destination(host, "v2", 10)));
		http.add(last);
		return Map.of("apiVersion", "networking.istio.io/v1", "kind", "VirtualService", "metadata",
				Map.of("name", host), "spec", Map.of("hosts", List.of(host), "http", http));
	}

	private static Map<String, Object> destination(String host, String subset, int weight) {
		return Map.of("destination", Map.of("host", host, "subset", subset), "weight", weight);
	}

	/**
	 * Routes a request, where chance decides between the destinations.
	 * @return the destination
	 */
	@Benchmark
	public @Nullable RouteDestination byChance() {
		Forward forward = forward();
		return (forward != null) ? forward.destination(next()) : null;
	}

	/**
	 * Routes a request, where its cohort decides between the destinations.
	 * @return the destination
	 */
	@Benchmark
	public @Nullable RouteDestination byCohort() {
		Forward forward = forward();
		return (forward != null) ? forward.stickyDestination(next()) : null;
	}

	private @Nullable Forward forward() {
		HostRoutes routes = this.table.host(HOST);
		Route route = (routes != null) ? routes.route(REQUEST) : null;
		return (route != null) ? route.forward() : null;
	}

	private long next() {
		this.random ^= this.random << 13;
		this.random ^= this.random >>> 7;
		this.random ^= this.random << 17;
		return this.random;
	}

	/** A request whose parts cost nothing. */
	private static final class Request implements RequestFacts {

		@Override
		public String method() {
			return "GET";
		}

		@Override
		public String path() {
			return "/items/4711";
		}

		@Override
		public @Nullable String header(String name) {
			return name.equals("end-user") ? "user-4711" : null;
		}

		@Override
		public @Nullable String queryParameter(String name) {
			return null;
		}

		@Override
		public String authority() {
			return HOST;
		}

		@Override
		public String scheme() {
			return "http";
		}

		@Override
		public int port() {
			return 80;
		}

	}

}
