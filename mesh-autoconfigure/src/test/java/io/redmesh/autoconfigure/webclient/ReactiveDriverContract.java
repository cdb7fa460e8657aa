package io.redmesh.autoconfigure.webclient;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

import io.redmesh.autoconfigure.call.FaultyServer;
import io.redmesh.autoconfigure.call.HttpCalls;
import io.redmesh.autoconfigure.call.HttpTestServer;
import io.redmesh.autoconfigure.call.MeshClient;
import io.redmesh.autoconfigure.call.Provided;
import io.redmesh.autoconfigure.call.RandomEndings;
import io.redmesh.autoconfigure.call.ReactorConnections;
import io.redmesh.autoconfigure.call.RoutedCallContract;
import io.redmesh.autoconfigure.call.ServedRequest;
import io.redmesh.autoconfigure.call.TimeoutScanner;
import io.redmesh.autoconfigure.cloud.ForwardedHeaders;
import io.redmesh.core.call.CallPolicy;
import io.redmesh.core.call.Deadline;
import io.redmesh.core.call.HedgePolicy;
import io.redmesh.core.instance.Instance;
import io.redmesh.core.loadbalance.LoadBalancing;
import io.redmesh.core.time.Time;
import io.redmesh.core.time.Timer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;

import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.http.client.reactive.ClientHttpConnectorBuilder;
import org.springframework.cloud.client.loadbalancer.reactive.LoadBalancerClientRequestTransformer;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.ResponseCookie;
import org.springframework.http.ResponseEntity;
import org.springframework.http.client.ReactorResourceFactory;
import org.springframework.util.CollectionUtils;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.RequestAttribute;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.reactive.function.client.ClientRequest;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.WebClient;
import org.springframework.web.reactive.function.client.WebClientRequestException;
import org.springframework.web.reactive.function.client.support.WebClientAdapter;
import org.springframework.web.service.annotation.HttpExchange;
import org.springframework.web.service.invoker.HttpServiceProxyFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** Tests of the driver of reactive calls, for each HTTP client and API of the app. */
@ParameterizedClass
@EnumSource
abstract class ReactiveDriverContract extends RoutedCallContract {

	private final AttemptTimeouts timeouts = new AttemptTimeouts(
			new TimeoutScanner(Time.system(), opened(Timer.start("limits"))));

	@Parameter
	Api api;

	private final ReactorConnections reactor = new ReactorConnections();

	private final Map<HttpCalls, MeshConnectors> connectors = new ConcurrentHashMap<>();

	/** The app's own changes to the request of each attempt. */
	protected final List<LoadBalancerClientRequestTransformer> transformers = new ArrayList<>();

	/** Returns the HTTP client under test. */
	abstract ClientHttpConnectorBuilder<?> httpClient();

	@AfterEach
	void closeConnections() {
		this.reactor.destroy();
	}

	@Override
	protected Answer send(HttpCalls calls, String method, URI uri, Map<String, String> headers, String body)
			throws Exception {
		HttpMethod verb = HttpMethod.valueOf(method);
		if (this.api == Api.HTTP_EXCHANGE) {
			return exchange(calls, verb, uri, headers, body);
		}
		WebClient.RequestBodySpec request = client(calls).method(verb).uri(uri);
		this.attributes.forEach(request::attribute);
		headers.forEach(request::header);
		Mono<Answer> answer = (body.isEmpty() ? request : request.bodyValue(body)).exchangeToMono((response) -> {
			this.answered = response.headers().asHttpHeaders();
			return response.bodyToMono(String.class)
				.map((text) -> new Answer(response.statusCode().value(), text, setCookie(response)));
		});
		return answer.toFuture().get(30, TimeUnit.SECONDS);
	}

