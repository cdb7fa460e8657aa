package io.redmesh.autoconfigure.inbound;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Hooks;

import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Tests that hold for every web server that receives calls. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class InboundServerContract {

	private static final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

	private static final Duration POLL = Duration.ofMillis(5);

	private ConfigurableApplicationContext app;

	private InboundApp endpoints;

	/**
	 * Returns the type of the web application, as
	 * {@code spring.main.web-application-type} names it.
	 */
	abstract String type();

	@BeforeAll
	void startApp() {
		this.app = start();
		this.endpoints = this.app.getBean(InboundApp.class);
	}

	@AfterAll
	void stopApp() {
		this.app.close();
		Hooks.disableAutomaticContextPropagation();
	}

	@AfterEach
	void nothingIsInFlight() {
		awaitNothingInFlight();
	}

	@Test
	void callsForOtherServicesAreMisdirected() throws Exception {
		assertThat(get("/headers").body()).isEqualTo("[]");
		// The app does not see the destination of a request that has arrived.
		assertThat(get("/headers", "Mesh-Destination", "Orders").body()).isEqualTo("[]");
		HttpResponse<String> misdirected = get("/headers", "Mesh-Destination", "invoices");
		assertThat(misdirected.statusCode()).isEqualTo(421);
		assertThat(misdirected.body()).isEmpty();
		assertThat(misdirected.headers().map()).doesNotContainKey("retry-after");
		assertThat(misdirected.headers().allValues("Mesh-Refused")).containsExactly("invoices");
	}

	@Test
	void headersForThisHopAreNotPassedOn() throws Exception {
		assertThat(get("/headers", "Mesh-Destination", "orders", "Mesh-Attempt", "2", "Mesh-Timeout-Ms", "300",
				"Mesh-Priority", "high")
			.body()).isEqualTo("[mesh-priority]");
	}

	@Test
	void callsKnowTheRequestThatTheyAreMadeFor() throws Exception {
		assertThat(get("/served").body()).isEqualTo("attempt 1");
		assertThat(get("/served", "Mesh-Attempt", "3", "Mesh-Timeout-Ms", "300").body())
			.isEqualTo("attempt 3, 300 ms left");
		assertThat(get("/served", "Mesh-Attempt", "x", "Mesh-Timeout-Ms", "soon").body()).isEqualTo("attempt 1");
	}

	@Test
	void callsKnowWhereTheRequestCameFrom() throws Exception {
		assertThat(get("/source").body()).isEqualTo("127.0.0.1");
		assertThat(get("/source", "X-Forwarded-For", "203.0.113.7").body()).isEqualTo("203.0.113.7");
	}

	@Test
	void blockingCallsOnOtherThreadsKnowItToo() throws Exception {
		assertThat(get("/elsewhere", "Mesh-Attempt", "2").body()).isEqualTo("attempt 2");
	}

	@ParameterizedTest
	@ValueSource(strings = { "0", "-1" })
	void requestPastItsDeadlineIsRefused(String timeout) throws Exception {
		int before = this.endpoints.calls();
		HttpResponse<String> refused = get("/served", "Mesh-Timeout-Ms", timeout);
		assertThat(refused.statusCode()).isEqualTo(504);
		assertThat(refused.headers().map()).doesNotContainKey("mesh-refused");
		assertThat(refused.body()).isEmpty();
		assertThat(this.endpoints.calls()).isEqualTo(before);
	}

	@Test
	void failureOfACallPastTheDeadlineIsAnsweredAsTooLate() throws Exception {
		Admission admission = this.app.getBean(Admission.class);
		long before = admission.count(Refusal.DEADLINE);
		HttpResponse<String> late = get("/too-late", "Mesh-Destination", "orders");
		assertThat(late.statusCode()).isEqualTo(504);
		assertThat(late.body()).isEmpty();
		// The request was admitted, so it may have done something.
		assertThat(late.headers().map()).doesNotContainKey("mesh-refused");
		assertThat(admission.count(Refusal.DEADLINE)).isEqualTo(before + 1);
	}

	@Test
	void answerThatHasBegunHasNoDeadline() throws Exception {
		CompletableFuture<HttpResponse<Stream<String>>> answer = client.sendAsync(
				request(port(this.app), "/stream", "Mesh-Timeout-Ms", "300"), HttpResponse.BodyHandlers.ofLines());
		HttpResponse<Stream<String>> begun = answer.get();
		this.endpoints.time().forward(Duration.ofSeconds(10));
		this.endpoints.release();
		assertThat(begun.body()).containsExactly("(attempt 1, 300 ms left)(attempt 1)");
	}

	@Test
	void workThatOutlivesItsRequestHasNoDeadline() throws Exception {
		assertThat(get("/job", "Mesh-Timeout-Ms", "300").body()).isEqualTo("attempt 1, 300 ms left");
		awaitNothingInFlight();
		this.endpoints.release();
		assertThat(this.endpoints.startedJob().get()).isEqualTo("attempt 1");
	}

	@Test
	void refusalByAnotherServiceIsNotPassedOn() throws Exception {
		assertThat(get("/copied", "Mesh-Destination", "orders").headers().map()).doesNotContainKey("mesh-refused");
	}

	@Test
	void failureNamesTheServiceThatFailed() throws Exception {
		HttpResponse<String> failed = get("/throwing", "X-Failed-At", "stock");
		assertThat(failed.statusCode()).isGreaterThanOrEqualTo(500);
		assertThat(failed.headers().allValues("Mesh-Failed-At")).containsExactly("stock");
		assertThat(get("/throwing").headers().map()).doesNotContainKey("mesh-failed-at");
	}

	@ParameterizedTest
	@ValueSource(strings = { "/failing?status=503", "/failing?status=500" })
	void ownFailureNamesNoOtherService(String path) throws Exception {
		HttpResponse<String> failed = get(path, "X-Failed-At", "stock");
		assertThat(failed.statusCode()).isGreaterThanOrEqualTo(500);
		assertThat(failed.headers().map()).doesNotContainKey("mesh-failed-at");
	}

	@ParameterizedTest
	@ValueSource(strings = { "/failing?status=200", "/failing?status=404", "/recovering" })
	void responseBelow500NamesNoFailure(String path) throws Exception {
		HttpResponse<String> answered = get(path, "X-Failed-At", "stock");
		assertThat(answered.statusCode()).isLessThan(500);
		assertThat(answered.headers().map()).doesNotContainKey("mesh-failed-at");
	}

	@ParameterizedTest
	@ValueSource(strings = { "/headers", "/copied", "/nothing", "/failing?status=503", "/throwing" })
	void callersOfTheMeshLearnTheLoad(String path) throws Exception {
		CompletableFuture<?> held = hold();
		assertThat(get(path, "Mesh-Destination", "orders").headers().allValues("Mesh-Load")).hasSize(1)
			.first()
			// A request is no longer in flight when its error page is written.
			.isIn("inflight=2,util=1.00", "inflight=1,util=0.50");
		assertThat(get(path).headers().map()).doesNotContainKey("mesh-load");
		assertThat(get("/headers", "Mesh-Destination", "orders").headers().firstValue("Mesh-Load"))
			.hasValue("inflight=2,util=1.00");
		this.endpoints.release();
		held.join();
	}

	@Test
	void requestsAboveTheLimitAreShed() throws Exception {
		List<CompletableFuture<HttpResponse<String>>> held = List.of(hold(), hold());
		int before = this.endpoints.calls();
		HttpResponse<String> shed = get("/headers", "Mesh-Destination", "orders");
		assertThat(shed.statusCode()).isEqualTo(503);
		assertThat(shed.headers().firstValue("Retry-After")).hasValue("1");
		assertThat(shed.headers().allValues("Mesh-Refused")).containsExactly("orders");
		assertThat(shed.headers().firstValue("Mesh-Load")).hasValue("inflight=2,util=1.00");
		assertThat(this.endpoints.calls()).isEqualTo(before);
		assertThat(get("/headers", "Mesh-Priority", "high").statusCode()).isEqualTo(200);
		awaitInFlight(2);
		assertThat(get("/actuator/info").statusCode()).isEqualTo(200);
		awaitInFlight(2);
		CompletableFuture<HttpResponse<String>> reserve = hold("Mesh-Priority", "high");
		assertThat(get("/headers", "Mesh-Priority", "high").statusCode()).isEqualTo(503);
		this.endpoints.release();
		held.forEach((one) -> assertThat(one.join().statusCode()).isEqualTo(200));
		assertThat(reserve.join().statusCode()).isEqualTo(200);
		await().until(() -> inFlight() == 0);
		assertThat(get("/headers").statusCode()).isEqualTo(200);
	}

	@Test
	void streamsLeaveRoom() throws Exception {
		List<Socket> readers = new ArrayList<>();
		for (int i = 0; i < 5; i++) {
			Socket reader = send("/events");
			readers.add(reader);
			assertThat(reader.getInputStream().readNBytes(12)).asString(StandardCharsets.UTF_8)
				.isEqualTo("HTTP/1.1 200");
		}
		assertThat(inFlight()).isZero();
		assertThat(get("/headers").statusCode()).isEqualTo(200);
		for (Socket reader : readers) {
			reader.close();
		}
	}

	@Test
	void answerThatBreaksEndsTheRequest() throws Exception {
		for (int i = 0; i < 5; i++) {
			readWhileReleasing(send("/broken-parts"));
			nothingIsInFlight();
		}
	}

	@Test
	void nothingIsInFlightAfterRandomEndings() throws Exception {
		List<String> paths = List.of("/headers", "/throwing", "/failing?status=503", "/none", "/hold", "/hold",
				"/events", "/parts", "/late", "/slow", "/broken", "/broken-parts");
		Random random = new Random(20260101);
		for (int round = 0; round < 40; round++) {
			List<Socket> sockets = new ArrayList<>();
			for (int i = 0; i < 3; i++) {
				sockets.add(send(paths.get(random.nextInt(paths.size()))));
			}
			for (Socket socket : sockets) {
				if (random.nextBoolean()) {
					readWhileReleasing(socket);
				}
				if (random.nextBoolean()) {
					// Aborts the connection instead of closing it.
					socket.setSoLinger(true, 0);
				}
				socket.close();
			}
			awaitNothingInFlight();
		}
	}

	private void readWhileReleasing(Socket socket) {
		CompletableFuture<Void> read = CompletableFuture.runAsync(() -> {
			try {
				socket.getInputStream().readAllBytes();
			}
			catch (IOException ex) {
				// The server has closed the connection.
			}
		});
		await().pollInterval(POLL).until(() -> {
			this.endpoints.release();
			return read.isDone();
		});
	}

	/**
	 * Waits until no request is in flight. Tomcat does not report the end of each
	 * request; such a request gives its place back after {@link AsyncEnd#PATIENCE}.
	 */
	private void awaitNothingInFlight() {
		long reported = System.nanoTime() + Duration.ofSeconds(3).toNanos();
		await().pollInterval(POLL).until(() -> {
			this.endpoints.release();
			if (System.nanoTime() - reported > 0) {
				this.endpoints.time().forward(AsyncEnd.PATIENCE);
			}
			return inFlight() == 0;
		});
	}

	ConfigurableApplicationContext start(String... properties) {
		return InboundApp.start(type(), properties);
	}

	/**
	 * A client may have a response before the server has taken its request off the limit.
	 */
	private void awaitInFlight(int requests) {
		await().until(() -> inFlight() == requests);
	}

	int inFlight() {
		return this.app.getBean(Admission.class).limit().inFlight();
	}

	private CompletableFuture<HttpResponse<String>> hold(String... headers) {
		return hold(this.app, "/hold", headers);
	}

	CompletableFuture<HttpResponse<String>> hold(ConfigurableApplicationContext app, String path, String... headers) {
		InboundApp endpoints = app.getBean(InboundApp.class);
		int before = endpoints.held();
		CompletableFuture<HttpResponse<String>> held = client.sendAsync(request(port(app), path, headers),
				HttpResponse.BodyHandlers.ofString());
		await().until(() -> endpoints.held() > before);
		return held;
	}

	ConfigurableApplicationContext app() {
		return this.app;
	}

	/** Sends a request on a new connection, whose response the caller may read or not. */
	Socket send(String path) throws Exception {
		return send(this.app, path);
	}

	static Socket send(ConfigurableApplicationContext app, String path) throws Exception {
		Socket socket = new Socket("127.0.0.1", Integer.parseInt(port(app)));
		String request = "GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".formatted(path);
		socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
		return socket;
	}

	HttpResponse<String> get(String path, String... headers) throws Exception {
		return get(this.app, path, headers);
	}

	static HttpResponse<String> get(ConfigurableApplicationContext app, String path, String... headers)
			throws Exception {
		return client.send(request(port(app), path, headers), HttpResponse.BodyHandlers.ofString());
	}

	private static String port(ConfigurableApplicationContext app) {
		return app.getEnvironment().getRequiredProperty("local.server.port");
	}

	private static HttpRequest request(String port, String path, String... headers) {
		HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
		return ((headers.length > 0) ? request.headers(headers) : request).build();
	}

}
