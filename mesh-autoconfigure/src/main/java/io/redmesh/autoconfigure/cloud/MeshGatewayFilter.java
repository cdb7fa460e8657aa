package io.redmesh.autoconfigure.cloud;

import java.io.IOException;
import java.net.URI;
import java.util.concurrent.TimeoutException;

import io.redmesh.autoconfigure.call.HttpCall;
import io.redmesh.autoconfigure.call.MeshHeaders;
import io.redmesh.autoconfigure.call.ServedRequest;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.loadbalancer.Response;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.cloud.gateway.filter.ReactiveLoadBalancerClientFilter;
import org.springframework.cloud.gateway.support.ServerWebExchangeUtils;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.core.Ordered;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.ServerWebExchange;

/**
 * The mesh's filter for Spring Cloud Gateway, which runs after Gateway's load balancing
 * filter and adds what that lacks. It names the service that a request is meant for, and
 * names in a response the service whose failure it passes on. It changes path and headers
 * as the route of a traffic rule says. It also notices when the client that waits for the
 * response disconnects, which Gateway does not report in another way.
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
		ServerHttpRequest request = exchange.getRequest().mutate().headers((headers) -> {
			call.changeRequest(headers);
			headers.set(MeshHeaders.DESTINATION, call.service());
		}).build();
		if (call.isRouted()) {
			// The load balancing filter has put the instance there, and left the path.
			URI url = exchange.getRequiredAttribute(ServerWebExchangeUtils.GATEWAY_REQUEST_URL_ATTR);
			exchange.getAttributes().put(ServerWebExchangeUtils.GATEWAY_REQUEST_URL_ATTR, call.address(url));
		}
		exchange.getResponse().beforeCommit(() -> Mono.fromRunnable(() -> describe(exchange, call)));
		return route(exchange.mutate().request(request).build(), chain, call).doOnCancel(() -> {
			call.abandon();
			call.release();
		});
	}

	private static Mono<Void> route(ServerWebExchange exchange, GatewayFilterChain chain, HttpCall call) {
		return Mono.deferContextual((context) -> {
			ServedRequest served = context.getOrDefault(ServedRequest.KEY, null);
			Mono<Void> routed = chain.filter(exchange);
			return (served != null) ? routed.doOnError(MeshGatewayFilter::isOfTheCall,
					(failure) -> served.callFailed(call.service(), failure)) : routed;
		});
	}

	// The app's own filters may fail here, too.
	private static boolean isOfTheCall(Throwable failure) {
		Throwable cause = NestedExceptionUtils.getMostSpecificCause(failure);
		return cause instanceof IOException || cause instanceof TimeoutException;
	}

	// The response passes on the failure of the service, which is not the gateway's own.
	private static void describe(ServerWebExchange exchange, HttpCall call) {
		ServerHttpResponse response = exchange.getResponse();
		HttpStatusCode status = response.getStatusCode();
		if (status != null && exchange.getAttribute(ServerWebExchangeUtils.CLIENT_RESPONSE_ATTR) != null) {
			// Gateway's own retries are calls of their own.
			if (call == call(exchange)) {
				call.changeResponse(response.getHeaders());
			}
			String failedAt = call.failedAt(status, response.getHeaders());
			if (failedAt != null) {
				response.getHeaders().set(MeshHeaders.FAILED_AT, failedAt);
			}
		}
	}

	private static @Nullable HttpCall call(ServerWebExchange exchange) {
		Response<ServiceInstance> response = exchange
			.getAttribute(ServerWebExchangeUtils.GATEWAY_LOADBALANCER_RESPONSE_ATTR);
		PickedInstance picked = PickedInstance.of(response);
		return (picked != null) ? picked.call() : null;
	}

}
