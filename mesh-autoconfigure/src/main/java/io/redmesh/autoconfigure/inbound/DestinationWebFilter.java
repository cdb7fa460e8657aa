package io.redmesh.autoconfigure.inbound;

import io.redmesh.autoconfigure.call.HttpCalls;
import reactor.core.publisher.Mono;

import org.springframework.core.Ordered;
import org.springframework.http.HttpStatus;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;

/** Refuses misdirected calls in reactive apps, before anything else is done for them. */
final class DestinationWebFilter implements WebFilter, Ordered {

	private final String service;

	DestinationWebFilter(String service) {
		this.service = service;
	}

	@Override
	public int getOrder() {
		return Ordered.HIGHEST_PRECEDENCE;
	}

	@Override
	public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
		String meant = exchange.getRequest().getHeaders().getFirst(HttpCalls.DESTINATION);
		if (meant == null) {
			return chain.filter(exchange);
		}
		if (meant.equalsIgnoreCase(this.service)) {
			// Taken out, so that a gateway does not pass it on.
			return chain.filter(exchange.mutate()
				.request((request) -> request.headers((headers) -> headers.remove(HttpCalls.DESTINATION)))
				.build());
		}
		exchange.getResponse().setStatusCode(HttpStatus.MISDIRECTED_REQUEST);
		return exchange.getResponse().setComplete();
	}

}
