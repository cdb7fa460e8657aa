package io.redmesh.registry.watch;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.redmesh.core.time.ManualTime;
import io.redmesh.registry.watch.PushWindow.Pushed;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class PushWindowTests {

	private final ManualTime time = new ManualTime();

	private final long start = this.time.nanos();

	private final List<Long> beats = new ArrayList<>();

	private int gathered = 1;

	private int watchers = 1;

	private final PushWindow window = new PushWindow(this.time, Duration.ofMillis(2), Duration.ofMillis(250),
			this::beat);

	@Test
	void whileManyChangesComeTheWindowGrowsAndThenFallsBack() {
		this.gathered = 100;
		for (int i = 0; i < 2000; i++) {
			this.window.signal();
			this.time.forward(Duration.ofMillis(1));
		}
		assertThat(this.beats.subList(0, 6)).containsExactly(0L, 4L, 12L, 28L, 60L, 124L);
		assertThat(this.beats.get(9) - this.beats.get(8)).isEqualTo(250);
		this.time.forward(Duration.ofSeconds(1));
		this.beats.clear();
		this.window.signal();
		this.time.forward(Duration.ZERO);
		assertThat(this.beats).as("at once after silence").hasSize(1);
	}

	@Test
	void whileFewChangesComeTheWindowStaysShort() {
		for (int i = 0; i < 100; i++) {
			this.window.signal();
			this.time.forward(Duration.ofMillis(5));
		}
		assertThat(this.beats).hasSize(100);
	}

	@Test
	void afterAPushToManyThereIsARest() {
		this.watchers = 1000;
		for (int i = 0; i < 10; i++) {
			this.window.signal();
			this.time.forward(Duration.ofMillis(10));
		}
		assertThat(this.beats).containsExactly(0L, 50L, 100L);
		this.watchers = 1_000_000;
		this.time.forward(Duration.ofMillis(900));
		this.window.signal();
		this.time.forward(Duration.ZERO);
		this.window.signal();
		this.time.forward(Duration.ofMillis(250));
		assertThat(this.beats).containsExactly(0L, 50L, 100L, 1000L, 1250L);
	}

	@Test
	void withoutChangesNothingIsScheduled() {
		this.window.signal();
		this.time.forward(Duration.ofSeconds(1));
		assertThat(this.beats).hasSize(1);
		assertThat(this.time.pending()).isEmpty();
	}

	private Pushed beat() {
		this.beats.add((this.time.nanos() - this.start) / 1_000_000);
		return new Pushed(this.gathered, this.watchers);
	}

}
