package io.redmesh.registry.rest;

import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.propagation.Propagator;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/**
 * A server span for each request, if spans are exported
 * ({@code management.opentelemetry.tracing.export.otlp.endpoint}); else it costs nothing.
 * Names and attributes are those of the <a href=
 * "https://opentelemetry.io/docs/specs/semconv/http/http-spans/#http-server">semantic
 * conventions of OpenTelemetry</a>. A span ends when the response is ready to be sent;
 * that of a watch when it begins.
 * <p>
 * Safe for use by many threads.
 */
@Component
final class RequestTracing {

	private final @Nullable Tracer tracer;

	private final @Nullable Propagator propagator;

	RequestTracing(ObjectProvider<SpanExporter> exporters, ObjectProvider<Tracer> tracer,
			ObjectProvider<Propagator> propagator) {
		boolean exported = exporters.stream().findAny().isPresent();
		this.tracer = exported ? tracer.getIfAvailable() : null;
		this.propagator = exported ? propagator.getIfAvailable() : null;
	}

	/**
	 * Records a span from the subscription to the reply.
	 * @param request the request, which may carry its caller's span
	 * @param path the template of its path
	 * @param reply the response
	 * @return the same response
	 */
	Mono<Reply> trace(HttpServerRequest request, String path, Mono<Reply> reply) {
		if (this.tracer == null || this.propagator == null) {
			return reply;
		}
		Propagator propagator = this.propagator;
		return Mono.defer(() -> {
			Span span = propagator.extract(request, (message, name) -> message.requestHeaders().get(name))
				.kind(Span.Kind.SERVER)
				.name(request.method() + " " + path)
				.tag("http.request.method", request.method().name())
				.tag("http.route", path)
				.tag("url.path", RequestTarget.path(request.uri()))
				.start();
			return reply.doOnNext((answer) -> tag(span, answer)).doOnError(span::error).doFinally((end) -> span.end());
		});
	}

	private static void tag(Span span, Reply reply) {
		int status = reply.status().value();
		span.tag("http.response.status_code", status);
		if (status >= 500) {
			span.tag("error.type", Integer.toString(status));
		}
	}

}