	private Answer exchange(HttpCalls calls, HttpMethod method, URI uri, Map<String, String> headers, String body)
			throws Exception {
		WebClient client = client(calls).mutate()
			.defaultStatusHandler((status) -> true, (response) -> Mono.empty())
			.build();
		ResponseEntity<String> answer = HttpServiceProxyFactory.builderFor(WebClientAdapter.create(client))
			.build()
			.createClient(AnyExchange.class)
			.exchange(uri, method,
					CollectionUtils.toMultiValueMap(headers.entrySet()
						.stream()
						.collect(Collectors.toMap(Map.Entry::getKey, (entry) -> List.of(entry.getValue())))),
					body.isEmpty() ? null : body, (Boolean) this.attributes.get(MeshClient.REPEATABLE))
			.toFuture()
			.get(30, TimeUnit.SECONDS);
		this.answered = answer.getHeaders();
		return new Answer(answer.getStatusCode().value(), Objects.requireNonNullElse(answer.getBody(), ""),
				answer.getHeaders().getFirst(HttpHeaders.SET_COOKIE));
	}

	private static String setCookie(ClientResponse response) {
		String header = response.headers().asHttpHeaders().getFirst(HttpHeaders.SET_COOKIE);
		assertThat(response.cookies().values()).flatExtracting((cookies) -> cookies)
			.extracting(ResponseCookie::toString)
			.isEqualTo((header != null) ? List.of(header) : List.of());
		return header;
	}

	// The other API ends calls in the same way.
	@Override
	protected boolean endsDiffer() {
		return this.api == Api.WEB_CLIENT;
	}

	@Override
	protected void end(HttpCalls calls, RandomEndings.Call call) throws Exception {
		WebClient.RequestBodySpec request = client(calls).method(call.method()).uri(call.uri());
		Mono<?> answer = switch (call.ending()) {
			case READ -> request.bodyValue("read").retrieve().toEntity(byte[].class);
			case UNREAD -> request.exchangeToMono((response) -> Mono.just(response.statusCode()));
			case BROKEN_OFF -> request.bodyValue("broken off").retrieve().toEntity(byte[].class).timeout(call.after());
			case BODY_FAILS ->
				request.body(Flux.concat(Flux.just("begun"), Flux.error(new IOException("No body"))), String.class)
					.retrieve()
					.toBodilessEntity();
		};
		answer.toFuture().get(30, TimeUnit.SECONDS);
	}

	protected final WebClient client(HttpCalls calls) {
		MeshConnectors made = this.connectors.computeIfAbsent(calls,
				(key) -> new MeshConnectors(new ReactiveCalls(calls, this.timeouts), new ForwardedHeaders(null),
						this.transformers, Provided.of(ClientHttpConnectorBuilder.class, httpClient()),
						Provided.of(HttpClientSettings.class,
								HttpClientSettings.defaults().withReadTimeout(this.readTimeout)),
						Provided.of(ReactorConnections.class, this.reactor),
						Provided.none(ReactorResourceFactory.class)));
		WebClient.Builder builder = WebClient.builder().clientConnector(made.shared());
		this.appCode.forEach((code) -> builder.filter((request, next) -> Mono.defer(() -> {
			ClientRequest.Builder changed = ClientRequest.from(request);
			try {
				HttpHeaders headers = HttpHeaders.copyOf(request.headers());
				code.before(request.url(), headers);
				changed.headers((all) -> all.putAll(headers));
			}
			catch (IOException ex) {
				return Mono.error(ex);
			}
			return next.exchange(changed.build());
		})));
		return builder.build();
	}

	@Test
	void cancelledCallIsReportedOnce() {
		FaultyServer silent = opened(FaultyServer.silent());
		known(silent.instance("orders", "silent"));
		Disposable call = client(this.calls).get().uri("http://orders/").retrieve().toBodilessEntity().subscribe();
		Awaitility.await().until(() -> silent.requests() == 1);
		assertThat(candidates().get(0).inFlight()).isEqualTo(1);
		call.dispose();
		assertThat(candidates().get(0).inFlight()).isZero();
		assertThat(candidates().get(0).isEjected()).isFalse();
	}

