package io.redmesh.registry.rest;

import java.util.Locale;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.netty.channel.AbortedException;

import org.springframework.core.annotation.Order;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.stereotype.Component;
import org.springframework.web.ErrorResponse;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebExceptionHandler;

/**
 * A handler that turns failures of WebFlux into a {@link Problem}: those of Actuator, and
 * of requests that no operation serves.
 */
@Component
@Order(-2)
final class ProblemHandler implements WebExceptionHandler {

	private static final Logger logger = LoggerFactory.getLogger(ProblemHandler.class);

	@Override
	public Mono<Void> handle(ServerWebExchange exchange, Throwable failure) {
		ServerHttpResponse response = exchange.getResponse();
		// No response can be sent any more. A caller that disconnects early is no error
		// of this server.
		if (response.isCommitted() || failure instanceof AbortedException) {
			return Mono.error(failure);
		}
		Problem problem = problem(exchange, failure);
		byte[] body = problem.toJson();
		response.setStatusCode(problem.status());
		response.getHeaders().setContentType(MediaType.APPLICATION_PROBLEM_JSON);
		response.getHeaders().setContentLength(body.length);
		return response.writeWith(Mono.just(response.bufferFactory().wrap(body)));
	}

	private static Problem problem(ServerWebExchange exchange, Throwable failure) {
		if (failure instanceof ErrorResponse response) {
			HttpStatus status = HttpStatus.resolve(response.getStatusCode().value());
			if (status == HttpStatus.NOT_FOUND) {
				return Problem.notFound(exchange.getRequest().getPath().value());
			}
			if (status != null && status.is4xxClientError()) {
				return Problem.of(status.name().toLowerCase(Locale.ROOT).replace('_', '-'), status,
						status.getReasonPhrase(), String.valueOf(response.getBody().getDetail()));
			}
		}
		logger.error("{} {} failed", exchange.getRequest().getMethod(), exchange.getRequest().getPath(), failure);
		return Problem.internal(exchange.getLogPrefix().trim());
	}

}
