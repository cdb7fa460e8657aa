package io.redmesh.registry.rest;

import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

import io.netty.channel.Channel;
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
 * Puts all {@link Endpoints} into the HTTP server, before WebFlux, which serves Actuator.
 * Instances and readers ask the same few things thousands of times a second; to find a
 * handler, to negotiate and to observe in WebFlux' way cost a third of all that an answer
 * takes.
 */
@Component
final class RestRoutes implements NettyRouteProvider {

	private static final Logger logger = LoggerFactory.getLogger(RestRoutes.class);

	// What fails after its caller has gone is told to nobody; Reactor would call it an
	// error.
	private static final Context NOBODY_WAITS = Context.of("reactor.onErrorDropped.local",
			(Consumer<Throwable>) (failure) -> logger.debug("Nobody waits for this any more", failure));

	private final List<Endpoints> tables;

	private final Set<String> roots = new HashSet<>();

	RestRoutes(List<Endpoints> tables) {
		this.tables = List.copyOf(tables);
		this.tables.forEach((table) -> this.roots.addAll(table.roots()));
	}

	@Override
	public HttpServerRoutes apply(HttpServerRoutes routes) {
		return routes.route(this::isOurs, this::answer);
	}

	private boolean isOurs(HttpServerRequest request) {
		String uri = request.uri();
		int end = 1;
		while (end < uri.length() && uri.charAt(end) != '/' && uri.charAt(end) != '?') {
			end++;
		}
		return uri.startsWith("/") && this.roots.contains(uri.substring(1, end));
	}

	private Publisher<Void> answer(HttpServerRequest request, HttpServerResponse response) {
		Channel channel = channel(response);
		return handle(request).onErrorResume((failure) -> failed(request, failure))
			.flatMap((reply) -> OnEventLoop.of(channel.eventLoop(), () -> reply.sendTo(channel, response)))
			.contextWrite(NOBODY_WAITS);
	}

	private Mono<Reply> handle(HttpServerRequest request) {
		try {
			List<String> segments = PathTemplate.split(request.uri());
			for (Endpoints table : this.tables) {
				Mono<Reply> reply = table.handle(request, segments);
				if (reply != null) {
					return reply;
				}
			}
			return Problem.notFound(request.fullPath()).toResponse();
		}
		catch (RuntimeException ex) {
			return Mono.error(ex);
		}
	}

	private static Mono<Reply> failed(HttpServerRequest request, Throwable failure) {
		Problem problem = Problem.of(failure);
		if (problem != null) {
			return problem.toResponse();
		}
		// The connection is gone, so nobody can be answered: who hangs up early is no
		// error
		// of this server.
		if (failure instanceof AbortedException || failure instanceof IOException) {
			return Mono.empty();
		}
		logger.error("{} {} failed: {}", request.method(), request.fullPath(), request.requestId(), failure);
		return Problem.internal(request.requestId()).toResponse();
	}

	private static Channel channel(HttpServerResponse response) {
		AtomicReference<Channel> channel = new AtomicReference<>();
		response.withConnection((connection) -> channel.set(connection.channel()));
		return channel.get();
	}

}
