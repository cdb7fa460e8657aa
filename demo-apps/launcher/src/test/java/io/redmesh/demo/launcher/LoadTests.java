package io.redmesh.demo.launcher;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import com.sun.net.httpserver.HttpServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests for {@link Load}, against a server that responds once a latch is open. */
class LoadTests {

	private final ExecutorService executor = Executors.newCachedThreadPool();

	private final CountDownLatch answer = new CountDownLatch(1);

	private HttpServer server;

	@BeforeEach
	void startServer() throws IOException {
		this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		this.server.setExecutor(this.executor);
		this.server.createContext("/", (exchange) -> {
			try (exchange) {
				this.answer.await();
				exchange.sendResponseHeaders(200, -1);
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
	void settlesWhenResponsesKeepUp() throws InterruptedException {
		Tally tally = new Tally();
		Duration timeout = Duration.ofMillis(1500);
		Duration unsettled;
		Duration settled;
		try (Load load = load(50)) {
			load.count(tally);
			load.start();
			unsettled = settle(load, timeout);
			this.answer.countDown();
			settled = settle(load, Duration.ofSeconds(30));
		}
		assertThat(unsettled).isGreaterThanOrEqualTo(timeout);
		assertThat(settled).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(15));
		assertThat(tally.failures()).isEmpty();
		assertThat(tally.calls()).isGreaterThan(100);
	}

	private static Duration settle(Load load, Duration timeout) throws InterruptedException {
		long start = System.nanoTime();
		load.settle(timeout);
		return Duration.ofNanos(System.nanoTime() - start);
	}

	private Load load(int perSecond) {
		return new Load(Probe.CLIENT, URI.create("http://localhost:" + this.server.getAddress().getPort()), perSecond);
	}

}
