package io.redmesh.autoconfigure.restclient;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import io.micrometer.observation.ObservationRegistry;
import io.redmesh.autoconfigure.call.HttpCalls;
import io.redmesh.autoconfigure.call.HttpTestServer;
import io.redmesh.autoconfigure.cloud.ForwardedHeaders;
import io.redmesh.core.call.CallPlanner;
import io.redmesh.core.call.CallPolicy;
import io.redmesh.core.endpoint.EjectionPolicy;
import io.redmesh.core.endpoint.EndpointPools;
import io.redmesh.core.registry.Catalog;
import io.redmesh.core.registry.Cursor;
import io.redmesh.core.time.Time;
import io.redmesh.core.time.Timer;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingStream;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests that blocking calls on virtual threads do not pin their carrier threads. */
@EnabledForJreRange(min = JRE.JAVA_21)
class VirtualThreadsTests {

	private static final int CALLS = 200;

	@ParameterizedTest
	@ValueSource(strings = { "jdk", "apache" })
	void nothingOfTheMeshPinsAThread(String kind) throws Exception {
		ClientHttpRequestFactory client = kind.equals("jdk") ? ClientHttpRequestFactoryBuilder.jdk().build()
				: ApacheClient.tune(ClientHttpRequestFactoryBuilder.httpComponents()).build();
		Queue<RecordedEvent> pinned = new ConcurrentLinkedQueue<>();
		try (HttpTestServer server = HttpTestServer.start("a"); RecordingStream recording = new RecordingStream()) {
			recording.setReuse(false);
			recording.enable("jdk.VirtualThreadPinned").withStackTrace().withThreshold(Duration.ZERO);
			recording.onEvent("jdk.VirtualThreadPinned", pinned::add);
			// The first calls initialize classes, which pins their threads once.
			call(server, client);
			recording.startAsync();
			assertThat(call(server, client)).hasSize(CALLS).allMatch("a"::equals);
			RecordingStream.class.getMethod("stop").invoke(recording);
		}
		assertThat(pinned).noneMatch(VirtualThreadsTests::isOfTheMesh);
	}

	private static List<String> call(HttpTestServer server, ClientHttpRequestFactory factory) throws Exception {
		Catalog catalog = new Catalog();
		EndpointPools pools = new EndpointPools(catalog, Time.system(), (service) -> EjectionPolicy.DEFAULT);
		catalog.snapshot(new Cursor("lineage", 1, 1), true, Map.of("orders", List.of(server.instance("orders"))));
		HttpCalls calls = new HttpCalls(new CallPlanner(pools, (service) -> CallPolicy.DEFAULT, Time.system()),
				Set.of(503), Time.system(), ObservationRegistry.NOOP);
		// Java 17 has no virtual threads, so this call is reflective.
		ExecutorService threads = (ExecutorService) Executors.class.getMethod("newVirtualThreadPerTaskExecutor")
			.invoke(null);
		try (Timer timer = Timer.start("limits")) {
			RestClient client = RestClient.builder()
				.requestFactory(new MeshClientHttpRequestFactory(
						new BlockingDriver(calls, new TimeLimits(Time.system(), timer), Time.system()),
						new Exchanges(new ForwardedHeaders(null), List.of()),
						new HttpClients(() -> factory, () -> factory), false))
				.build();
			List<Future<String>> answers = new ArrayList<>();
			for (int i = 0; i < CALLS; i++) {
				answers.add(threads
					.submit(() -> client.get().uri(URI.create("http://orders/")).retrieve().body(String.class)));
			}
			List<String> bodies = new ArrayList<>();
			for (Future<String> answer : answers) {
				bodies.add(answer.get(60, TimeUnit.SECONDS));
			}
			return bodies;
		}
		finally {
			threads.shutdownNow();
		}
	}

	private static boolean isOfTheMesh(RecordedEvent event) {
		return event.getStackTrace() != null && event.getStackTrace()
			.getFrames()
			.stream()
			.map((frame) -> frame.getMethod().getType().getName())
			.anyMatch((type) -> type.startsWith("io.redmesh.") && !type.contains("Tests"));
	}

}
