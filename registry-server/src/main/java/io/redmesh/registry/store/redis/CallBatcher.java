package io.redmesh.registry.store.redis;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

import io.redmesh.registry.store.StoreUnavailableException;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/**
 * A batcher of requests of one kind to Redis. One call is in flight at a time; requests
 * that arrive meanwhile share the next one. So a lone request does not wait, and many
 * cost little more than one. A request that is cancelled before is not sent.
 *
 * @param <Q> a request
 * @param <A> its response
 */
final class CallBatcher<Q, A> {

	private static final int MAX_WAITING = 20_000;

	private final int maxCall;

	private final Function<List<Q>, Mono<List<A>>> call;

	private final Queue<Waiting<Q, A>> waiting = new LinkedBlockingQueue<>(MAX_WAITING);

	private final Executor loop;

	/** True while a call is in flight, or will be at the end of this pass of the loop. */
	private final AtomicBoolean busy = new AtomicBoolean();

	/**
	 * Creates an empty batcher.
	 * @param maxCall the maximum number of requests in one call
	 * @param loop runs a task once it has served all connections that are ready
	 * @param call sends the requests, and returns the responses in their order
	 */
	CallBatcher(int maxCall, Executor loop, Function<List<Q>, Mono<List<A>>> call) {
		this.maxCall = maxCall;
		this.loop = loop;
		this.call = call;
	}

	Mono<A> ask(Q request) {
		return Mono.create((sink) -> {
			Waiting<Q, A> one = new Waiting<>(request, sink, new AtomicBoolean());
			sink.onCancel(() -> one.cancelled.set(true));
			add(one);
		});
	}

	private record Waiting<Q, A>(Q request, MonoSink<A> sink, AtomicBoolean cancelled) {

	}

	private void add(Waiting<Q, A> one) {
		if (this.waiting.offer(one)) {
			sendSoon();
		}
		else {
			one.sink.error(new StoreUnavailableException("Redis is too slow: %d requests wait".formatted(MAX_WAITING)));
		}
	}

	/**
	 * Sends at the end of this pass of the event loop, so that the requests of one pass
	 * share a call.
	 */
	private void sendSoon() {
		if (this.busy.compareAndSet(false, true)) {
			this.loop.execute(this::send);
		}
	}

	private void send() {
		List<Waiting<Q, A>> batch = new ArrayList<>();
		for (Waiting<Q, A> next; batch.size() < this.maxCall && (next = this.waiting.poll()) != null;) {
			if (!next.cancelled.get()) {
				batch.add(next);
			}
		}
		if (batch.isEmpty()) {
			sent();
			return;
		}
		Mono.defer(() -> this.call.apply(batch.stream().map(Waiting::request).toList()))
			.doFinally((signal) -> sent())
			.subscribe((answers) -> answer(batch, answers),
					(failure) -> batch.forEach((one) -> one.sink.error(failure)));
	}

	private void sent() {
		this.busy.set(false);
		if (!this.waiting.isEmpty()) {
			sendSoon();
		}
	}

	private static <Q, A> void answer(List<Waiting<Q, A>> batch, List<A> answers) {
		for (int i = 0; i < batch.size(); i++) {
			batch.get(i).sink.success(answers.get(i));
		}
	}

}
