package io.redmesh.autoconfigure.inbound;

import reactor.core.publisher.Mono;

import org.springframework.core.Ordered;
import org.springframework.web.reactive.DispatchExceptionHandler;
import org.springframework.web.reactive.HandlerResult;
import org.springframework.web.reactive.HandlerResultHandler;
import org.springframework.web.server.ServerWebExchange;

/**
 * A recorder of the exception with which a handler of Spring WebFlux has failed, before
 * an {@code @ExceptionHandler} makes a response of it. It handles no result: when Spring
 * asks whether it supports one, it wraps the handler of the result's failures. An
 * exception that is thrown before there is a result is seen only if no
 * {@code @ExceptionHandler} takes it.
 */
final class ReactiveFailureNotice implements HandlerResultHandler, Ordered {

	@Override
	public int getOrder() {
		return Ordered.HIGHEST_PRECEDENCE;
	}

	@Override
	public boolean supports(HandlerResult result) {
		DispatchExceptionHandler handler = result.getExceptionHandler();
		if (handler != null) {
			result.setExceptionHandler((exchange, failure) -> {
				if (exchange.getAttribute(InboundWebFilter.ADMITTED) instanceof Admitted admitted) {
					admitted.served().failedWith(failure);
				}
				return handler.handleError(exchange, failure);
			});
		}
		return false;
	}

	@Override
	public Mono<Void> handleResult(ServerWebExchange exchange, HandlerResult result) {
		throw new IllegalStateException("Supports no result");
	}

}
