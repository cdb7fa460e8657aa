package io.redmesh.autoconfigure.webclient;

import java.time.Duration;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;

/**
 * The end of an answer that is not handed out: its connection is kept if little is left
 * of it that comes soon, and closed otherwise.
 */
final class DiscardedBody {

	/** A larger answer costs more to read than a connection. */
	private static final long MAX_SIZE = 64 * 1024;

	/** An answer that takes longer to end costs more to wait for than a connection. */
	private static final Duration WITHIN = Duration.ofMillis(50);

	private DiscardedBody() {
	}

	/**
	 * Reads what is left of an answer, and cancels it if that is too much.
	 * @param body the body of the answer
	 * @return completes when it is over, never with an error
	 */
	static Mono<Void> of(Flux<DataBuffer> body) {
		return body.map(DiscardedBody::released)
			.scan(0L, Long::sum)
			.takeUntil((size) -> size > MAX_SIZE)
			.then()
			.timeout(WITHIN, Mono.empty())
			.onErrorComplete();
	}

	private static long released(DataBuffer buffer) {
		long size = buffer.readableByteCount();
		DataBufferUtils.release(buffer);
		return size;
	}

}
