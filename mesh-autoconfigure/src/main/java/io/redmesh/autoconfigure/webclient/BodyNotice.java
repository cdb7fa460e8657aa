package io.redmesh.autoconfigure.webclient;

import io.redmesh.autoconfigure.call.HttpCall;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.client.reactive.ClientHttpRequest;
import org.springframework.http.client.reactive.ClientHttpRequestDecorator;

/**
 * A request that observes its body. A value is encoded anew for each attempt and written
 * as a {@link Mono}. A stream may run only once, as the body of a served request does. To
 * send only what is left of it would be worse than to fail. A body that the app cannot
 * produce is no failure of the instance.
 */
final class BodyNotice extends ClientHttpRequestDecorator {

	private final HttpCall call;

	private final Runnable onStream;

	/**
	 * Creates a request that observes its body.
	 * @param request the request
	 * @param call the call; learns the size of a value, that a stream begins, and that
	 * the app cannot produce its body
	 * @param onStream runs when a stream begins
	 */
	BodyNotice(ClientHttpRequest request, HttpCall call, Runnable onStream) {
		super(request);
		this.call = call;
		this.onStream = onStream;
	}

	@Override
	public Mono<Void> writeWith(Publisher<? extends DataBuffer> body) {
		// Some connectors ask for the body only after they have sent the head, and
		// sending the head may fail.
		this.call.bodyHas(getHeaders().getContentLength());
		return super.writeWith((body instanceof Mono<? extends DataBuffer> value) ? observe(value) : observe(body));
	}

	@Override
	public Mono<Void> writeAndFlushWith(Publisher<? extends Publisher<? extends DataBuffer>> body) {
		return super.writeAndFlushWith(observe(body));
	}

	private <T extends DataBuffer> Mono<T> observe(Mono<T> value) {
		return value.doOnNext((buffer) -> this.call.bodyHas(buffer.readableByteCount()))
			.doOnError((failure) -> this.call.abandon());
	}

	private <T> Publisher<T> observe(Publisher<T> body) {
		return Flux.from(body).doFirst(this::beginStream).doOnError((failure) -> this.call.abandon());
	}

	private void beginStream() {
		this.onStream.run();
		this.call.cannotBeRepeated();
	}

}
