package io.redmesh.autoconfigure.cloud;

import io.redmesh.autoconfigure.call.HttpCall;
import io.redmesh.autoconfigure.call.MeshHeaders;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.loadbalancer.Response;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.cloud.gateway.filter.ReactiveLoadBalancerClientFilter;
import org.springframework.cloud.gateway.support.ServerWebExchangeUtils;
import org.springframework.core.Ordered;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.server.ServerWebExchange;

/**
 * Does for Spring Cloud Gateway what its load balancing filter, after which it runs, does
 * not: names the service that is meant, and notices when whoever waits for the answer
 * goes away, of which nobody is told otherwise.
 */
final class MeshGatewayFilter implements GlobalFilter, Ordered {

	@Override
	public int getOrder() {
		return ReactiveLoadBalancerClientFilter.LOAD_BALANCER_CLIENT_FILTER_ORDER + 1;
	}

	@Override
	public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
		HttpCall call = call(exchange);
		if (call == null) {
			return chain.filter(exchange);
		}
		ServerHttpRequest request = exchange.getRequest()
			.mutate()
			.headers((headers) -> headers.set(MeshHeaders.DESTINATION, call.service()))
			.build();
		return chain.filter(exchange.mutate().request(request).build()).doOnCancel(() -> {
			call.abandon();
			call.release();
		});
	}

	private static @Nullable HttpCall call(ServerWebExchange exchange) {
		Response<ServiceInstance> response = exchange
			.getAttribute(ServerWebExchangeUtils.GATEWAY_LOADBALANCER_RESPONSE_ATTR);
		PickedInstance picked = PickedInstance.of(response);
		return (picked != null) ? picked.call() : null;
	}

}
