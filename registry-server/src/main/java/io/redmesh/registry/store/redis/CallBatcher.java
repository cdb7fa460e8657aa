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
 * Questions of one kind on their way to Redis. One call is under way at a time; what
 * comes meanwhile goes out together in the next one. So a lone question does not wait,
 * and many cost little more than one. Who goes away before that is not asked for any
 * more.
 *
 * @param <Q> a question
 * @param <A> its answer
 */
final class CallBatcher<Q, A> {

	private static final int MAX_WAITING = 20_000;

	private final int maxCall;

	private final Function<List<Q>, Mono<List<A>>> call;

	private final Queue<Waiting<Q, A>> waiting = new LinkedBlockingQueue<>(MAX_WAITING);

	private final Executor loop;

	/** Whether a call is under way, or will be at the end of this pass of the loop. */
	private final AtomicBoolean busy = new AtomicBoolean();

	/**
	 * Creates an empty gathering.
	 * @param maxCall how many questions one call may carry
	 * @param loop runs what is given to it once it has seen to all connections that wait
	 * @param call asks them, and answers in their order
	 */
	CallBatcher(int maxCall, Executor loop, Function<List<Q>, Mono<List<A>>> call) {
		this.maxCall = maxCall;
		this.loop = loop;
		this.call = call;
	}

	Mono<A> ask(Q question) {
		return Mono.create((sink) -> {
			Waiting<Q, A> one = new Waiting<>(question, sink, new AtomicBoolean());
			sink.onCancel(() -> one.cancelled.set(true));
			add(one);
		});
	}

	private record Waiting<Q, A>(Q question, MonoSink<A> sink, AtomicBoolean cancelled) {

	}

	private void add(Waiting<Q, A> one) {
		if (this.waiting.offer(one)) {
			sendSoon();
		}
		else {
			one.sink.error(new StoreUnavailableException("Redis is too slow: %d are waiting".formatted(MAX_WAITING)));
		}
	}

	/** Whoever else is heard in the same pass of the event loop comes along. */
	private void sendSoon() {
		if (this.busy.compareAndSet(false, true)) {
			this.loop.execute(this::send);
		}
	}

	private void send() {
		List<Waiting<Q, A>> together = new ArrayList<>();
		for (Waiting<Q, A> next; together.size() < this.maxCall && (next = this.waiting.poll()) != null;) {
			if (!next.cancelled.get()) {
				together.add(next);
			}
		}
		if (together.isEmpty()) {
			sent();
			return;
		}
		Mono.defer(() -> this.call.apply(together.stream().map(Waiting::question).toList()))
			.doFinally((signal) -> sent())
			.subscribe((answers) -> answer(together, answers),
					(failure) -> together.forEach((one) -> one.sink.error(failure)));
	}

	private void sent() {
		this.busy.set(false);
		if (!this.waiting.isEmpty()) {
			sendSoon();
		}
	}

	private static <Q, A> void answer(List<Waiting<Q, A>> together, List<A> answers) {
		for (int i = 0; i < together.size(); i++) {
			together.get(i).sink.success(answers.get(i));
		}
	}

}
