package io.redmesh.autoconfigure.webclient;

import java.time.Duration;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;

/**
 * The body of a response that is not handed out. Its connection is kept if the rest of
 * the body is short and comes soon, and closed otherwise.
 */
final class DiscardedBody {

	/** The largest rest that is read, in bytes: more costs more than a new connection. */
	private static final long MAX_SIZE = 64 * 1024;

	/** The longest wait for its end: a longer one costs more than a new connection. */
	private static final Duration WITHIN = Duration.ofMillis(50);

	private DiscardedBody() {
	}

	/**
	 * Reads the rest of a body, and cancels it if that is too much.
	 * @param body the body of the response
	 * @return completes at its end, never with an error
	 */
	static Mono<Void> of(Flux<DataBuffer> body) {
		return body.map(DiscardedBody::release)
			.scan(0L, Long::sum)
			.takeUntil((size) -> size > MAX_SIZE)
			.then()
			.timeout(WITHIN, Mono.empty())
			.onErrorComplete();
	}

	private static long release(DataBuffer buffer) {
		long size = buffer.readableByteCount();
		DataBufferUtils.release(buffer);
		return size;
	}

}
