package io.redmesh.registry.catalog;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

import io.redmesh.core.registry.Cursor;
import io.redmesh.core.time.ManualTime;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests of requests that wait until a namespace has reached a cursor. */
class WaitersTests {

	private static final Cursor HEAD = new Cursor("l", 5, 10);

	private static final Duration LIMIT = Duration.ofSeconds(1);

	private final ManualTime time = new ManualTime();

	private volatile CatalogPosition position;

	private final Waiters waiters = new Waiters(this.time, () -> this.position);

	private final List<String> ended = new ArrayList<>();

	@Test
	void whatWasReadAlreadyIsNotWaitedFor() {
		publish(HEAD);
		await("no cursor", null);
		await("same", HEAD);
		await("earlier revision", HEAD.at(9));
		await("earlier epoch", new Cursor("l", 4, 99));
		await("other lineage", new Cursor("other", 9, 99));
		assertThat(this.ended).containsExactly("no cursor", "same", "earlier revision", "earlier epoch",
				"other lineage");
		assertThat(this.time.pending()).isEmpty();
	}

	@Test
	void beforeTheFirstReadEveryRequestWaits() {
		await("no cursor", null);
		await("other lineage", new Cursor("other", 9, 99));
		await("later", HEAD.at(11));
		assertThat(this.ended).isEmpty();
		publish(HEAD);
		assertThat(this.ended).containsExactlyInAnyOrder("no cursor", "other lineage");
	}

	@Test
	void eachPublicationEndsExactlyTheWaitsThatItMeets() {
		publish(HEAD);
		await("12", HEAD.at(12));
		await("11", HEAD.at(11));
		await("next epoch", new Cursor("l", 6, 1));
		publish(HEAD.at(11));
		assertThat(this.ended).containsExactly("11");
		publish(HEAD.at(13));
		assertThat(this.ended).containsExactly("11", "12");
		publish(new Cursor("l", 6, 0));
		assertThat(this.ended).hasSize(2);
		publish(new Cursor("l", 7, 0));
		assertThat(this.ended).as("a later epoch is past all of an earlier one").hasSize(3);
		assertThat(this.time.pending()).isEmpty();
	}

	@Test
	void anotherLineageEndsAllWaits() {
		publish(HEAD);
		await("11", HEAD.at(11));
		await("next epoch", new Cursor("l", 6, 1));
		publish(new Cursor("other", 1, 0));
		assertThat(this.ended).containsExactlyInAnyOrder("11", "next epoch");
	}

	@Test
	void aLimitEndsItsOwnWaitAtItsOwnTime() {
		publish(HEAD);
		this.waiters.await(HEAD.at(11), LIMIT).subscribe(null, null, () -> this.ended.add("long"));
		this.waiters.await(HEAD.at(11), LIMIT.dividedBy(2)).subscribe(null, null, () -> this.ended.add("short"));
		this.time.forward(LIMIT.dividedBy(2).minusMillis(1));
		assertThat(this.ended).isEmpty();
		this.time.forward(Duration.ofMillis(1));
		assertThat(this.ended).containsExactly("short");
		this.time.forward(LIMIT.dividedBy(2));
		assertThat(this.ended).containsExactly("short", "long");
		publish(HEAD.at(11));
		assertThat(this.ended).hasSize(2);
	}

	@Test
	void aRequestThatWasAbandonedLeavesNoTimer() {
		publish(HEAD);
		Disposable request = this.waiters.await(HEAD.at(11), LIMIT).subscribe(null, null, () -> this.ended.add("end"));
		assertThat(this.time.pending()).containsExactly(LIMIT);
		request.dispose();
		assertThat(this.time.pending()).isEmpty();
		publish(HEAD.at(11));
		assertThat(this.ended).isEmpty();
	}

	@Test
	void theConditionIsCheckedWhenTheWaitBeginsNotOnlyWhenItIsMade() {
		publish(HEAD);
		Mono<Void> wait = this.waiters.await(HEAD.at(11), LIMIT);
		publish(HEAD.at(11));
		wait.subscribe(null, null, () -> this.ended.add("end"));
		assertThat(this.ended).containsExactly("end");
		assertThat(this.time.pending()).isEmpty();
	}

	@Test
	void eachSubscriberWaitsForItself() {
		publish(HEAD);
		Mono<Void> wait = this.waiters.await(HEAD.at(11), LIMIT);
		wait.subscribe(null, null, () -> this.ended.add("first"));
		this.time.forward(LIMIT.dividedBy(2));
		wait.subscribe(null, null, () -> this.ended.add("second"));
		this.time.forward(LIMIT.dividedBy(2));
		assertThat(this.ended).containsExactly("first");
		this.time.forward(LIMIT.dividedBy(2));
		assertThat(this.ended).containsExactly("first", "second");
	}

	@Test
	void aWaitThatEndsMayBeginTheNext() {
		publish(HEAD);
		this.waiters.await(HEAD.at(11), LIMIT)
			.then(this.waiters.await(HEAD.at(12), LIMIT))
			.subscribe(null, null, () -> this.ended.add("both"));
		publish(HEAD.at(11));
		assertThat(this.ended).isEmpty();
		publish(HEAD.at(12));
		assertThat(this.ended).containsExactly("both");
	}

	@Test
	void noWaitIsMissedWhileAnotherThreadPublishes() throws Exception {
		publish(HEAD.at(0));
		int rounds = 2_000;
		CountDownLatch met = new CountDownLatch(rounds);
		ExecutorService publisher = Executors.newSingleThreadExecutor();
		try {
			for (int i = 1; i <= rounds; i++) {
				Cursor next = HEAD.at(i);
				publisher.execute(() -> publish(next));
				// The limit never passes: this time stands still.
				this.waiters.await(next, LIMIT).subscribe(null, null, met::countDown);
			}
			assertThat(met.await(20, TimeUnit.SECONDS)).isTrue();
		}
		finally {
			publisher.shutdownNow();
		}
		assertThat(publisher.awaitTermination(5, TimeUnit.SECONDS)).isTrue();
		assertThat(this.time.pending()).isEmpty();
	}

	private void await(String name, Cursor cursor) {
		this.waiters.await(cursor, LIMIT).subscribe(null, null, () -> this.ended.add(name));
	}

	private void publish(Cursor cursor) {
		CatalogPosition now = new CatalogPosition(cursor, 1, true,
				new History(cursor.revision(), 8, () -> Long.MAX_VALUE));
		this.position = now;
		this.waiters.published(now);
	}

}
