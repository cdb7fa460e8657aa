package io.redmesh.registry.watch;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.redmesh.core.instance.Instance;
import io.redmesh.core.registry.Cursor;
import io.redmesh.core.time.ManualTime;
import io.redmesh.registry.catalog.CatalogFixture;
import io.redmesh.registry.catalog.NamespaceCatalog;
import io.redmesh.registry.store.Incarnation;
import io.redmesh.registry.store.RegistryStore;
import io.redmesh.registry.store.StoreProxy;
import io.redmesh.registry.store.StoreUnavailableException;
import io.redmesh.registry.store.memory.MemoryRegistryStore;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests of instances that watch this server, of hints and of vouching for suspects. */
class SelfWatchesTests {

	/** The secret of each instance of {@link CatalogFixture}. */
	private static final String SECRET = "x";

	private static final WatcherIdentity A = new WatcherIdentity("orders", "a", SECRET);

	private final ManualTime time = new ManualTime();

	private final List<String> vouched = new ArrayList<>();

	private final List<Object> hints = new ArrayList<>();

	private boolean storeFails;

	private final SelfWatches selves = new SelfWatches(store());

	private final NamespaceCatalog catalog = CatalogFixture.catalog(16, this.time);

	private Cursor cursor = new Cursor("l", 1, 0);

	@BeforeEach
	void read() {
		CatalogFixture.reset(this.catalog, this.cursor, Duration.ZERO, instance("a").withFence(7), instance("b"));
		this.selves.onClose((namespace, incarnation) -> {
			this.hints.add(namespace);
			this.hints.add(incarnation);
		});
		this.selves.vouchIn(this.catalog);
	}

	@Test
	void theLastWatchOfAnInstanceThatClosesIsAHint() {
		this.selves.opened("default", A);
		this.selves.opened("default", A);
		this.selves.closed(this.catalog, A, true);
		assertThat(this.hints).as("another watch is open").isEmpty();
		this.selves.closed(this.catalog, A, true);
		assertThat(this.hints).containsExactly("default", new Incarnation("orders", "a", 7));
	}

	@Test
	void aWatchThatThisServerClosesIsNoHint() {
		this.selves.opened("default", A);
		this.selves.closed(this.catalog, A, false);
		assertThat(this.hints).isEmpty();
		this.selves.opened("default", A);
		this.selves.closed(this.catalog, A, true);
		assertThat(this.hints).as("the first watch is counted no longer").isNotEmpty();
	}

	@Test
	void anInstanceThatHasDeregisteredLeavesNoHint() {
		this.selves.opened("default", A);
		CatalogFixture.gone(this.catalog, next(), "orders", "a");
		this.selves.closed(this.catalog, A, true);
		assertThat(this.hints).isEmpty();
	}

	@Test
	void aWatchWithAnotherSecretIsNoHintAndKeepsNone() {
		WatcherIdentity impostor = new WatcherIdentity("orders", "a", "y");
		this.selves.opened("default", impostor);
		this.selves.closed(this.catalog, impostor, true);
		assertThat(this.hints).isEmpty();
		this.selves.opened("default", A);
		this.selves.opened("default", impostor);
		this.selves.closed(this.catalog, A, true);
		assertThat(this.hints).as("the other watch is not its own").isNotEmpty();
	}

	@Test
	void watchesOfAnotherNamespaceCountThere() {
		this.selves.opened("default", A);
		this.selves.opened("other", A);
		this.selves.closed(this.catalog, A, true);
		assertThat(this.hints).containsExactly("default", new Incarnation("orders", "a", 7));
	}

	@Test
	void aSuspectIsVouchedForWhileItsWatchIsOpen() {
		suspect("a");
		assertThat(this.vouched).as("no watch").isEmpty();
		this.selves.opened("default", A);
		suspect("a");
		assertThat(this.vouched).containsExactly("default");
		suspect("b");
		assertThat(this.vouched).as("another instance").hasSize(1);
		this.selves.closed(this.catalog, A, true);
		suspect("a");
		assertThat(this.vouched).as("closed").hasSize(1);
	}

	@Test
	void watchesWithAnotherSecretOrInAnotherNamespaceVouchForNothing() {
		this.selves.opened("default", new WatcherIdentity("orders", "a", "y"));
		this.selves.opened("other", A);
		this.selves.opened("default", new WatcherIdentity("stock", "a", SECRET));
		suspect("a");
		assertThat(this.vouched).isEmpty();
	}

	@Test
	void instancesThatAreNoSuspectsAreNotVouchedFor() {
		this.selves.opened("default", A);
		CatalogFixture.put(this.catalog, next(), instance("a").withWeight(7));
		assertThat(this.vouched).isEmpty();
	}

	@Test
	void aStoreThatFailsIsAskedAgainForTheNextSuspicion() {
		this.storeFails = true;
		this.selves.opened("default", A);
		suspect("a");
		this.storeFails = false;
		suspect("a");
		assertThat(this.vouched).hasSize(2);
		assertThat(this.catalog.position().cursor()).as("the feed goes on").isEqualTo(this.cursor);
	}

	private void suspect(String id) {
		CatalogFixture.put(this.catalog, next(), instance(id).withSuspect(true));
	}

	private Cursor next() {
		this.cursor = this.cursor.at(this.cursor.revision() + 1);
		return this.cursor;
	}

	private RegistryStore store() {
		return StoreProxy.changing(new MemoryRegistryStore(this.time), "clear", (namespace, cleared) -> {
			this.vouched.add(namespace);
			return this.storeFails ? Mono.error(new StoreUnavailableException("away")) : Mono.just(true);
		});
	}

	private static Instance instance(String id) {
		return Instance.of("orders", id, "h", 1);
	}

}
