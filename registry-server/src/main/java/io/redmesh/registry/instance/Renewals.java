package io.redmesh.registry.instance;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;

import io.redmesh.registry.rest.Problem;
import io.redmesh.registry.store.LeaseKey;
import io.redmesh.registry.store.RegistryStore;
import io.redmesh.registry.store.RenewResult;
import io.redmesh.registry.store.WriteResult;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/**
 * Renewals on their way to the store. One call a namespace is under way at a time; what
 * comes meanwhile goes out together in the next one. So a lone renewal does not wait, and
 * many cost little more than one.
 */
final class Renewals {

	private static final int MAX_CALL = 500;

	private static final int MAX_WAITING = 20_000;

	private final RegistryStore store;

	private final Map<String, Line> lines = new ConcurrentHashMap<>();

	Renewals(RegistryStore store) {
		this.store = store;
	}

	Mono<WriteResult> renew(String namespace, LeaseKey lease) {
		Line line = this.lines.computeIfAbsent(namespace, Line::new);
		return Mono.create((sink) -> line.add(new Waiting(lease, sink)));
	}

	private record Waiting(LeaseKey lease, MonoSink<WriteResult> sink) {

	}

	/** The renewals of one namespace. */
	private final class Line {

		private final String namespace;

		private final Queue<Waiting> waiting = new LinkedBlockingQueue<>(MAX_WAITING);

		private final AtomicInteger wakeUps = new AtomicInteger();

		private volatile boolean underWay;

		Line(String namespace) {
			this.namespace = namespace;
		}

		void add(Waiting renewal) {
			if (this.waiting.offer(renewal)) {
				drain();
			}
			else {
				renewal.sink.error(Problem
					.storeUnavailable("The store is too slow: %d renewals are waiting".formatted(MAX_WAITING))
					.asException());
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
			List<Waiting> call = new ArrayList<>();
			for (Waiting next; call.size() < MAX_CALL && (next = this.waiting.poll()) != null;) {
				call.add(next);
			}
			Renewals.this.store.renew(this.namespace, call.stream().map(Waiting::lease).toList())
				.doFinally((signal) -> {
					this.underWay = false;
					drain();
				})
				.subscribe((result) -> answer(call, result),
						(failure) -> call.forEach((renewal) -> renewal.sink.error(failure)));
		}

		private static void answer(List<Waiting> call, RenewResult result) {
			for (int i = 0; i < call.size(); i++) {
				call.get(i).sink.success(new WriteResult(result.states().get(i), result.cursor()));
			}
		}

	}

}
