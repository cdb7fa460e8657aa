package io.redmesh.autoconfigure.inbound;

import java.net.Socket;
import java.time.Duration;

import io.redmesh.autoconfigure.call.ServedRequest;
import io.redmesh.core.time.ManualTime;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

import org.springframework.context.support.StaticApplicationContext;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.web.server.MockServerWebExchange;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.ServerWebExchangeDecorator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class InboundNettyTests extends InboundServerContract {

	@Override
	String type() {
		return "reactive";
	}

	@Test
	void callerThatGoesAwayEndsTheRequest() throws Exception {
		Socket caller = send("/hold");
		await().until(() -> inFlight() == 1);
		caller.close();
		await().until(() -> inFlight() == 0);
	}

	@Test
	void contextKnowsTheRequest() {
		ConcurrencyLimit limit = new ConcurrencyLimit(
				new InboundProperties.Limit(true, 1, 1, 1, Duration.ZERO, Duration.ZERO), Duration.ZERO,
				WaitingRequests.NONE, new ManualTime());
		InboundWebFilter filter = new InboundWebFilter(new Admission(null, limit, true), VitalPaths.NONE,
				ArrivedHeaders.of(true), new StaticApplicationContext());
		MockServerWebExchange exchange = MockServerWebExchange.from(MockServerHttpRequest.get("/").build());
		Mono<Void> served = filter.filter(exchange, (next) -> Mono.deferContextual((context) -> {
			assertThat(context.<ServedRequest>get(ServedRequest.KEY).attempt()).isEqualTo(1);
			assertThat(limit.inFlight()).isOne();
			return Mono.never();
		}));
		// Nothing begins before a subscription, and a cancellation ends the request.
		assertThat(limit.inFlight()).isZero();
		StepVerifier.create(served).thenCancel().verify();
		assertThat(limit.inFlight()).isZero();
	}

	@Test
	void placeIsGivenBackWhateverThrows() {
		boolean broken = true;
		for (int call = 1; broken; call++) {
			ConcurrencyLimit limit = new ConcurrencyLimit(
					new InboundProperties.Limit(true, 1, 1, 1, Duration.ZERO, Duration.ZERO), Duration.ZERO,
					WaitingRequests.NONE, new ManualTime());
			InboundWebFilter filter = new InboundWebFilter(new Admission(null, limit, true), VitalPaths.NONE,
					ArrivedHeaders.of(true), new StaticApplicationContext());
			Seams seams = Seams.breakingAt(call);
			MockServerWebExchange exchange = MockServerWebExchange
				.from(MockServerHttpRequest.get("/").header("Mesh-Destination", "orders").build());
			ServerWebExchange breaking = new ServerWebExchangeDecorator(seams.of(ServerWebExchange.class, exchange)) {

				@Override
				public ServerHttpRequest getRequest() {
					return seams.of(ServerHttpRequest.class, super.getRequest());
				}

				@Override
				public ServerHttpResponse getResponse() {
					return seams.of(ServerHttpResponse.class, super.getResponse());
				}

			};
			Mono.defer(() -> filter.filter(breaking, (next) -> next.getResponse().setComplete()))
				.onErrorComplete()
				.block();
			broken = seams.isBroken();
			assertThat(limit.inFlight()).as("call %d", call).isZero();
		}
	}

}
