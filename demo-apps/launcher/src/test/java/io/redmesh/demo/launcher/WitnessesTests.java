package io.redmesh.demo.launcher;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Witnesses}, against a registry server that sends wrong responses.
 */
class WitnessesTests {

	private static final String BOTH = "{\"complete\":true,\"instances\":[{\"id\":\"a\"},{\"id\":\"b\"}]}";

	private static final String SNAPSHOT = """
			event: snapshot
			data: {"complete":%s,"services":{"orders":[{"id":"a"}%s]}}

			""";

	private final ExecutorService executor = Executors.newCachedThreadPool();

	private final CountDownLatch end = new CountDownLatch(1);

	private final AtomicInteger refusals = new AtomicInteger();

	private volatile String listing = BOTH;

	private volatile String events = SNAPSHOT.formatted("true", ",{\"id\":\"b\"}");

	private HttpServer server;

	@BeforeEach
	void startServer() throws IOException {
		this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		this.server.setExecutor(this.executor);
		this.server.createContext("/v1/namespaces/default/services/orders",
				(exchange) -> answer(exchange, this.listing.isEmpty() ? 503 : 200, this.listing));
		this.server.createContext("/v1/namespaces/default/services/probe",
				(exchange) -> answer(exchange, 200, "{\"complete\":true,\"instances\":[{\"id\":\"probe-1\"}]}"));
		this.server.createContext("/v1/namespaces/default/services/probe/instances/probe-1",
				(exchange) -> answer(exchange, (this.refusals.getAndDecrement() > 0) ? 503 : 200,
						"{\"lease\":{\"token\":\"t\"}}"));
		this.server.createContext("/v1/namespaces/default/watch", this::watch);
		this.server.start();
	}

	private static void answer(HttpExchange exchange, int status, String body) throws IOException {
		try (exchange) {
			exchange.getRequestBody().readAllBytes();
			exchange.sendResponseHeaders(status, 0);
			exchange.getResponseBody().write(body.getBytes(StandardCharsets.UTF_8));
		}
	}

	private void watch(HttpExchange exchange) throws IOException {
		try (exchange) {
			exchange.sendResponseHeaders(200, 0);
			exchange.getResponseBody().write(this.events.getBytes(StandardCharsets.UTF_8));
			exchange.getResponseBody().flush();
			this.end.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	@AfterEach
	void stopServer() {
		this.end.countDown();
		this.server.stop(0);
		this.executor.shutdownNow();
	}

	@Test
	void liveInstanceReportedAsGoneCountsAsEvicted() throws Exception {
		this.events += """
				event: delta
				data: {"changes":[{"service":"orders","id":"b","gone":"EXPIRED"}]}

				""";
		assertFails("gone", (witnesses, begun) -> witnesses.evictedSince(begun));
	}

	@Test
	void completeSnapshotMustListAll() throws Exception {
		this.events = SNAPSHOT.formatted("false", "") + SNAPSHOT.formatted("true", "");
		assertFails("complete snapshot", (witnesses, begun) -> witnesses.gapsSince(begun));
	}

	@Test
	void watchMustNotEnd() throws Exception {
		this.end.countDown();
		assertFails("no watch ends", (witnesses, begun) -> witnesses.breaksSince(begun));
	}

	@Test
	void readMustListAll() throws Exception {
		assertReadFails("{\"complete\":false,\"instances\":[{\"id\":\"a\"}]}", "1 instances, without [b]");
	}

	@Test
	void readMustBeAnswered() throws Exception {
		assertReadFails("", "HTTP 503");
	}

	private void assertReadFails(String answer, String found) throws Exception {
		assertFails("every read", (witnesses, begun) -> {
			this.listing = answer;
			return witnesses.wrongReadsSince(begun).stream().filter((wrong) -> wrong.endsWith(found)).toList();
		});
	}

	@Test
	void recoveredWhenItAcceptsRegistrationsAndListsAll() throws Exception {
		try (Witnesses witnesses = witnesses()) {
			assertThat(witnesses.alive().get("orders")).containsExactlyInAnyOrder("a", "b");
			this.refusals.set(3);
			assertThat(witnesses.awaitRecovery(Duration.ofSeconds(20))).isPresent();
			assertThat(this.refusals).hasNegativeValue();
			this.listing = "{\"complete\":true,\"instances\":[{\"id\":\"a\"}]}";
			assertThat(witnesses.awaitComplete(Duration.ofMillis(100))).isFalse();
			this.listing = "{\"complete\":true,\"instances\":[{\"id\":\"a\"},{\"id\":\"b\",\"suspect\":true}]}";
			assertThat(witnesses.awaitComplete(Duration.ofMillis(100))).isFalse();
			this.listing = BOTH;
			assertThat(witnesses.awaitComplete(Duration.ofSeconds(20))).isTrue();
		}
	}

	private void assertFails(String check, Findings findings) throws Exception {
		long begun = System.nanoTime();
		try (Witnesses witnesses = witnesses()) {
			Awaitility.await()
				.atMost(Duration.ofSeconds(20))
				.untilAsserted(() -> assertThat(findings.of(witnesses, begun)).isNotEmpty());
			Report report = new Report();
			witnesses.check(begun, report);
			assertThat(report.render()).containsPattern("FAIL .*" + check);
			assertThat(report.passed()).isFalse();
		}
	}

	private Witnesses witnesses() throws IOException, InterruptedException {
		URI uri = URI.create("http://localhost:" + this.server.getAddress().getPort());
		return new Witnesses(List.of(uri), List.of("orders"));
	}

	/** The witnesses' findings about the fault under test. */
	private interface Findings {

		List<String> of(Witnesses witnesses, long begun);

	}

}
