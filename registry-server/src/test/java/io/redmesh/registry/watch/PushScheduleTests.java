package io.redmesh.registry.watch;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import io.redmesh.core.time.ManualTime;
import io.redmesh.registry.watch.PushWindow.Pushed;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests of the lengths of windows, and of signals from many threads. */
class PushScheduleTests {

	private final ManualTime time = new ManualTime();

	private final long start = this.time.nanos();

	private final List<Long> pushes = new ArrayList<>();

	private int gathered;

	private int watchers;

	private final PushWindow window = new PushWindow(this.time, Duration.ofMillis(2), Duration.ofMillis(250),
			this::push);

	@Test
	void theWindowDoublesUpToItsMaximumAndHalvesDownToItsMinimum() {
		this.gathered = 16;
		assertThat(windows(10)).containsExactly(4L, 8L, 16L, 32L, 64L, 128L, 250L, 250L, 250L, 250L);
		this.gathered = 3;
		assertThat(windows(9)).containsExactly(125L, 62L, 31L, 15L, 7L, 3L, 2L, 2L, 2L);
	}

	@ParameterizedTest
	@CsvSource({ "0, 8", "3, 8", "4, 16", "15, 16", "16, 32", "2147483647, 32" })
	void fewChangesShrinkTheWindowManyGrowItAndSomeKeepIt(int changes, long next) {
		this.gathered = 16;
		assertThat(windows(3)).containsExactly(4L, 8L, 16L);
		this.gathered = changes;
		assertThat(windows(1)).containsExactly(next);
	}

	@Test
	void afterAQuietWindowTheNextChangeGoesOutAtOnceAndTheWindowIsShort() {
		this.gathered = 100;
		windows(8);
		this.time.forward(Duration.ofMillis(249));
		assertThat(this.time.pending()).hasSize(1);
		this.time.forward(Duration.ofMillis(1));
		assertThat(this.time.pending()).isEmpty();
		this.gathered = 1;
		assertThat(windows(2)).containsExactly(2L, 2L);
	}

	@Test
	void aChangeInTheLastInstantOfAWindowWaitsForItsEnd() {
		this.gathered = 1;
		this.window.signal();
		this.time.forward(Duration.ofNanos(1_999_999));
		this.window.signal();
		assertThat(this.pushes).hasSize(1);
		this.time.forward(Duration.ofNanos(1));
		assertThat(this.pushes).hasSize(2);
	}

	@Test
	void pushesToManyWatchersAreFollowedByFiftyMicrosecondsEach() {
		this.gathered = 1;
		this.watchers = 39;
		assertThat(windows(1)).as("less than the window").containsExactly(2L);
		this.watchers = 100;
		assertThat(windows(1)).containsExactly(5L);
		this.watchers = 4_999;
		assertThat(windows(1)).containsExactly(249L);
		this.watchers = Integer.MAX_VALUE;
		assertThat(windows(1)).containsExactly(250L);
		this.watchers = 0;
		assertThat(windows(1)).as("a rest is no longer window").containsExactly(2L);
	}

	@ParameterizedTest
	@ValueSource(longs = { 1, 2, 3, 4, 5 })
	void noChangeWaitsLongerThanTheMaximumAndNoTwoPushesAreCloserThanTheMinimum(long seed) {
		Random random = new Random(seed);
		long waiting = -1;
		for (int i = 0; i < 20_000; i++) {
			int before = this.pushes.size();
			if (random.nextInt(4) == 0) {
				this.gathered = random.nextInt(40);
				this.watchers = random.nextInt(3_000);
				waiting = (waiting < 0) ? this.time.nanos() : waiting;
				this.window.signal();
			}
			else {
				this.time.forward(Duration.ofNanos(random.nextInt(20_000_000)));
			}
			if (this.pushes.size() > before) {
				long last = this.pushes.get(this.pushes.size() - 1);
				if (waiting >= 0) {
					assertThat(last + this.start - waiting).isBetween(0L, 250_000_000L);
				}
				waiting = -1;
			}
		}
		for (int i = 1; i < this.pushes.size(); i++) {
			assertThat(this.pushes.get(i) - this.pushes.get(i - 1)).isGreaterThanOrEqualTo(2_000_000L);
		}
		this.time.forward(Duration.ofSeconds(1));
		assertThat(this.time.pending()).isEmpty();
	}

	@Test
	void signalsOfManyThreadsAreNeverLostAndPushesNeverOverlap() {
		AtomicLong changes = new AtomicLong();
		AtomicLong pushed = new AtomicLong();
		AtomicInteger inside = new AtomicInteger();
		AtomicInteger overlaps = new AtomicInteger();
		PushWindow shared = new PushWindow(this.time, Duration.ofMillis(2), Duration.ofMillis(250), () -> {
			overlaps.addAndGet(inside.getAndIncrement());
			long now = changes.get();
			int more = (int) (now - pushed.getAndSet(now));
			inside.decrementAndGet();
			return new Pushed(more, 0);
		});
		for (int round = 0; round < 20; round++) {
			List<CompletableFuture<Void>> threads = new ArrayList<>();
			for (int thread = 0; thread < 4; thread++) {
				threads.add(CompletableFuture.runAsync(() -> {
					for (int i = 0; i < 500; i++) {
						changes.incrementAndGet();
						shared.signal();
					}
				}));
			}
			while (!threads.stream().allMatch(CompletableFuture::isDone)) {
				this.time.forward(Duration.ofMillis(1));
			}
			threads.forEach(CompletableFuture::join);
			this.time.forward(Duration.ofSeconds(1));
			assertThat(pushed).hasValue(changes.get());
		}
		assertThat(overlaps).hasValue(0);
	}

	/** Pushes as soon as it may, and returns the lengths of the windows that begin. */
	private List<Long> windows(int count) {
		List<Long> lengths = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			int before = this.pushes.size();
			this.window.signal();
			if (this.pushes.size() == before) {
				this.time.forward(this.time.pending().get(0));
			}
			lengths.add(this.time.pending().get(0).toMillis());
		}
		return lengths;
	}

	private Pushed push() {
		this.pushes.add(this.time.nanos() - this.start);
		return new Pushed(this.gathered, this.watchers);
	}

}
