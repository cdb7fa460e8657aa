package io.redmesh.registry.catalog;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

import io.redmesh.core.instance.Instance;
import io.redmesh.core.registry.Cursor;
import io.redmesh.core.time.ManualTime;
import io.redmesh.registry.store.Digest;
import io.redmesh.registry.store.FeedEvent;
import io.redmesh.registry.store.Guard;
import io.redmesh.registry.store.Incarnation;
import io.redmesh.registry.store.Remembered;
import io.redmesh.registry.store.StoredInstance;
import io.redmesh.registry.store.StoredRules;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class NamespaceCatalogTests {

	private static final Cursor START = new Cursor("l", 1, 10);

	private static final SortedSet<Guard> NO_GUARDS = Collections.emptySortedSet();

	private static final SortedSet<Guard> GRACE = new TreeSet<>(Set.of(Guard.GRACE));

	private final ManualTime time = new ManualTime();

	private final NamespaceCatalog catalog = CatalogFixture.catalog(4, this.time);

	@Test
	void aResetReplacesWhatWasThere() {
		CatalogFixture.reset(this.catalog, START, Duration.ZERO, instance("a"), instance("b"));
		CatalogFixture.reset(this.catalog, START.at(20), Duration.ZERO, instance("b"));
		assertThat(ids()).containsExactly("b");
		assertThat(this.catalog.position().generation()).isEqualTo(2);
	}

	@Test
	void aResetThatTellsNothingNewKeepsTheHistory() {
		CatalogFixture.reset(this.catalog, START, Duration.ZERO, instance("a"));
		CatalogFixture.put(this.catalog, START.at(11), instance("b"));
		this.catalog.apply(new FeedEvent.Reset(START.at(11),
				List.of(CatalogFixture.stored(instance("a"), START),
						CatalogFixture.stored(instance("b"), START.at(11))),
				StoredRules.NONE, Duration.ZERO, Duration.ZERO));
		assertThat(this.catalog.position().generation()).isEqualTo(1);
		assertThat(this.catalog.position().history().between(10, 11)).hasSize(1);
	}

	@Test
	void whatDoesNotAddUpIsReplaced() {
		CatalogFixture.reset(this.catalog, START, Duration.ZERO, instance("a"), instance("b"));
		assertThat(this.catalog.agreesWith(new Digest(START, 2, 20))).isTrue();
		assertThat(this.catalog.agreesWith(new Digest(START, 2, 19))).isFalse();
		assertThat(this.catalog.agreesWith(new Digest(START, 1, 20))).isFalse();
		assertThat(this.catalog.agreesWith(new Digest(START.at(11), 1, 1))).isTrue();
		CatalogFixture.reset(this.catalog, START, Duration.ZERO, instance("a"));
		assertThat(ids()).containsExactly("a");
		assertThat(this.catalog.agreesWith(new Digest(START, 1, 10))).isTrue();
		CatalogFixture.put(this.catalog, START.at(11), instance("a"));
		CatalogFixture.put(this.catalog, START.at(12), instance("c"));
		CatalogFixture.gone(this.catalog, START.at(13), "orders", "a");
		assertThat(this.catalog.agreesWith(new Digest(START.at(13), 1, 12))).isTrue();
	}

	@Test
	void aMomentIsNeitherOlderNorNewerThanItSays() {
		CatalogFixture.reset(this.catalog, START, Duration.ZERO, instance("a").withWeight(10));
		AtomicBoolean over = new AtomicBoolean();
		CompletableFuture<Void> changes = CompletableFuture.runAsync(() -> {
			for (int revision = 11; !over.get(); revision++) {
				CatalogFixture.put(this.catalog, START.at(revision), instance("a").withWeight(revision % 10_000));
			}
		});
		for (int i = 0; i < 20_000; i++) {
			CatalogSnapshot snapshot = this.catalog.snapshot(Set.of("orders"));
			assertThat(snapshot.services().iterator().next().instances().get(0).instance().weight())
				.isEqualTo((int) snapshot.position().revision() % 10_000);
		}
		over.set(true);
		changes.join();
	}

	@Test
	void aListIsNotCompleteWhileMissingInstancesStillRegister() {
		CatalogFixture.reset(this.catalog, START, Duration.ofSeconds(15));
		this.time.forward(Duration.ofSeconds(12));
		CatalogFixture.put(this.catalog, START.at(11), instance("a"));
		this.time.forward(Duration.ofSeconds(4));
		assertThat(this.catalog.position().complete()).isFalse();
		this.catalog.noteUnknownLease();
		this.time.forward(Duration.ofSeconds(5));
		assertThat(this.catalog.position().complete()).isFalse();
		this.time.forward(Duration.ofSeconds(5));
		this.catalog.swept(NO_GUARDS);
		assertThat(this.catalog.position().complete()).isTrue();
	}

	@Test
	void aListIsNotCompleteWhileTheStoreIsAwayNorInItsGrace() {
		CatalogFixture.reset(this.catalog, START, Duration.ofSeconds(15), instance("a"));
		CatalogFixture.reset(this.catalog, new Cursor("l", 2, 1), Duration.ofSeconds(15));
		this.catalog.swept(GRACE);
		this.time.forward(Duration.ofSeconds(40));
		assertThat(this.catalog.position().complete()).isFalse();
		for (int i = 0; i < 15; i++) {
			this.catalog.swept(GRACE);
			this.time.forward(Duration.ofSeconds(1));
		}
		assertThat(ids()).containsExactly("a");
		this.time.forward(Duration.ofSeconds(5));
		this.catalog.swept(NO_GUARDS);
		assertThat(this.catalog.position().complete()).isTrue();
		assertThat(this.catalog.service("orders")).isNull();
	}

	@Test
	void unknownLeasesWithoutEndDoNotKeepAListIncomplete() {
		CatalogFixture.reset(this.catalog, START, Duration.ofSeconds(15));
		int seconds = 0;
		while (!this.catalog.position().complete()) {
			this.catalog.noteUnknownLease();
			this.time.forward(Duration.ofSeconds(1));
			this.catalog.swept(NO_GUARDS);
			seconds++;
		}
		assertThat(seconds).isBetween(160, 170);
	}

	@Test
	void whatANewEpochDoesNotHoldIsTold() {
		List<Remembered> lost = new ArrayList<>();
		NamespaceCatalog catalog = CatalogFixture.catalog(16, this.time,
				(namespace, epoch, remembered) -> lost.addAll(remembered));
		CatalogFixture.reset(catalog, START, Duration.ZERO, instance("a"), instance("b"), instance("c"));
		CatalogFixture.put(catalog, START.at(11), instance("b").withWeight(7));
		CatalogFixture.gone(catalog, START.at(12), "orders", "c");
		Cursor next = new Cursor("l", 2, 12);
		List<StoredInstance> there = List.of(CatalogFixture.stored(instance("b"), START));
		catalog
			.apply(new FeedEvent.Reset(next, there, StoredRules.NONE, Duration.ofSeconds(15), Duration.ofSeconds(4)));
		assertThat(lost).containsExactlyInAnyOrder(new Remembered.Left(new Incarnation("orders", "c", 0), START.at(12)),
				new Remembered.Held(CatalogFixture.stored(instance("a"), START)),
				new Remembered.Held(CatalogFixture.stored(instance("b").withWeight(7), START.at(11))));
		lost.clear();
		catalog.apply(new FeedEvent.Reset(new Cursor("l", 3, 1), List.of(), StoredRules.NONE, Duration.ofSeconds(15),
				Duration.ofSeconds(16)));
		catalog.apply(new FeedEvent.Reset(new Cursor("other", 4, 1), List.of(), StoredRules.NONE,
				Duration.ofSeconds(15), Duration.ZERO));
		assertThat(lost).isEmpty();
	}

	@Test
	void whileSomethingMayBeMissingNothingIsDropped() {
		CatalogFixture.reset(this.catalog, START, Duration.ZERO, instance("a"), instance("b"), instance("c"));
		CatalogFixture.reset(this.catalog, new Cursor("l", 2, 1), Duration.ofSeconds(15), instance("b"));
		assertThat(this.catalog.position().complete()).isFalse();
		assertThat(ids()).containsExactly("a", "b", "c");
		CatalogFixture.put(this.catalog, new Cursor("l", 2, 2), instance("c"));
		this.time.forward(Duration.ofSeconds(15));
		this.catalog.swept(NO_GUARDS);
		assertThat(this.catalog.position().complete()).isTrue();
		assertThat(ids()).containsExactly("b", "c");
	}

	@Test
	void aSecondResetPutsOffTheEndOfTheFirst() {
		CatalogFixture.reset(this.catalog, START, Duration.ofSeconds(15), instance("a"));
		this.time.forward(Duration.ofSeconds(10));
		CatalogFixture.reset(this.catalog, new Cursor("l", 2, 1), Duration.ofSeconds(15));
		this.time.forward(Duration.ofSeconds(10));
		assertThat(this.catalog.position().complete()).isFalse();
		assertThat(ids()).containsExactly("a");
		this.time.forward(Duration.ofSeconds(5));
		this.catalog.swept(NO_GUARDS);
		assertThat(this.catalog.service("orders")).isNull();
	}

	@Test
	void historyKnowsWhatItStillHas() {
		CatalogFixture.reset(this.catalog, START, Duration.ZERO);
		for (int revision = 11; revision <= 20; revision++) {
			CatalogFixture.put(this.catalog, START.at(revision), instance("i" + revision));
		}
		History history = this.catalog.position().history();
		assertThat(history.between(16, 20)).extracting(Change::revision).containsExactly(17L, 18L, 19L, 20L);
		assertThat(history.between(20, 20)).isEmpty();
		assertThat(history.between(15, 20)).as("older than the history").isNull();
		assertThat(history.between(5, 8)).as("before it began").isNull();
		assertThat(history.between(18, 21)).as("ahead of the last revision").isNull();
	}

	@Test
	void aViewIsMadeOnceBetweenChanges() {
		CatalogFixture.reset(this.catalog, START, Duration.ZERO, instance("b"), instance("a"));
		ServiceView view = this.catalog.service("orders");
		assertThat(this.catalog.service("orders")).isSameAs(view);
		assertThat(view.json()).isSameAs(view.json());
		CatalogFixture.put(this.catalog, START.at(11), instance("c"));
		assertThat(ids()).containsExactly("a", "b", "c");
		assertThat(view.instances()).as("a view that was read does not change").hasSize(2);
		CatalogFixture.gone(this.catalog, START.at(12), "orders", "c");
		assertThat(ids()).containsExactly("a", "b");
	}

	@Test
	void aWaitEndsWhenTheChangeIsSeenOrTheLimitIsReached() {
		AtomicBoolean seen = new AtomicBoolean();
		AtomicBoolean limited = new AtomicBoolean();
		CatalogFixture.reset(this.catalog, START, Duration.ZERO);
		this.catalog.whenSeen(START.at(11), Duration.ofMillis(100)).subscribe(null, null, () -> seen.set(true));
		this.catalog.whenSeen(START.at(12), Duration.ofMillis(100)).subscribe(null, null, () -> limited.set(true));
		assertThat(seen).isFalse();
		CatalogFixture.put(this.catalog, START.at(11), instance("a"));
		assertThat(seen).isTrue();
		assertThat(limited).isFalse();
		this.time.forward(Duration.ofMillis(100));
		assertThat(limited).isTrue();
		assertThat(this.time.pending()).isEmpty();
	}

	private List<String> ids() {
		return this.catalog.service("orders").instances().stream().map((instance) -> instance.instance().id()).toList();
	}

	private static Instance instance(String id) {
		return Instance.of("orders", id, "10.0.0.7", 8080);
	}

}