	@Test
	void bodyThatIsAStreamIsSentOnce() {
		FaultyServer broken = opened(FaultyServer.resetting());
		known(broken.instance("orders", "broken"), server("a").instance("orders"));
		AtomicInteger streamed = new AtomicInteger();
		Flux<String> body = Flux.defer(() -> {
			streamed.incrementAndGet();
			return Flux.just("once", "only");
		});
		List<Throwable> failures = new ArrayList<>();
		for (int call = 0; call < 2; call++) {
			client(this.calls).put()
				.uri("http://orders/")
				.body(body, String.class)
				.retrieve()
				.toBodilessEntity()
				.onErrorResume((failure) -> {
					failures.add(failure);
					return Mono.empty();
				})
				.block();
		}
		assertThat(streamed).hasValue(2);
		assertThat(failures).singleElement().isInstanceOf(WebClientRequestException.class);
		assertThat(broken.requests()).isEqualTo(1);
	}

	@Test
	void bodyThatCannotBeWrittenIsNoFailureOfTheReceiver() {
		known(server("a").instance("orders"));
		ServedRequest served = new ServedRequest(1, Deadline.NONE);
		for (int call = 0; call < 20; call++) {
			Flux<String> body = Flux.concat(Flux.just("begun"), Flux.error(new IOException("the file is gone")));
			assertThatExceptionOfType(WebClientRequestException.class)
				.isThrownBy(() -> client(this.calls).put()
					.uri("http://orders/")
					.body(body, String.class)
					.retrieve()
					.toBodilessEntity()
					.contextWrite((context) -> context.put(ServedRequest.KEY, served))
					.block())
				.withMessageContaining("the file is gone");
		}
		assertThat(candidates().get(0).failures(this.time.nanos())).isZero();
		assertThat(candidates().get(0).inFlight()).isZero();
		assertThat(served.failedAt()).isNull();
	}

	@Test
	void filterThatThrowsLeavesNothingInFlight() {
		known(server("a").instance("orders"));
		WebClient client = client(this.calls).mutate().filter((request, next) -> {
			throw new IllegalStateException("a filter of the app");
		}).build();
		assertThatExceptionOfType(IllegalStateException.class)
			.isThrownBy(() -> client.get().uri("http://orders/").retrieve().toBodilessEntity().block());
		assertThat(candidates().get(0).inFlight()).isZero();
	}

	@Test
	void cookiesOfTheClientAreKeysToo() {
		known(server("a").instance("orders"), server("b").instance("orders"), server("c").instance("orders"));
		WebClient client = client(keeping("cookie:user"));
		Set<String> everywhere = new HashSet<>();
		for (int user = 0; user < 30; user++) {
			Mono<String> call = client.get()
				.uri("http://orders/")
				.cookie("user", "user-" + user)
				.retrieve()
				.bodyToMono(String.class);
			assertThat(call.block()).isEqualTo(call.block());
			everywhere.add(call.block());
		}
		assertThat(everywhere).hasSize(3);
	}

	@Test
	void eachSubscriptionIsACallOfItsOwn() {
		HttpTestServer a = server("a");
		HttpTestServer b = server("b");
		known(a.instance("orders"), b.instance("orders"));
		Mono<String> call = client(this.calls).get().uri("http://orders/").retrieve().bodyToMono(String.class);
		assertThat(Flux.concat(call, call).collectList().block()).containsExactlyInAnyOrder("a", "b");
	}

	@Test
	void cancellationsThatRaceWithResponsesLeaveNothingInFlight() throws Exception {
		HttpTestServer stranger = opened(HttpTestServer.refusing("stranger", 421));
		HttpTestServer a = server("a");
		known(stranger.instance("orders"), a.instance("orders"));
		WebClient client = client(this.calls);
		for (int i = 0; i < 200; i++) {
			Disposable call = client.get().uri("http://orders/").retrieve().toBodilessEntity().subscribe();
			for (int spin = 0; spin < i * 50; spin++) {
				Thread.onSpinWait();
			}
			call.dispose();
		}
		Awaitility.await().untilAsserted(() -> assertThat(candidates()).allMatch((each) -> each.inFlight() == 0));
	}

