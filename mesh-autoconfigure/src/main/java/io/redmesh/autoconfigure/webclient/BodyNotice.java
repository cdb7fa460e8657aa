package io.redmesh.autoconfigure.webclient;

import io.redmesh.autoconfigure.call.HttpCall;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.client.reactive.ClientHttpRequest;
import org.springframework.http.client.reactive.ClientHttpRequestDecorator;

/**
 * A request that notices what is sent as its body. A value is encoded anew for each
 * attempt and written as a {@link Mono}. A stream may run only once, as the body of a
 * request that is being served does, and to send what is left of it would be worse than
 * to fail. A body that the app cannot produce is no failure of the instance.
 */
final class BodyNotice extends ClientHttpRequestDecorator {

	private final HttpCall call;

	private final Runnable streams;

	/**
	 * Creates it.
	 * @param request the request
	 * @param call told how large a value is, when a stream begins, and when either fails
	 * @param streams runs when a stream begins
	 */
	BodyNotice(ClientHttpRequest request, HttpCall call, Runnable streams) {
		super(request);
		this.call = call;
		this.streams = streams;
	}

	@Override
	public Mono<Void> writeWith(Publisher<? extends DataBuffer> body) {
		// Some connectors ask for the body when they have sent the head, which may break
		// before.
		this.call.bodyHas(getHeaders().getContentLength());
		return super.writeWith((body instanceof Mono<? extends DataBuffer> value) ? noticed(value) : noticed(body));
	}

	@Override
	public Mono<Void> writeAndFlushWith(Publisher<? extends Publisher<? extends DataBuffer>> body) {
		return super.writeAndFlushWith(noticed(body));
	}

	private <T extends DataBuffer> Mono<T> noticed(Mono<T> value) {
		return value.doOnNext((buffer) -> this.call.bodyHas(buffer.readableByteCount()))
			.doOnError((failure) -> this.call.abandon());
	}

	private <T> Publisher<T> noticed(Publisher<T> body) {
		return Flux.from(body).doFirst(this::begin).doOnError((failure) -> this.call.abandon());
	}

	private void begin() {
		this.streams.run();
		this.call.cannotBeRepeated();
	}

}
