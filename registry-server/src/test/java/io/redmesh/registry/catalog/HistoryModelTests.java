package io.redmesh.registry.catalog;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests of the history of changes against a plain list. */
class HistoryModelTests {

	private final AtomicLong maxBytes = new AtomicLong(Long.MAX_VALUE);

	/** The oracle: all changes that must still be there, oldest first. */
	private final List<Change> kept = new ArrayList<>();

	private long floor;

	@ParameterizedTest
	@CsvSource({ "1, 1", "2, 3", "3, 64", "4, 100", "5, 256", "6, 1000" })
	void anySequenceOfChangesLeavesTheNewestThatAreNeitherTooManyNorTooLarge(long seed, int size) {
		Random random = new Random(seed);
		this.floor = random.nextInt(1_000);
		History history = new History(this.floor, size, this.maxBytes::get);
		int capacity = Math.max(2, Integer.highestOneBit(size) * ((Integer.bitCount(size) == 1) ? 1 : 2));
		long revision = this.floor;
		for (int i = 0; i < 3_000; i++) {
			if (random.nextInt(50) == 0) {
				this.maxBytes.set((random.nextInt(3) == 0) ? Long.MAX_VALUE : random.nextInt(20_000));
			}
			Change change = change(++revision, random.nextInt(200));
			history.add(change);
			this.kept.add(change);
			dropFromOracle(capacity);
			long from = revision - random.nextInt((int) Math.min(revision, 2L * capacity) + 1);
			long to = from + random.nextInt((int) (revision - from) + 1);
			List<Change> expected = (from < this.floor) ? null : sublist(from, to);
			assertThat(history.between(from, to)).as("%d to %d of %d to %d", from, to, this.floor, revision)
				.isEqualTo(expected);
			assertThat(history.covers(from, to)).isEqualTo(expected != null);
			assertThat(history.between(this.floor, revision + 1)).as("ahead of the last change").isNull();
			assertThat(history.covers(this.floor, this.floor + capacity + 1)).isFalse();
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 2, 3, 5, 63, 64, 65, 4_096 })
	void sizesAreRoundedUpToAPowerOfTwo(int size) {
		History history = new History(0, size, this.maxBytes::get);
		int rounded = 2;
		while (rounded < size) {
			rounded *= 2;
		}
		for (int revision = 1; revision <= 3 * rounded; revision++) {
			history.add(change(revision, 1));
		}
		assertThat(history.between(2L * rounded, 3L * rounded)).hasSize(rounded);
		assertThat(history.between(2L * rounded - 1, 3L * rounded)).isNull();
	}

	@Test
	void aFloorAboveIntegersIsNoDifferentFromASmallOne() {
		long floor = (1L << 40) + 17;
		History history = new History(floor, 64, this.maxBytes::get);
		for (long revision = floor + 1; revision <= floor + 200; revision++) {
			history.add(change(revision, 1));
		}
		assertThat(history.between(floor + 136, floor + 200)).hasSize(64);
		assertThat(history.between(floor + 135, floor + 200)).isNull();
	}

	@Test
	void nothingCoversARangeThatBeginsBeforeTheFloor() {
		History history = new History(100, 64, this.maxBytes::get);
		assertThat(history.between(100, 100)).isEmpty();
		assertThat(history.between(99, 99)).isNull();
		assertThat(history.covers(99, 100)).isFalse();
		assertThat(history.covers(100, 100)).isTrue();
		assertThat(history.between(100, 101)).as("not added yet").isNull();
	}

	@Test
	void aGapInRevisionsLeavesItsBytesToLaterChanges() {
		this.maxBytes.set(300);
		History history = new History(0, 64, this.maxBytes::get);
		history.add(change(1, 100));
		history.add(change(2, 100));
		// Revisions 3 to 40 were never read.
		history.add(change(41, 100));
		assertThat(history.between(0, 2)).hasSize(2);
		history.add(change(42, 100));
		assertThat(history.between(0, 2)).isNull();
		assertThat(history.between(1, 2)).hasSize(1);
		assertThat(history.between(40, 42)).hasSize(2);
	}

	@Test
	void readersOfAHistoryInWriteFindTheRightChangesOrNone() {
		History history = new History(0, 512, this.maxBytes::get);
		AtomicLong newest = new AtomicLong();
		long last = 200_000;
		CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> {
			for (long revision = 1; revision <= last; revision++) {
				history.add(change(revision, (int) (revision % 7)));
				newest.set(revision);
			}
		});
		Random random = new Random(7);
		int found = 0;
		while (!writer.isDone() || found == 0) {
			long to = newest.get();
			long from = Math.max(0, to - random.nextInt(600));
			List<Change> changes = history.between(from, to);
			if (changes != null) {
				found++;
				assertThat(changes).hasSize((int) (to - from));
				for (int i = 0; i < changes.size(); i++) {
					assertThat(changes.get(i).revision()).isEqualTo(from + 1 + i);
				}
			}
		}
		writer.join();
		assertThat(found).isPositive();
	}

	private void dropFromOracle(int capacity) {
		while (this.kept.size() > capacity || (this.kept.size() > 1 && bytes() > this.maxBytes.get())) {
			this.floor = this.kept.remove(0).revision();
		}
	}

	private long bytes() {
		return this.kept.stream().mapToLong((change) -> change.json().length).sum();
	}

	private List<Change> sublist(long from, long to) {
		return this.kept.stream().filter((change) -> change.revision() > from && change.revision() <= to).toList();
	}

	private static Change change(long revision, int size) {
		return new Change(revision, "orders", "a", new byte[size]);
	}

}