	@Test
	void unansweredAttemptIsHedgedElsewhere() throws Exception {
		FaultyServer silent = opened(FaultyServer.silent());
		HttpTestServer answering = server("a");
		known(silent.instance("orders", "silent"), answering.instance("orders"));
		HttpCalls hedging = calls(hedging(Duration.ofMillis(50)));
		for (int call = 0; call < 4; call++) {
			assertThat(send(hedging, "GET", URI.create("http://orders/"), Map.of(), "").body()).isEqualTo("a");
		}
		assertThat(silent.requests()).isEqualTo(2);
		assertThat(answering.received()).extracting((request) -> request.header("Mesh-Attempt"))
			.containsExactlyInAnyOrder(null, null, "2", "2");
		assertThat(observed()).containsExactlyInAnyOrder("[1, responded, orders]", "[1, responded, orders]",
				"[1, abandoned, orders]", "[hedge, responded, orders]", "[1, abandoned, orders]",
				"[hedge, responded, orders]");
		Awaitility.await().untilAsserted(() -> assertThat(candidates()).allMatch((each) -> each.inFlight() == 0));
	}

	@Test
	void hedgeThatFailsChangesNothing() throws Exception {
		HttpTestServer failing = opened(HttpTestServer.answering("failing", 500));
		SlowServer slow = opened(new SlowServer(Duration.ofMillis(300)));
		known(slow.instance("orders"), failing.instance("orders"));
		HttpCalls hedging = calls(hedging(Duration.ofMillis(20)));
		List<String> bodies = new ArrayList<>();
		for (int call = 0; call < 2; call++) {
			bodies.add(send(hedging, "GET", URI.create("http://orders/"), Map.of(), "").body());
		}
		assertThat(bodies).containsExactlyInAnyOrder("slow", "failing");
		assertThat(failing.received()).hasSize(2);
		Awaitility.await().untilAsserted(() -> assertThat(candidates()).allMatch((each) -> each.inFlight() == 0));
	}

	@Test
	void failedCallIsNotHedged() {
		FaultyServer broken = opened(FaultyServer.resetting());
		known(broken.instance("orders", "broken"));
		HttpCalls hedging = calls(hedging(Duration.ofHours(1)));
		assertThatExceptionOfType(Exception.class)
			.isThrownBy(() -> send(hedging, "GET", URI.create("http://orders/"), Map.of(), ""))
			.withRootCauseInstanceOf(IOException.class);
		assertThat(candidates()).allMatch((each) -> each.inFlight() == 0);
	}

	private static CallPolicy hedging(Duration after) {
		CallPolicy policy = CallPolicy.DEFAULT.with(LoadBalancing.ROUND_ROBIN);
		return new CallPolicy(policy.loadBalancing(), policy.retries().with(new HedgePolicy(after, 0)),
				policy.outliers(), policy.timeout(), policy.attemptTimeout(), 0, 0);
	}

	/** The API that the app uses. */
	enum Api {

		WEB_CLIENT, HTTP_EXCHANGE

	}

	interface AnyExchange {

		@HttpExchange
		Mono<ResponseEntity<String>> exchange(URI uri, HttpMethod method,
				@RequestHeader MultiValueMap<String, String> headers, @RequestBody(required = false) String body,
				@RequestAttribute(name = MeshClient.REPEATABLE, required = false) Boolean repeatable);

	}

	/** A server that responds after a delay. */
	private static final class SlowServer implements AutoCloseable {

		private final DisposableServer server;

		SlowServer(Duration delay) {
			this.server = HttpServer.create()
				.host("127.0.0.1")
				.port(0)
				.handle((request, response) -> response.sendString(Mono.just("slow").delayElement(delay)))
				.bindNow();
		}

		Instance instance(String service) {
			return Instance.of(service, "slow", "127.0.0.1", this.server.port());
		}

		@Override
		public void close() {
			this.server.disposeNow();
		}

	}

}
