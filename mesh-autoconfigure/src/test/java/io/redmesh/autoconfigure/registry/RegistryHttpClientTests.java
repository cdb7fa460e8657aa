package io.redmesh.autoconfigure.registry;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

import com.sun.net.httpserver.HttpServer;
import io.redmesh.autoconfigure.TestRegistry;
import io.redmesh.autoconfigure.registry.Answer.Outcome;
import io.redmesh.autoconfigure.registry.RegistryClient.WatchListener;
import io.redmesh.core.instance.Instance;
import io.redmesh.core.instance.Status;
import io.redmesh.core.net.StablePorts;
import io.redmesh.core.registry.Lease;
import io.redmesh.core.time.Timer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class RegistryHttpClientTests {

	private static final Duration TTL = Duration.ofSeconds(15);

	private static final String INCARNATION = RegistryClient.incarnation();

	private final Instance instance = Instance.of("orders", "0::1:8080", "::1", 8080);

	private final TestRegistry registry = new TestRegistry();

	private final Timer timer = Timer.start("test-timer");

	private final List<RegistryHttpClient> clients = new ArrayList<>();

	@AfterEach
	void close() {
		this.clients.forEach(RegistryHttpClient::close);
		this.registry.close();
		this.timer.close();
	}

	@Test
	void instanceIsRegisteredRenewedDrainedAndDeregistered() {
		RegistryClient client = client(this.registry.url());
		Answer registered = await(client.register(this.instance, TTL, null, INCARNATION));
		assertThat(registered.outcome()).isEqualTo(Outcome.DONE);
		Lease lease = registered.lease();
		assertThat(lease.ttl()).isEqualTo(TTL);
		Answer renewed = await(client.renew(this.instance, lease, null));
		assertThat(renewed.lease()).isEqualTo(lease);
		assertThat(await(client.status(this.instance, lease, Status.DRAINING)).outcome()).isEqualTo(Outcome.DONE);
		assertThat(this.registry.instance("orders/0::1:8080").path("status").asString()).isEqualTo("DRAINING");
		assertThat(await(client.deregister(this.instance, lease)).outcome()).isEqualTo(Outcome.DONE);
		assertThat(this.registry.keys()).isEmpty();
	}

	@Test
	void refusalsAreAnswers() {
		RegistryClient client = client(this.registry.url());
		Lease lease = await(client.register(this.instance, TTL, null, INCARNATION)).lease();
		this.registry.takeOver("orders/0::1:8080");
		assertThat(await(client.renew(this.instance, lease, null)).outcome()).isEqualTo(Outcome.SUPERSEDED);
		this.registry.forget("orders/0::1:8080");
		assertThat(await(client.renew(this.instance, lease, null)).outcome()).isEqualTo(Outcome.UNKNOWN_LEASE);
	}

	@Test
	void serverThatCannotDoItIsLeftForTheNextAndNotReturnedTo() {
		try (TestRegistry broken = new TestRegistry()) {
			broken.unavailable(true);
			RegistryHttpClient client = client(broken.url(), this.registry.url());
			while (client.url().equals(URI.create(this.registry.url()))) {
				client = client(broken.url(), this.registry.url());
			}
			assertThat(await(client.register(this.instance, TTL, null, INCARNATION)).outcome()).isEqualTo(Outcome.DONE);
			await(client.register(this.instance, TTL, null, INCARNATION));
			assertThat(broken.requests).hasSize(1);
			assertThat(client.url()).hasToString(this.registry.url());
		}
	}

	@Test
	void answerTellsThatATryBeforeItGotNone() {
		try (TestRegistry broken = new TestRegistry()) {
			RegistryHttpClient client = client(broken.url(), this.registry.url());
			while (client.url().equals(URI.create(this.registry.url()))) {
				client = client(broken.url(), this.registry.url());
			}
			broken.unavailable(true);
			Answer first = await(client.register(this.instance, TTL, null, INCARNATION));
			assertThat(first.outcome()).isEqualTo(Outcome.DONE);
			assertThat(first.unanswered()).isTrue();
			assertThat(await(client.register(this.instance, TTL, null, INCARNATION)).unanswered()).isFalse();
			this.registry.requests.clear();
			assertThat(await(client.renew(this.instance, first.lease(), null)).unanswered()).isFalse();
			assertThat(this.registry.requests).hasSize(1).allMatch((request) -> request.endsWith("/heartbeat"));
		}
	}

	@Test
	void refusalTellsThatATryBeforeItGotNoAnswer() {
		try (TestRegistry broken = new TestRegistry()) {
			RegistryHttpClient client = client(broken.url(), this.registry.url());
			while (client.url().equals(URI.create(this.registry.url()))) {
				client = client(broken.url(), this.registry.url());
			}
			Lease lease = await(client(this.registry.url()).register(this.instance, TTL, null, INCARNATION)).lease();
			this.registry.takeOver("orders/0::1:8080");
			broken.unavailable(true);
			Answer answer = await(client.register(this.instance, TTL, lease, INCARNATION));
			assertThat(answer.outcome()).isEqualTo(Outcome.SUPERSEDED);
			assertThat(answer.unanswered()).isTrue();
		}
	}

	@Test
	void requestThatIsRepeatedComesFromTheSameIncarnation() throws Exception {
		BlockingQueue<String> incarnations = new LinkedBlockingQueue<>();
		HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
		server.createContext("/", (exchange) -> {
			try (exchange) {
				incarnations.add(exchange.getRequestHeaders().getFirst("Mesh-Incarnation"));
				// A success, but sent by a proxy and not by the registry.
				exchange.sendResponseHeaders(204, -1);
			}
		});
		server.start();
		try {
			RegistryClient client = client("http://127.0.0.1:" + server.getAddress().getPort());
			Answer answer = await(client.register(this.instance, TTL, null, INCARNATION));
			assertThat(answer.outcome()).isEqualTo(Outcome.UNAVAILABLE);
			assertThat(incarnations).containsExactly(INCARNATION, INCARNATION);
		}
		finally {
			server.stop(0);
		}
	}

	@Test
	void absentRegistryIsUnavailable() {
		this.registry.close();
		Answer answer = await(client(this.registry.url()).register(this.instance, TTL, null, INCARNATION));
		assertThat(answer.outcome()).isEqualTo(Outcome.UNAVAILABLE);
		assertThat(answer.detail()).contains(this.registry.url());
		assertThat(answer.futile()).isTrue();
	}

	@Test
	void loneServerThatSaysNothingIsAskedOnceAndGivenMoreTimeThenUntilItAnswers() throws Exception {
		AtomicInteger asked = new AtomicInteger();
		HttpServer server = slow(0, asked);
		try {
			RegistryClient client = client("http://127.0.0.1:" + server.getAddress().getPort());
			Answer first = await(client.register(this.instance, TTL, null, INCARNATION));
			assertThat(first.outcome()).isEqualTo(Outcome.UNAVAILABLE);
			assertThat(first.detail()).contains("PT1S");
			assertThat(first.unanswered()).isTrue();
			assertThat(asked).hasValue(1);
			assertThat(await(client.register(this.instance, TTL, null, INCARNATION)).outcome()).isEqualTo(Outcome.DONE);
			Answer third = await(client.register(this.instance, TTL, null, INCARNATION));
			assertThat(third.detail()).contains("PT1S");
		}
		finally {
			server.stop(0);
		}
	}

	@Test
	void serverThatRefusedConnectionsIsGivenMoreTimeOnceItIsThere() throws Exception {
		int port = StablePorts.free();
		RegistryClient client = client("http://127.0.0.1:" + port);
		assertThat(await(client.register(this.instance, TTL, null, INCARNATION)).futile()).isTrue();
		HttpServer server = slow(port, new AtomicInteger());
		try {
			assertThat(await(client.register(this.instance, TTL, null, INCARNATION)).outcome()).isEqualTo(Outcome.DONE);
		}
		finally {
			server.stop(0);
		}
	}

	/**
	 * Starts a server that answers later than a client waits at first, and sooner than
	 * twice that.
	 */
	private static HttpServer slow(int port, AtomicInteger asked) throws IOException {
		HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", port), 0);
		server.setExecutor(Executors.newCachedThreadPool());
		server.createContext("/", (exchange) -> {
			try (exchange) {
				asked.incrementAndGet();
				LockSupport.parkNanos(Duration.ofMillis(1500).toNanos());
				byte[] body = "{\"lease\":{\"ttl\":\"PT15S\",\"renewEvery\":\"PT5S\",\"token\":\"1-a\",\"fence\":1}}"
					.getBytes(StandardCharsets.UTF_8);
				exchange.sendResponseHeaders(200, body.length);
				exchange.getResponseBody().write(body);
			}
		});
		server.start();
		return server;
	}

	@Test
	void serverThatAcceptsAndSaysNothingIsUnavailableInTime() throws Exception {
		try (ServerSocket socket = new ServerSocket(0)) {
			Answer answer = await(client("http://127.0.0.1:" + socket.getLocalPort()).register(this.instance, TTL, null,
					INCARNATION));
			assertThat(answer.outcome()).isEqualTo(Outcome.UNAVAILABLE);
		}
	}

	@Test
	void serverThatStopsInTheMiddleOfItsAnswerIsUnavailableInTime() throws Exception {
		try (ServerSocket socket = new ServerSocket(0)) {
			Thread server = new Thread(() -> {
				try (Socket connection = socket.accept()) {
					connection.getOutputStream().write("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{".getBytes());
					connection.getInputStream().transferTo(OutputStream.nullOutputStream());
				}
				catch (IOException ex) {
					// The client has closed the connection.
				}
			});
			server.start();
			Answer answer = await(client("http://127.0.0.1:" + socket.getLocalPort()).register(this.instance, TTL, null,
					INCARNATION));
			assertThat(answer.outcome()).isEqualTo(Outcome.UNAVAILABLE);
			assertThat(answer.detail()).contains("no answer within PT1S");
			// The client closes the connection when it gives up.
			server.join(5000);
			assertThat(server.isAlive()).isFalse();
		}
	}

	/**
	 * Tests a common pool without free threads. Asynchronous exchanges end there from JDK
	 * 25 on. On earlier JDKs they do so with three cores or more.
	 */
	@Test
	void busyCommonPoolHoldsUpNeitherLeaseNorWatch() {
		ForkJoinPool pool = ForkJoinPool.commonPool();
		CountDownLatch release = new CountDownLatch(1);
		try {
			for (int i = 0; i < ForkJoinPool.getCommonPoolParallelism(); i++) {
				pool.execute(() -> awaitQuietly(release));
			}
			RegistryClient client = client(this.registry.url());
			Lease lease = await(client.register(this.instance, TTL, null, INCARNATION)).lease();
			assertThat(await(client.renew(this.instance, lease, null)).outcome()).isEqualTo(Outcome.DONE);
			Heard heard = new Heard();
			client.watch(List.of("*"), null, null, heard);
			assertThat(heard.take()).isEqualTo("Ping");
			this.registry.close();
			assertThat(await(client.renew(this.instance, lease, null)).outcome()).isEqualTo(Outcome.UNAVAILABLE);
		}
		finally {
			release.countDown();
		}
	}

	@Test
	void otherServerIsNotTakenForTheRegistry() throws Exception {
		HttpServer other = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
		other.createContext("/", (exchange) -> {
			exchange.sendResponseHeaders(200, 0);
			exchange.getResponseBody().write("<html>Welcome</html>".getBytes(StandardCharsets.UTF_8));
			exchange.close();
		});
		other.start();
		try {
			String url = "http://127.0.0.1:" + other.getAddress().getPort();
			Answer answer = await(client(url).register(this.instance, TTL, null, INCARNATION));
			assertThat(answer.outcome()).isEqualTo(Outcome.UNAVAILABLE);
			assertThat(answer.detail()).contains("not as a Redmesh registry");
			Heard heard = new Heard();
			client(url).watch(List.of("*"), null, null, heard);
			assertThat(heard.take()).contains("not as a Redmesh registry");
		}
		finally {
			other.stop(0);
		}
	}

	@Test
	void watchTellsOneEventAtATime() {
		this.registry.put("orders", "a", "10.0.0.7", 80);
		Heard heard = new Heard();
		RegistryClient.Watch watch = client(this.registry.url()).watch(List.of("*"), null, null, heard);
		assertThat(heard.take()).isEqualTo("Ping");
		this.registry.put("orders", "b", "10.0.0.8", 80);
		assertThat(heard.events).isEmpty();
		watch.next();
		assertThat(heard.take()).isEqualTo("Snapshot");
		watch.next();
		assertThat(heard.take()).isEqualTo("Delta");
		watch.close();
	}

	@Test
	void watchResumesByTheIdAsItCame() {
		Heard heard = new Heard();
		RegistryHttpClient client = client(this.registry.url());
		client.watch(List.of("*"), null, null, heard);
		heard.take();
		client.watch(List.of("*"), heard.id, null, heard);
		heard.take();
		assertThat(heard.id).contains("~");
		assertThat(this.registry.resumes).containsExactly(heard.id);
	}

	@Test
	void endOfTheServerEndsTheWatch() {
		Heard heard = new Heard();
		RegistryClient.Watch watch = client(this.registry.url()).watch(List.of("orders"), null, null, heard);
		assertThat(heard.take()).isEqualTo("Ping");
		watch.next();
		assertThat(heard.take()).isEqualTo("Snapshot");
		watch.next();
		this.registry.close();
		assertThat(heard.take()).startsWith(this.registry.url());
	}

	private RegistryHttpClient client(String... urls) {
		RegistryHttpClient client = new RegistryHttpClient(List.of(urls).stream().map(URI::create).toList(), "default",
				Duration.ofSeconds(2), Duration.ofSeconds(1), this.timer, new Random());
		this.clients.add(client);
		return client;
	}

	private static Answer await(CompletionStage<Answer> answer) {
		return answer.toCompletableFuture().orTimeout(10, TimeUnit.SECONDS).join();
	}

	private static void awaitQuietly(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/** The events of a watch, in words. */
	private static final class Heard implements WatchListener {

		final BlockingQueue<String> events = new LinkedBlockingQueue<>();

		volatile String id;

		@Override
		public void received(WatchEvent event, String id) {
			this.id = id;
			this.events.add(event.getClass().getSimpleName());
		}

		@Override
		public void ended(String reason) {
			this.events.add(reason);
		}

		String take() {
			return Awaitility.await().until(this.events::poll, (event) -> event != null);
		}

	}

}
