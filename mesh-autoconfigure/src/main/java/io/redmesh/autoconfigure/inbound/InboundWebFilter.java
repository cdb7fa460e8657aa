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

/** Receives the requests of a reactive app. */
final class InboundWebFilter implements WebFilter, Ordered {

	/** The attribute of an exchange under which it stands as {@link Admitted}. */
	static final String ADMITTED = InboundWebFilter.class.getName() + ".admitted";

	private final Admission admission;

	private final VitalPaths vital;

	private final ArrivedHeaders headers;

	private final ApplicationContext app;

	/**
	 * Creates it.
	 * @param admission decides
	 * @param vital where the app is asked how it is
	 * @param headers those that are for this app
	 * @param app the app, whose other ports are left alone
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
			// The management port, which finds the filters of its parent.
			return chain.filter(exchange);
		}
		return Mono.defer(() -> arrive(exchange, chain));
	}

	private Mono<Void> arrive(ServerWebExchange exchange, WebFilterChain chain) {
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
		if (refusal.passes()) {
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
			answer(response, admitted, this.admission.load(arrival), webSocket);
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

	private static void answer(ServerHttpResponse response, Admitted admitted, @Nullable String load,
			boolean webSocket) {
		admitted.answered();
		HttpHeaders headers = response.getHeaders();
		HttpStatusCode status = response.getStatusCode();
		if (isGood(response) && (webSocket || Streaming.isStream(headers.getFirst(HttpHeaders.CONTENT_TYPE)))) {
			admitted.goesOnElsewhere();
		}
		// What a gateway has copied from the answer of another is not its own.
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
