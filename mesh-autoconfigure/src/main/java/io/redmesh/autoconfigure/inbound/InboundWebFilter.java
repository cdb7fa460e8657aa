package io.redmesh.autoconfigure.inbound;

import java.net.InetSocketAddress;

import io.redmesh.autoconfigure.call.MeshHeaders;
import io.redmesh.autoconfigure.call.ServedRequest;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.SignalType;

import org.springframework.context.ApplicationContext;
import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;

/** The WebFlux filter that admits or refuses requests. */
final class InboundWebFilter implements WebFilter, Ordered {

	/** The attribute of the exchange that holds the {@link Admitted} request. */
	static final String ADMITTED = InboundWebFilter.class.getName() + ".admitted";

	private final Admission admission;

	private final VitalPaths vital;

	private final ArrivedHeaders headers;

	private final ApplicationContext app;

	/**
	 * Creates the filter.
	 * @param admission the admission control
	 * @param vital the paths of Actuator
	 * @param headers the headers that the app must not see
	 * @param app the context of the app; requests on its other ports are not filtered
	 */
	InboundWebFilter(Admission admission, VitalPaths vital, ArrivedHeaders headers, ApplicationContext app) {
		this.admission = admission;
		this.vital = vital;
		this.headers = headers;
		this.app = app;
	}

	@Override
	public int getOrder() {
		return InboundAutoConfiguration.ORDER;
	}

	@Override
	public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
		ApplicationContext served = exchange.getApplicationContext();
		if (served != null && served != this.app) {
			// A request on the management port, which inherits the filters of its parent.
			return chain.filter(exchange);
		}
		return Mono.defer(() -> admit(exchange, chain));
	}

	private Mono<Void> admit(ServerWebExchange exchange, WebFilterChain chain) {
		MeshRequestHeaders arrival = this.headers.read(exchange.getRequest().getHeaders()::getFirst);
		RequestPriority priority = this.vital.of(exchange.getRequest().getPath().pathWithinApplication().value());
		Decision decision = this.admission.decide(arrival, priority, true);
		if (decision instanceof Admitted admitted) {
			try {
				return serve(exchange, chain, admitted, arrival);
			}
			catch (Throwable ex) {
				admitted.end(false);
				throw ex;
			}
		}
		return refuse(exchange.getResponse(), (Refusal) decision, arrival.destination(), this.admission.load(arrival));
	}

	private static Mono<Void> refuse(ServerHttpResponse response, Refusal refusal, @Nullable String destination,
			@Nullable String load) {
		response.setStatusCode(refusal.status());
		if (refusal.isTransient()) {
			response.getHeaders().set(HttpHeaders.RETRY_AFTER, "1");
		}
		if (destination != null) {
			response.getHeaders().set(MeshHeaders.REFUSED, destination);
		}
		if (load != null) {
			response.getHeaders().set(MeshHeaders.LOAD, load);
		}
		return response.setComplete();
	}

	private Mono<Void> serve(ServerWebExchange exchange, WebFilterChain chain, Admitted admitted,
			MeshRequestHeaders arrival) {
		InetSocketAddress source = exchange.getRequest().getRemoteAddress();
		admitted.served().cameFrom((source != null) ? source.getHostString() : null);
		ServerHttpResponse response = exchange.getResponse();
		boolean webSocket = Streaming.isWebSocket(exchange.getRequest().getHeaders().getUpgrade());
		response.beforeCommit(() -> {
			setHeaders(response, admitted, this.admission.load(arrival), webSocket);
			return Mono.empty();
		});
		exchange.getAttributes().put(ADMITTED, admitted);
		ServerWebExchange arrived = exchange.mutate()
			.request((request) -> request.headers((headers) -> this.headers.names().forEach(headers::remove)))
			.build();
		return Mono.defer(() -> chain.filter(arrived))
			.onErrorResume((failure) -> failed(failure, response, admitted))
			.contextWrite((context) -> context.put(ServedRequest.KEY, admitted.served()))
			.doFinally((signal) -> end(signal, response, admitted));
	}

	private static void end(SignalType signal, ServerHttpResponse response, Admitted admitted) {
		boolean good = false;
		try {
			good = signal == SignalType.ON_COMPLETE && isGood(response);
		}
		finally {
			admitted.end(good);
		}
	}

	private Mono<Void> failed(Throwable failure, ServerHttpResponse response, Admitted admitted) {
		admitted.served().failedWith(failure);
		if (response.isCommitted() || !this.admission.isTooLate(failure)) {
			return Mono.error(failure);
		}
		response.setStatusCode(Refusal.DEADLINE.status());
		return response.setComplete();
	}

	private static boolean isGood(ServerHttpResponse response) {
		HttpStatusCode status = response.getStatusCode();
		return status == null || !status.isError();
	}

	private static void setHeaders(ServerHttpResponse response, Admitted admitted, @Nullable String load,
			boolean webSocket) {
		admitted.responseBegan();
		HttpHeaders headers = response.getHeaders();
		HttpStatusCode status = response.getStatusCode();
		if (isGood(response) && (webSocket || Streaming.isStream(headers.getFirst(HttpHeaders.CONTENT_TYPE)))) {
			admitted.releaseSlot();
		}
		// A gateway may have copied these from the response of another service.
		headers.remove(MeshHeaders.REFUSED);
		headers.remove(MeshHeaders.LOAD);
		if (load != null) {
			headers.set(MeshHeaders.LOAD, load);
		}
		String service = admitted.failedAt((status != null) ? status.value() : 200);
		if (service != null) {
			headers.set(MeshHeaders.FAILED_AT, service);
		}
		else if (status == null || !status.is5xxServerError()) {
			headers.remove(MeshHeaders.FAILED_AT);
		}
	}

}
