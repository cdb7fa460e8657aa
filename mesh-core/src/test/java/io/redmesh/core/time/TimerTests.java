package io.redmesh.core.time;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class TimerTests {

	@Test
	void runsOnItsOwnDaemonThread() throws Exception {
		try (Timer timer = Timer.start("timer-under-test")) {
			CompletableFuture<Thread> thread = new CompletableFuture<>();
			timer.schedule(Duration.ZERO, () -> thread.complete(Thread.currentThread()));
			assertThat(thread.get(5, TimeUnit.SECONDS).getName()).isEqualTo("timer-under-test");
			assertThat(thread.get().isDaemon()).isTrue();
		}
	}

	@Test
	void aTaskThatThrowsDoesNotEndTheTimer() throws Exception {
		try (Timer timer = Timer.start("timer-under-test")) {
			CompletableFuture<Boolean> next = new CompletableFuture<>();
			timer.schedule(Duration.ZERO, () -> {
				throw new IllegalStateException("on purpose");
			});
			timer.schedule(Duration.ofMillis(1), () -> next.complete(true));
			assertThat(next.get(5, TimeUnit.SECONDS)).isTrue();
		}
	}

	@Test
	void aClosedTimerAcceptsAndDropsTasks() {
		Timer timer = Timer.start("timer-under-test");
		timer.close();
		timer.schedule(Duration.ZERO, () -> {
			throw new AssertionError("must not run");
		}).cancel();
		assertThat(Thread.getAllStackTraces().keySet()).noneMatch(
				(thread) -> thread.getName().equals("timer-under-test") && thread.getState() == Thread.State.RUNNABLE);
	}

	@Test
	void manualTimeRunsTasksInOrderAtTheirOwnMoment() {
		ManualTime time = new ManualTime();
		List<String> log = new ArrayList<>();
		long start = time.nanos();
		time.schedule(Duration.ofSeconds(2), () -> log.add("second at " + (time.nanos() - start) / 1_000_000));
		time.schedule(Duration.ofSeconds(1), () -> {
			log.add("first at " + (time.nanos() - start) / 1_000_000);
			time.schedule(Duration.ofMillis(500), () -> log.add("nested at " + (time.nanos() - start) / 1_000_000));
		});
		time.schedule(Duration.ofSeconds(1), () -> log.add("never")).cancel();
		time.forward(Duration.ofSeconds(2));
		assertThat(log).containsExactly("first at 1000", "nested at 1500", "second at 2000");
		assertThat(time.pending()).isEmpty();
	}

}
