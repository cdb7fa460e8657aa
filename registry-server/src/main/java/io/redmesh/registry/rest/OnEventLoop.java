package io.redmesh.registry.rest;

import io.netty.channel.EventLoop;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.netty.http.server.HttpServerRequest;

import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.web.reactive.function.server.HandlerFunction;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;

/**
 * Brings answers back to the event loop of their connection. The store answers on threads
 * of its own; when such a thread finished an exchange while the event loop was still
 * taking in the request, Reactor Netty 1.3.7 was seen to never read from that connection
 * again.
 */
final class OnEventLoop {

	private OnEventLoop() {
	}

	static HandlerFunction<ServerResponse> answer(HandlerFunction<ServerResponse> handler) {
		return (request) -> Mono.create((sink) -> subscribe(handler, request, eventLoop(request), sink));
	}

	private static void subscribe(HandlerFunction<ServerResponse> handler, ServerRequest request, EventLoop loop,
			MonoSink<ServerResponse> sink) {
		Disposable subscription = handler.handle(request)
			.subscribe((response) -> run(loop, () -> sink.success(response)),
					(failure) -> run(loop, () -> sink.error(failure)));
		sink.onDispose(subscription);
	}

	private static void run(EventLoop loop, Runnable task) {
		if (loop.inEventLoop()) {
			task.run();
		}
		else {
			loop.execute(task);
		}
	}

	private static EventLoop eventLoop(ServerRequest request) {
		HttpServerRequest message = ServerHttpRequestDecorator.getNativeRequest(request.exchange().getRequest());
		Loop loop = new Loop();
		message.withConnection((connection) -> loop.value = connection.channel().eventLoop());
		if (loop.value == null) {
			throw new IllegalStateException("A connection has an event loop");
		}
		return loop.value;
	}

	private static final class Loop {

		private @Nullable EventLoop value;

	}

}
