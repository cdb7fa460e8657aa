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
 * A decorator that writes every response on the event loop of its connection. The store
 * answers on its own threads, and Actuator's endpoints run on others again. When such a
 * thread completed an exchange while the event loop still read the request, Reactor Netty
 * 1.3.7 was seen to never read from that connection again.
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
	 * @param writing starts the writing
	 * @return the writing, which starts at once for a subscriber on that event loop
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

	/** A response that is written on the event loop. */
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
