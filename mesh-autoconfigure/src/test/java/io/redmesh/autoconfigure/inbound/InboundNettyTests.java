package io.redmesh.autoconfigure.inbound;

import java.net.Socket;
import java.time.Duration;
import java.util.List;

import io.redmesh.autoconfigure.call.ServedRequest;
import io.redmesh.core.time.ManualTime;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

import org.springframework.context.support.StaticApplicationContext;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.web.server.MockServerWebExchange;

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
				new InboundProperties.Limit(true, 1, 1, 1, Duration.ZERO, Duration.ZERO), new ManualTime());
		InboundWebFilter filter = new InboundWebFilter(new Admission(null, limit, true), new VitalPaths(List.of()),
				new StaticApplicationContext());
		MockServerWebExchange exchange = MockServerWebExchange.from(MockServerHttpRequest.get("/").build());
		Mono<Void> served = filter.filter(exchange, (next) -> Mono.deferContextual((context) -> {
			assertThat(context.<ServedRequest>get(ServedRequest.KEY).attempt()).isEqualTo(1);
			assertThat(limit.inFlight()).isOne();
			return Mono.never();
		}));
		// Nothing begins before somebody asks for it, and a cancellation ends it.
		assertThat(limit.inFlight()).isZero();
		StepVerifier.create(served).thenCancel().verify();
		assertThat(limit.inFlight()).isZero();
	}

}
