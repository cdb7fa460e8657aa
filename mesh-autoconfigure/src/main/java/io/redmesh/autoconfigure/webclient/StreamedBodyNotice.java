package io.redmesh.autoconfigure.webclient;

import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.client.reactive.ClientHttpRequest;
import org.springframework.http.client.reactive.ClientHttpRequestDecorator;

/**
 * Notices when a stream begins to be sent as the body of a request. A value is encoded
 * anew for each attempt and written as a {@link Mono}; a stream may run only once, as the
 * body of a request that is being served does, and to send what is left of it would be
 * worse than to fail.
 */
final class StreamedBodyNotice extends ClientHttpRequestDecorator {

	private final Runnable streamed;

	/**
	 * Creates the notice.
	 * @param request the request
	 * @param streamed told when the first stream is subscribed to
	 */
	StreamedBodyNotice(ClientHttpRequest request, Runnable streamed) {
		super(request);
		this.streamed = streamed;
	}

	@Override
	public Mono<Void> writeWith(Publisher<? extends DataBuffer> body) {
		return super.writeWith((body instanceof Mono<?>) ? body : noticed(body));
	}

	@Override
	public Mono<Void> writeAndFlushWith(Publisher<? extends Publisher<? extends DataBuffer>> body) {
		return super.writeAndFlushWith(noticed(body));
	}

	private <T> Publisher<T> noticed(Publisher<T> body) {
		return Flux.from(body).doFirst(this.streamed);
	}

}
