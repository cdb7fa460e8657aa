package io.redmesh.registry.store.redis;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

import io.redmesh.registry.store.StoreUnavailableException;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/**
 * Questions of one kind on their way to Redis. One call is under way at a time; what
 * comes meanwhile goes out together in the next one. So a lone question does not wait,
 * and many cost little more than one.
 *
 * @param <Q> a question
 * @param <A> its answer
 */
final class Gathering<Q, A> {

	private static final int MAX_WAITING = 20_000;

	private final int maxCall;

	private final Function<List<Q>, Mono<List<A>>> call;

	private final Queue<Waiting<Q, A>> waiting = new LinkedBlockingQueue<>(MAX_WAITING);

	private final AtomicInteger wakeUps = new AtomicInteger();

	private volatile boolean underWay;

	/**
	 * Creates an empty gathering.
	 * @param maxCall how many questions one call may carry
	 * @param call asks them, and answers in their order
	 */
	Gathering(int maxCall, Function<List<Q>, Mono<List<A>>> call) {
		this.maxCall = maxCall;
		this.call = call;
	}

	Mono<A> ask(Q question) {
		return Mono.create((sink) -> add(new Waiting<>(question, sink)));
	}

	private record Waiting<Q, A>(Q question, MonoSink<A> sink) {

	}

	private void add(Waiting<Q, A> one) {
		if (this.waiting.offer(one)) {
			drain();
		}
		else {
			one.sink.error(new StoreUnavailableException("Redis is too slow: %d are waiting".formatted(MAX_WAITING)));
		}
	}

	/** Whoever comes while another thread is at it leaves the work to that thread. */
	private void drain() {
		if (this.wakeUps.getAndIncrement() != 0) {
			return;
		}
		do {
			if (!this.underWay && !this.waiting.isEmpty()) {
				this.underWay = true;
				send();
			}
		}
		while (this.wakeUps.decrementAndGet() != 0);
	}

	private void send() {
		List<Waiting<Q, A>> together = new ArrayList<>();
		for (Waiting<Q, A> next; together.size() < this.maxCall && (next = this.waiting.poll()) != null;) {
			together.add(next);
		}
		Mono.defer(() -> this.call.apply(together.stream().map(Waiting::question).toList())).doFinally((signal) -> {
			this.underWay = false;
			drain();
		})
			.subscribe((answers) -> answer(together, answers),
					(failure) -> together.forEach((one) -> one.sink.error(failure)));
	}

	private static <Q, A> void answer(List<Waiting<Q, A>> together, List<A> answers) {
		for (int i = 0; i < together.size(); i++) {
			together.get(i).sink.success(answers.get(i));
		}
	}

}
