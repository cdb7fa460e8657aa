package io.redmesh.demo.launcher;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import com.sun.net.httpserver.HttpServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests for {@link Throughput}, against a server that serves two requests at a time. */
class ThroughputTests {

	private static final int CONCURRENT = 2;

	private static final Duration WORK = Duration.ofMillis(20);

	private final ExecutorService executor = Executors.newCachedThreadPool();

	private final Semaphore working = new Semaphore(CONCURRENT, true);

	private final AtomicInteger most = new AtomicInteger();

	private final AtomicInteger inFlight = new AtomicInteger();

	private HttpServer server;

	@BeforeEach
	void startServer() throws IOException {
		this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		this.server.setExecutor(this.executor);
		this.server.createContext("/", (exchange) -> {
			try (exchange) {
				this.most.accumulateAndGet(this.inFlight.incrementAndGet(), Math::max);
				this.working.acquire();
				// Simulates work.
				new Semaphore(0).tryAcquire(WORK.toMillis(), TimeUnit.MILLISECONDS);
				this.working.release();
				this.inFlight.decrementAndGet();
				exchange.sendResponseHeaders(exchange.getRequestURI().getPath().equals("/bad") ? 503 : 200, -1);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		});
		this.server.start();
	}

	@AfterEach
	void stopServer() {
		this.server.stop(0);
		this.executor.shutdownNow();
	}

	@Test
	void measuresSuccessfulResponses() throws InterruptedException {
		Tally tally = new Tally();
		double throughput = measure(tally, "/");
		// At best two responses in 20 ms; fewer on a busy machine.
		assertThat(throughput).isBetween(10.0, 110.0);
		assertThat(tally.failures()).isEmpty();
		assertThat(tally.calls()).isGreaterThan(30);
		assertThat(this.most).hasValueLessThanOrEqualTo(8);
	}

	@Test
	void failuresAreTalliedAndDoNotCountAsThroughput() throws InterruptedException {
		Tally tally = new Tally();
		assertThat(measure(tally, "/bad")).isZero();
		assertThat(tally.failures()).containsOnlyKeys("HTTP 503");
		assertThat(tally.failed()).isEqualTo(tally.calls()).isPositive();
	}

	private double measure(Tally tally, String path) throws InterruptedException {
		URI target = URI.create("http://localhost:" + this.server.getAddress().getPort() + path);
		return new Throughput(List.of(target), Duration.ofMillis(300), 10).measure(tally);
	}

}
