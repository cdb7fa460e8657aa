package io.redmesh.autoconfigure.webclient;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.redmesh.autoconfigure.call.CallDriverContract;
import io.redmesh.autoconfigure.call.FaultyServer;
import io.redmesh.autoconfigure.call.HttpCalls;
import io.redmesh.autoconfigure.call.HttpTestServer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClient;

import org.springframework.http.HttpMethod;
import org.springframework.http.client.reactive.ReactorClientHttpConnector;
import org.springframework.web.reactive.function.client.WebClient;
import org.springframework.web.reactive.function.client.WebClientRequestException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class MeshExchangeFilterTests extends CallDriverContract {

	@Override
	protected Answer send(HttpCalls calls, String method, URI uri, Map<String, String> headers, String body)
			throws Exception {
		WebClient.RequestBodySpec request = client(calls).method(HttpMethod.valueOf(method)).uri(uri);
		headers.forEach(request::header);
		Mono<Answer> answer = (body.isEmpty() ? request : request.bodyValue(body))
			.exchangeToMono((response) -> response.bodyToMono(String.class)
				.map((text) -> new Answer(response.statusCode().value(), text)));
		return answer.toFuture().get(30, TimeUnit.SECONDS);
	}

	private WebClient client(HttpCalls calls) {
		HttpClient httpClient = HttpClient.create().responseTimeout(this.readTimeout).disableRetry(true);
		return WebClient.builder()
			.clientConnector(new ReactorClientHttpConnector(httpClient))
			.filter(new MeshExchangeFilter(calls))
			.build();
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
		assertThat(candidates().get(0).isAvoided(0)).isFalse();
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
	void eachSubscriptionIsACallOfItsOwn() {
		HttpTestServer a = server("a");
		HttpTestServer b = server("b");
		known(a.instance("orders"), b.instance("orders"));
		Mono<String> call = client(this.calls).get().uri("http://orders/").retrieve().bodyToMono(String.class);
		assertThat(Flux.concat(call, call).collectList().block()).containsExactlyInAnyOrder("a", "b");
	}

	@Test
	void cancellingRacesWithAnswersAndNothingIsLeftInFlight() throws Exception {
		HttpTestServer stranger = opened(HttpTestServer.answering("stranger", 421));
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

}
