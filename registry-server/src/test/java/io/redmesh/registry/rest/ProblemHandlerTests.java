package io.redmesh.registry.rest;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import reactor.netty.channel.AbortedException;
import reactor.test.StepVerifier;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.http.HttpStatus;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.web.server.MockServerWebExchange;

import static org.assertj.core.api.Assertions.assertThat;

@ExtendWith(OutputCaptureExtension.class)
class ProblemHandlerTests {

	private final MockServerWebExchange exchange = MockServerWebExchange.from(MockServerHttpRequest.put("/v1"));

	private final ProblemHandler handler = new ProblemHandler();

	@Test
	void whenTheClientHasHungUpNothingIsAnsweredAndNothingIsLogged(CapturedOutput output) {
		AbortedException gone = new AbortedException("Connection has been closed");
		StepVerifier.create(this.handler.handle(this.exchange, gone)).verifyErrorMatches(gone::equals);
		assertThat(this.exchange.getResponse().getStatusCode()).isNull();
		assertThat(output).doesNotContain("failed");
	}

	@Test
	void whenTheServerFailsTheLogSaysWhy(CapturedOutput output) {
		StepVerifier.create(this.handler.handle(this.exchange, new IllegalStateException("why"))).verifyComplete();
		assertThat(this.exchange.getResponse().getStatusCode()).isEqualTo(HttpStatus.INTERNAL_SERVER_ERROR);
		assertThat(output).contains("PUT /v1 failed", "why");
	}

}
