package io.redmesh.core.time;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests of the order in which a timer runs its tasks, while its thread is held. */
class ThreadTimerTests {

	private final Timer timer = Timer.start("timer-under-test");

	private final CountDownLatch held = new CountDownLatch(1);

	private final List<String> ran = Collections.synchronizedList(new ArrayList<>());

	private Thread thread;

	@AfterEach
	void close() {
		this.held.countDown();
		this.timer.close();
	}

	@Test
	void tasksRunInTheOrderOfTheirTimesAndEqualOnesInTheOrderOfTheirScheduling() throws Exception {
		hold();
		this.timer.schedule(Duration.ofMillis(40), () -> this.ran.add("late"));
		this.timer.schedule(Duration.ofMillis(20), () -> this.ran.add("early"));
		for (int i = 0; i < 20; i++) {
			String name = "now" + i;
			this.timer.schedule((i % 2 == 0) ? Duration.ZERO : Duration.ofSeconds(-i), () -> this.ran.add(name));
		}
		CompletableFuture<?> last = new CompletableFuture<>();
		this.timer.schedule(Duration.ofMillis(60), () -> last.complete(null));
		this.held.countDown();
		last.get(1, TimeUnit.MINUTES);
		assertThat(this.ran).hasSize(22).endsWith("early", "late");
		assertThat(this.ran.subList(0, 20))
			.containsExactlyElementsOf(java.util.stream.IntStream.range(0, 20).mapToObj((i) -> "now" + i).toList());
	}

	@Test
	void tasksNeverRunAtTheSameTimeAndCancelledOnesNotAtAll() throws Exception {
		hold();
		int[] running = new int[2];
		List<Timer.Scheduled> handles = new ArrayList<>();
		for (int i = 0; i < 100; i++) {
			int number = i;
			handles.add(this.timer.schedule(Duration.ZERO, () -> {
				running[1] = Math.max(running[1], ++running[0]);
				Thread.yield();
				running[0]--;
				this.ran.add(String.valueOf(number));
			}));
		}
		for (int i = 0; i < 100; i += 2) {
			handles.get(i).cancel();
			handles.get(i).cancel();
		}
		CompletableFuture<?> last = new CompletableFuture<>();
		this.timer.schedule(Duration.ZERO, () -> last.complete(null));
		this.held.countDown();
		last.get(1, TimeUnit.MINUTES);
		assertThat(this.ran).hasSize(50).allSatisfy((number) -> assertThat(Integer.parseInt(number) % 2).isOne());
		assertThat(running).containsExactly(0, 1);
		handles.get(1).cancel();
	}

	@Test
	void aTimerThatIsClosedDropsWhatIsScheduledAndItsThreadEnds() throws Exception {
		hold();
		Timer.Scheduled dropped = this.timer.schedule(Duration.ZERO, () -> this.ran.add("dropped"));
		this.timer.schedule(Duration.ofSeconds(Long.MAX_VALUE), () -> this.ran.add("in ages"));
		this.timer.close();
		this.timer.close();
		this.timer.schedule(Duration.ZERO, () -> this.ran.add("too late")).cancel();
		dropped.cancel();
		this.held.countDown();
		this.thread.join(Duration.ofMinutes(1).toMillis());
		assertThat(this.thread.isAlive()).isFalse();
		assertThat(this.ran).isEmpty();
	}

	/** Holds the thread of the timer until the latch is open. */
	private void hold() throws Exception {
		CountDownLatch begun = new CountDownLatch(1);
		this.timer.schedule(Duration.ZERO, () -> {
			this.thread = Thread.currentThread();
			begun.countDown();
			try {
				this.held.await();
			}
			catch (InterruptedException ex) {
				// The timer is closed.
				Thread.currentThread().interrupt();
			}
		});
		assertThat(begun.await(1, TimeUnit.MINUTES)).isTrue();
	}

}
