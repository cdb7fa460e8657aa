package io.redmesh.autoconfigure.discovery;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

import io.redmesh.autoconfigure.registry.FakeRegistryClient;
import io.redmesh.autoconfigure.registry.RegistryContact;
import io.redmesh.autoconfigure.registry.RuleDocuments;
import io.redmesh.autoconfigure.registry.WatchEvent;
import io.redmesh.autoconfigure.registry.WatchIdentity;
import io.redmesh.core.instance.Instance;
import io.redmesh.core.registry.Catalog;
import io.redmesh.core.registry.Cursor;
import io.redmesh.core.registry.InstanceChange;
import io.redmesh.core.time.ManualTime;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class WatchLoopTests {

	private static final Cursor BEGIN = new Cursor("lineage", 1, 1);

	private final ManualTime time = new ManualTime();

	private final FakeRegistryClient client = new FakeRegistryClient();

	private final Catalog catalog = new Catalog();

	private final RegistryContact contact = new RegistryContact(this.time, List.of("http://registry"));

	private final AtomicInteger epochs = new AtomicInteger();

	private final List<WatchEvent.Rules> rules = new ArrayList<>();

	private final WatchLoop loop = new WatchLoop(this.client, this.catalog, this.contact, this.time, this.time,
			new Random(7), List.of("*"), this.rules::add);

	@Test
	void snapshotAndDeltasReachTheCatalogOneByOne() {
		CompletableFuture<Boolean> first = open();
		tell(snapshot(BEGIN, "a"));
		assertThat(first).isCompletedWithValue(true);
		assertThat(instances()).containsExactly("a");
		assertThat(this.client.lastWatch().askedForMore).isEqualTo(1);
		tell(new WatchEvent.Delta(BEGIN.at(2), List.of(InstanceChange.put(instance("b")))));
		assertThat(instances()).containsExactly("a", "b");
		tell(new WatchEvent.Delta(BEGIN.at(3), List.of(InstanceChange.gone("orders", "a"))));
		assertThat(instances()).containsExactly("b");
		assertThat(this.contact.state().connected()).isTrue();
	}

	@Test
	void registeredInstanceNamesItselfAndResumesItsWatch() {
		open();
		tell(snapshot(BEGIN, "a"));
		WatchIdentity self = new WatchIdentity("orders", "a", "secret");
		assertThat(this.client.lastWatch().self).isNull();
		this.loop.introduce(self);
		pass(0);
		assertThat(this.client.watches).hasSize(2);
		assertThat(this.client.watches.get(0).closed).isTrue();
		assertThat(this.client.lastWatch().self).isEqualTo(self);
		assertThat(this.client.lastWatch().after).isEqualTo(BEGIN + "~own");
		this.loop.introduce(self);
		pass(0);
		assertThat(this.client.watches).hasSize(2);
		end();
		pass(250);
		assertThat(this.client.lastWatch().self).isEqualTo(self);
	}

	@Test
	void callThatNeedsTheListDoesNotKeepTheSessionFromLearningOfANewEpoch() {
		open();
		this.loop.open();
		tell(snapshot(BEGIN, "a"));
		tell(snapshot(new Cursor("lineage", 2, 1), "a"));
		assertThat(this.epochs).hasValue(1);
		assertThat(this.client.watches).hasSize(1);
	}

	@Test
	void endedWatchResumesWhereItWas() {
		open();
		tell(snapshot(BEGIN, "a"));
		end();
		pass(250);
		assertThat(this.client.watches).hasSize(2);
		assertThat(this.client.lastWatch().after).isEqualTo(BEGIN + "~own");
		assertThat(instances()).containsExactly("a");
	}

	@Test
	void pingBeforeTheSnapshotIsNoPlaceToResumeFrom() {
		open();
		tell(new WatchEvent.Ping(BEGIN));
		end();
		pass(250);
		assertThat(this.client.lastWatch().after).isNull();
	}

	@Test
	void silentServerIsGivenUp() {
		open();
		tell(snapshot(BEGIN, "a"));
		var watch = this.client.lastWatch();
		pass(24_900);
		assertThat(watch.closed).isFalse();
		pass(500);
		assertThat(watch.closed).isTrue();
		assertThat(this.client.watches).hasSize(2);
	}

	@Test
	void serverThatNeverBeginsIsGivenUpEarly() {
		open();
		pass(3_300);
		assertThat(this.client.watches.get(0).closed).isTrue();
		assertThat(this.client.watches).hasSize(2);
	}

	@Test
	void pingsKeepAWatchAlive() {
		open();
		tell(snapshot(BEGIN, "a"));
		for (int i = 0; i < 10; i++) {
			pass(10_000);
			tell(new WatchEvent.Ping(BEGIN));
		}
		assertThat(this.client.watches).hasSize(1);
	}

	@Test
	void absentRegistryIsTriedForEverWithBackoff() {
		CompletableFuture<Boolean> first = open();
		for (int i = 0; i < 300; i++) {
			if (!this.client.lastWatch().closed) {
				this.client.lastWatch().giveUp("refused");
			}
			pass(200);
		}
		assertThat(first).isCompletedWithValue(false);
		assertThat(this.client.watches.size()).isBetween(15, 60);
		assertThat(this.contact.state().connected()).isFalse();
	}

	@Test
	void newEpochIsReportedOnce() {
		open();
		tell(snapshot(BEGIN, "a"));
		assertThat(this.epochs).hasValue(0);
		end();
		pass(250);
		Cursor other = new Cursor("another", 1, 1);
		tell(new WatchEvent.Ping(other));
		tell(snapshot(other, "a"));
		assertThat(this.epochs).hasValue(1);
	}

	@Test
	void deltaThatDoesNotContinueHistoryLeadsToASnapshot() {
		open();
		tell(snapshot(BEGIN, "a"));
		tell(new WatchEvent.Delta(new Cursor("another", 4, 9), List.of()));
		pass(250);
		assertThat(this.client.watches.get(0).closed).isTrue();
		assertThat(this.client.lastWatch().after).isNull();
	}

	@Test
	void rulesAreNoPlaceToResumeFromAndBeginNoEpoch() {
		open();
		tell(new WatchEvent.Ping(BEGIN.at(5)));
		// Of the epoch before, in which a rule was changed last.
		WatchEvent.Rules event = new WatchEvent.Rules(new Cursor("lineage", 0, 9), true,
				new RuleDocuments("7", List.of()));
		this.client.lastWatch().listener.received(event, BEGIN.at(5) + "~");
		pass(0);
		assertThat(this.rules).containsExactly(event);
		assertThat(this.client.lastWatch().askedForMore).isEqualTo(2);
		end();
		pass(250);
		assertThat(this.client.lastWatch().after).isNull();
		tell(snapshot(BEGIN.at(5), "a"));
		assertThat(this.epochs).hasValue(0);
		this.client.lastWatch().listener.received(event, BEGIN.at(5) + "~own");
		pass(0);
		end();
		pass(500);
		assertThat(this.client.lastWatch().after).isEqualTo(BEGIN.at(5) + "~own");
	}

	@Test
	void incompleteSnapshotTakesNothingAway() {
		open();
		tell(snapshot(BEGIN, "a"));
		tell(new WatchEvent.Snapshot(new Cursor("another", 2, 0), false, Map.of("orders", List.of(instance("b")))));
		assertThat(instances()).containsExactly("a", "b");
	}

	@Test
	void eventsAfterTheEndAreIgnored() {
		open();
		tell(snapshot(BEGIN, "a"));
		var closed = this.loop.close().toCompletableFuture();
		assertThat(closed).isNotDone();
		pass(0);
		assertThat(closed).isCompleted();
		tell(snapshot(BEGIN.at(2), "b"));
		pass(60_000);
		assertThat(instances()).containsExactly("a");
		assertThat(this.client.watches).hasSize(1);
		assertThat(this.client.lastWatch().closed).isTrue();
	}

	private CompletableFuture<Boolean> open() {
		CompletableFuture<Boolean> first = this.loop.open(this.epochs::incrementAndGet);
		pass(0);
		return first;
	}

	private void tell(WatchEvent event) {
		this.client.lastWatch().listener.received(event, event.cursor() + "~own");
		pass(0);
	}

	private void end() {
		this.client.lastWatch().listener.ended("by the test");
		pass(0);
	}

	private void pass(long millis) {
		this.time.forward(Duration.ofMillis(millis));
	}

	private List<String> instances() {
		return this.catalog.service("orders").instances().stream().map(Instance::id).toList();
	}

	private static WatchEvent snapshot(Cursor cursor, String... ids) {
		return new WatchEvent.Snapshot(cursor, true,
				Map.of("orders", List.of(ids).stream().map(WatchLoopTests::instance).toList()));
	}

	private static Instance instance(String id) {
		return Instance.of("orders", id, "10.0.0.7", 8080);
	}

}
