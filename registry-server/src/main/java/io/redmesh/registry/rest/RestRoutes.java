package io.redmesh.registry.rest;

import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.Channel;
import io.redmesh.core.time.Time;
import io.redmesh.registry.rest.Operations.Match;
import org.reactivestreams.Publisher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.netty.channel.AbortedException;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.http.server.HttpServerRoutes;
import reactor.util.context.Context;

import org.springframework.boot.reactor.netty.NettyRouteProvider;
import org.springframework.stereotype.Component;

/**
 * The routes of all {@link Operations} in the HTTP server. They precede WebFlux, which
 * serves Actuator. Instances and readers send the same few requests thousands of times a
 * second. To find a handler, to negotiate and to observe in WebFlux' way took a third of
 * the time of a response.
 */
@Component
final class RestRoutes implements NettyRouteProvider {

	private static final Logger logger = LoggerFactory.getLogger(RestRoutes.class);

	// A failure after the caller has disconnected. Reactor would log it as an error.
	private static final Context CALLER_GONE = Context.of("reactor.onErrorDropped.local",
			(Consumer<Throwable>) (failure) -> logger.debug("Failed after the caller had disconnected", failure));

	private static final String NOT_FOUND = "NOT_FOUND";

	private final List<Operations> tables;

	private final Time time;

	private final RequestMetrics metrics;

	private final RequestTracing tracing;

	private final Set<String> roots = new HashSet<>();

	RestRoutes(List<Operations> tables, Time time, MeterRegistry meters, RequestTracing tracing) {
		this.tables = List.copyOf(tables);
		this.time = time;
		this.metrics = new RequestMetrics(meters);
		this.tracing = tracing;
		this.tables.forEach((table) -> this.roots.addAll(table.roots()));
	}

	@Override
	public HttpServerRoutes apply(HttpServerRoutes routes) {
		return routes.route(this::isOurs, this::respond);
	}

	private boolean isOurs(HttpServerRequest request) {
		String target = RequestTarget.of(request.uri());
		int end = 1;
		while (end < target.length() && target.charAt(end) != '/' && target.charAt(end) != '?') {
			end++;
		}
		// WebFlux fails on a target that is no URI.
		return !target.startsWith("/") || this.roots.contains(target.substring(1, end))
				|| !RequestTarget.isUri(request.uri());
	}

	private Publisher<Void> respond(HttpServerRequest request, HttpServerResponse response) {
		long begun = this.time.nanos();
		Channel channel = channel(response);
		Match match = match(request);
		Mono<Reply> replies = match.reply().onErrorResume((failure) -> failed(request, failure));
		return this.tracing.trace(request, match.path(), replies).flatMap((reply) -> {
			this.metrics.answered(request.method().name(), match.path(), reply.status(), this.time.nanos() - begun);
			return reply.sendTo(channel, response);
		}).contextWrite(CALLER_GONE);
	}

	private Match match(HttpServerRequest request) {
		try {
			String target = RequestTarget.of(request.uri());
			List<String> segments = target.startsWith("/") ? PathTemplate.split(target) : List.of();
			for (Operations table : this.tables) {
				Match match = table.handle(request, segments);
				if (match != null) {
					return match;
				}
			}
			return new Match(NOT_FOUND, Problem.notFound(RequestTarget.path(target)).toResponse());
		}
		catch (RuntimeException ex) {
			return new Match(NOT_FOUND, Mono.error(ex));
		}
	}

	private static Mono<Reply> failed(HttpServerRequest request, Throwable failure) {
		Problem problem = Problem.of(failure);
		if (problem != null) {
			return problem.toResponse();
		}
		// The connection is gone, so no response can be sent. A caller that disconnects
		// early is no error of this server.
		if (failure instanceof AbortedException || failure instanceof IOException) {
			return Mono.empty();
		}
		logger.error("{} {} failed: {}", request.method(), RequestTarget.path(request.uri()), request.requestId(),
				failure);
		return Problem.internal(request.requestId()).toResponse();
	}

	private static Channel channel(HttpServerResponse response) {
		AtomicReference<Channel> channel = new AtomicReference<>();
		response.withConnection((connection) -> channel.set(connection.channel()));
		return channel.get();
	}

}
