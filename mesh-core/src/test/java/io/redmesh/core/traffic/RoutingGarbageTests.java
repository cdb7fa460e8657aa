package io.redmesh.core.traffic;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;

import com.sun.management.ThreadMXBean;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests that routing a request makes no garbage. */
class RoutingGarbageTests {

	private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

	private static final int ROUTINGS = 10_000;

	@Test
	void tenMatchesOfOneHostAmongAThousandAllocateNothing() {
		List<Rule> rules = new ArrayList<>();
		for (int i = 0; i < 1_000; i++) {
			rules.add(TestRules.rule(TestRules.ordersYaml(tenMatches()).replace("orders", "host-" + i)));
		}
		rules.add(TestRules.ordersPolicy("subsets: [{name: v1, labels: {version: v1}}]"));
		RouteTable table = RouteTable.of(rules, TestRules.client());
		RequestFacts request = TestRequest.get("/last").header("x", "y").parameter("q", "z");
		assertThat(table.host("host-500").route(request).origin().index()).isEqualTo(9);
		route(table, request);
		assertThat(allocatedBy(() -> route(table, request))).isLessThan(ROUTINGS);
	}

	private static void route(RouteTable table, RequestFacts request) {
		DestinationKey destination = new DestinationKey("orders", "v1");
		for (int i = 0; i < ROUTINGS; i++) {
			Forward forward = (Forward) table.host("host-500").route(request).action();
			forward.destination(i * 0x9E3779B97F4A7C15L);
			forward.stickyDestination(i * 0x9E3779B97F4A7C15L);
			table.subset(destination);
			table.policy(destination);
		}
	}

	private static long allocatedBy(Runnable task) {
		long thread = Thread.currentThread().getId();
		long before = THREADS.getThreadAllocatedBytes(thread);
		task.run();
		return THREADS.getThreadAllocatedBytes(thread) - before;
	}

	private static String tenMatches() {
		StringBuilder http = new StringBuilder();
		for (int i = 0; i < 9; i++) {
			http.append("""
					- match:
					  - uri: {prefix: /last}
					    method: {exact: GET}
					    headers: {x: {prefix: y}}
					    withoutHeaders: {z: {exact: a}}
					    queryParams: {q: {exact: z%d}}
					  route:
					  - destination: {host: one}
					""".formatted(i));
		}
		return http + """
				- match:
				  - uri: {exact: /last}
				  route:
				  - destination: {host: one, subset: v1}
				    weight: 90
				  - destination: {host: one, subset: v2}
				    weight: 10
				""";
	}

}
