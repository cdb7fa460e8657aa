package io.redmesh.registry.rest;

import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

import io.netty.channel.EventLoop;
import org.reactivestreams.Publisher;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerResponse;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.http.server.reactive.HttpHandlerDecoratorFactory;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import org.springframework.stereotype.Component;

/**
 * Brings every answer back to the event loop of its connection. The store answers on
 * threads of its own, and Actuator's endpoints work on others again; when such a thread
 * finished an exchange while the event loop was still taking in the request, Reactor
 * Netty 1.3.7 was seen to never read from that connection again.
 */
@Component
final class OnEventLoop implements HttpHandlerDecoratorFactory {

	@Override
	public HttpHandler apply(HttpHandler handler) {
		return (request, response) -> handler.handle(request, new Response(response));
	}

	/**
	 * Defers writing to an event loop.
	 * @param loop the event loop
	 * @param writing begins it
	 * @return the writing, begun at once by whoever is on the event loop already
	 */
	static Mono<Void> of(EventLoop loop, Supplier<Mono<Void>> writing) {
		Mono<Void> begun = Mono.defer(writing);
		return new Mono<>() {

			@Override
			public void subscribe(CoreSubscriber<? super Void> subscriber) {
				if (loop.inEventLoop()) {
					begun.subscribe(subscriber);
				}
				else {
					loop.execute(() -> begun.subscribe(subscriber));
				}
			}

		};
	}

	private static EventLoop eventLoop(ServerHttpResponse response) {
		HttpServerResponse message = ServerHttpResponseDecorator.getNativeResponse(response);
		AtomicReference<EventLoop> loop = new AtomicReference<>();
		message.withConnection((connection) -> loop.set(connection.channel().eventLoop()));
		return loop.get();
	}

	/** Begins to write on the event loop. */
	private static final class Response extends ServerHttpResponseDecorator {

		private final EventLoop loop;

		Response(ServerHttpResponse delegate) {
			super(delegate);
			this.loop = eventLoop(delegate);
		}

		@Override
		public Mono<Void> writeWith(Publisher<? extends DataBuffer> body) {
			return onLoop(super.writeWith(body));
		}

		@Override
		public Mono<Void> writeAndFlushWith(Publisher<? extends Publisher<? extends DataBuffer>> body) {
			return onLoop(super.writeAndFlushWith(body));
		}

		@Override
		public Mono<Void> setComplete() {
			return onLoop(Mono.defer(super::setComplete));
		}

		private Mono<Void> onLoop(Mono<Void> writing) {
			return of(this.loop, () -> writing);
		}

	}

}
