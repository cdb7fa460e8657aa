package io.redmesh.registry.store.redis;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

import io.redmesh.registry.store.StoreUnavailableException;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.scheduler.Schedulers;

import static org.assertj.core.api.Assertions.assertThat;

class CallBatcherTests {

	private final List<List<String>> calls = new ArrayList<>();

	private final List<MonoSink<List<String>>> pending = new ArrayList<>();

	private final CallBatcher<String, String> batcher = new CallBatcher<>(500, Runnable::run, (questions) -> {
		this.calls.add(questions);
		return Mono.create(this.pending::add);
	});

	private final List<Object> answers = new ArrayList<>();

	@Test
	void whatComesWhileACallIsInFlightGoesOutTogether() {
		ask("a");
		ask("b");
		ask("c");
		assertThat(this.calls).containsExactly(List.of("a"));
		this.pending.get(0).success(List.of("A"));
		assertThat(this.calls).containsExactly(List.of("a"), List.of("b", "c"));
		this.pending.get(1).success(List.of("B", "C"));
		assertThat(this.answers).containsExactly("a A", "b B", "c C");
		ask("d");
		assertThat(this.calls).hasSize(3);
	}

	@Test
	void oneCallHasAtMostAsManyAsItMay() {
		for (int i = 0; i < 1201; i++) {
			ask("i" + i);
		}
		for (int call = 0; call < 3; call++) {
			this.pending.get(call).success(Collections.nCopies(this.calls.get(call).size(), "yes"));
		}
		assertThat(this.calls).extracting(List::size).containsExactly(1, 500, 500, 200);
	}

	@Test
	void aFailureIsToldToAllOfItsCallAndTheNextGoesOn() {
		ask("a");
		ask("b");
		this.pending.get(0).error(new StoreUnavailableException("away"));
		this.pending.get(1).success(List.of("B"));
		assertThat(this.answers).containsExactly("a away", "b B");
	}

	@Test
	void aCallThatCannotBeMadeIsToldAndTheNextGoesOn() {
		List<String> outcomes = new ArrayList<>();
		CallBatcher<String, String> broken = new CallBatcher<>(1, Runnable::run, (questions) -> {
			throw new IllegalStateException("broken");
		});
		for (String question : List.of("a", "b")) {
			broken.ask(question).subscribe(outcomes::add, (failure) -> outcomes.add(question + failure.getMessage()));
		}
		assertThat(outcomes).containsExactly("abroken", "bbroken");
	}

	@Test
	void manyThreadsAtOnceAreAllAnsweredWithTheirOwn() throws Exception {
		int threads = 16;
		int each = 2000;
		CallBatcher<Integer, Integer> doubling = new CallBatcher<>(50, Runnable::run,
				(questions) -> Mono.fromSupplier(() -> questions.stream().map((number) -> 2 * number).toList())
					.subscribeOn(Schedulers.parallel()));
		ConcurrentLinkedQueue<Integer> wrong = new ConcurrentLinkedQueue<>();
		ExecutorService callers = Executors.newFixedThreadPool(threads);
		try {
			List<CompletableFuture<Void>> all = new ArrayList<>();
			for (int i = 0; i < threads; i++) {
				int first = i * each;
				all.add(CompletableFuture.runAsync(() -> {
					for (int number = first; number < first + each; number++) {
						if (doubling.ask(number).block() != 2 * number) {
							wrong.add(number);
						}
					}
				}, callers));
			}
			CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).get(30, TimeUnit.SECONDS);
		}
		finally {
			callers.shutdownNow();
		}
		assertThat(wrong).isEmpty();
	}

	private void ask(String question) {
		this.batcher.ask(question)
			.subscribe((answer) -> this.answers.add(question + " " + answer),
					(failure) -> this.answers.add(question + " " + failure.getMessage()));
	}

	@Test
	void asksTogetherWhatComesInOnePassWithoutCancelledQuestions() {
		List<Runnable> afterPass = new ArrayList<>();
		List<List<String>> calls = new ArrayList<>();
		CallBatcher<String, String> batcher = new CallBatcher<>(500, afterPass::add, (questions) -> {
			calls.add(questions);
			return Mono.just(questions);
		});
		List<String> answers = new ArrayList<>();
		batcher.ask("a").subscribe(answers::add);
		Disposable gone = batcher.ask("b").subscribe(answers::add);
		batcher.ask("c").subscribe(answers::add);
		gone.dispose();
		assertThat(calls).isEmpty();
		afterPass.forEach(Runnable::run);
		assertThat(calls).containsExactly(List.of("a", "c"));
		assertThat(answers).containsExactly("a", "c");
	}

	@Test
	void requestIsRefusedAtOnceWhenTwentyThousandWait() {
		ask("first");
		for (int i = 0; i < 20_000; i++) {
			ask("i" + i);
		}
		ask("more");
		assertThat(this.answers).containsExactly("more Redis is too slow: 20000 requests wait");
		this.pending.get(0).success(List.of("yes"));
		ask("again");
		for (int call = 1; call < this.pending.size(); call++) {
			this.pending.get(call).success(Collections.nCopies(this.calls.get(call).size(), "yes"));
		}
		assertThat(this.answers).hasSize(20_003).endsWith("i19999 yes", "again yes");
	}

	@Test
	void requestsThatAreAllCancelledMakeNoCallAndHoldUpNone() {
		ask("a");
		Disposable b = this.batcher.ask("b").subscribe(this.answers::add);
		Disposable c = this.batcher.ask("c").subscribe(this.answers::add);
		b.dispose();
		c.dispose();
		this.pending.get(0).success(List.of("A"));
		assertThat(this.calls).hasSize(1);
		ask("d");
		assertThat(this.calls).containsExactly(List.of("a"), List.of("d"));
	}

	@Test
	void requestThatIsCancelledInFlightTakesNoAnswerFromOthers() {
		ask("a");
		Disposable b = this.batcher.ask("b").subscribe((answer) -> this.answers.add("b " + answer));
		ask("c");
		this.pending.get(0).success(List.of("A"));
		b.dispose();
		this.pending.get(1).success(List.of("B", "C"));
		assertThat(this.answers).containsExactly("a A", "c C");
	}

	@Test
	void requestIsSentWhenItIsSubscribedToAndEachTime() {
		Mono<String> request = this.batcher.ask("a");
		assertThat(this.calls).isEmpty();
		request.subscribe(this.answers::add);
		request.subscribe(this.answers::add);
		this.pending.get(0).success(List.of("1"));
		this.pending.get(1).success(List.of("2"));
		assertThat(this.answers).containsExactly("1", "2");
	}

	@Test
	void failureOfOneCallReachesNoneOfTheNext() {
		ask("a");
		ask("b");
		ask("c");
		this.pending.get(0).success(List.of("A"));
		ask("d");
		this.pending.get(1).error(new StoreUnavailableException("away"));
		this.pending.get(2).success(List.of("D"));
		assertThat(this.calls).containsExactly(List.of("a"), List.of("b", "c"), List.of("d"));
		assertThat(this.answers).containsExactly("a A", "b away", "c away", "d D");
	}

}
