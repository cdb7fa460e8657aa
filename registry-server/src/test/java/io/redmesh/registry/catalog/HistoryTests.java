package io.redmesh.registry.catalog;

import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class HistoryTests {

	private final AtomicLong maxBytes = new AtomicLong(Long.MAX_VALUE);

	private final History history = new History(10, 1024, this.maxBytes::get);

	@Test
	void itGrowsUntilItHoldsAsManyAsItMay() {
		add(11, 3000, 1);
		assertThat(this.history.between(1976, 3000)).hasSize(1024);
		assertThat(this.history.between(1975, 3000)).isNull();
		assertThat(this.history.between(2990, 3000)).extracting(Change::revision)
			.containsExactlyElementsOf(LongStream.rangeClosed(2991, 3000).boxed().toList());
		assertThat(this.history.covers(1976, 3000)).isTrue();
		assertThat(this.history.covers(1975, 3000)).isFalse();
	}

	@Test
	void itKeepsAsManyAsAreNotTooLarge() {
		this.maxBytes.set(1000);
		add(11, 100, 100);
		assertThat(this.history.between(90, 100)).hasSize(10);
		assertThat(this.history.between(89, 100)).isNull();
		this.maxBytes.set(350);
		add(101, 101, 100);
		assertThat(this.history.between(98, 101)).hasSize(3);
		assertThat(this.history.covers(97, 101)).isFalse();
		// The newest change is kept, however large it is.
		add(102, 102, 5000);
		assertThat(this.history.between(101, 102)).hasSize(1);
		add(103, 103, 10);
		assertThat(this.history.between(102, 103)).hasSize(1);
		assertThat(this.history.between(101, 103)).isNull();
	}

	@Test
	void whatWasLeftOutIsMissing() {
		add(11, 20, 1);
		add(23, 200, 1);
		assertThat(this.history.between(15, 20)).hasSize(5);
		assertThat(this.history.between(15, 25)).isNull();
		assertThat(this.history.between(22, 200)).hasSize(178);
	}

	private void add(long from, long to, int size) {
		for (long revision = from; revision <= to; revision++) {
			this.history.add(new Change(revision, "orders", "a", new byte[size]));
		}
	}

}
