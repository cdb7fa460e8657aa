package io.redmesh.registry;

import java.time.Duration;
import java.util.List;
import java.util.Set;

import io.redmesh.core.instance.Instance;
import io.redmesh.core.instance.Status;
import io.redmesh.core.registry.Cursor;
import io.redmesh.core.time.ManualTime;
import io.redmesh.core.traffic.RuleKey;
import io.redmesh.registry.TestServer.Answer;
import io.redmesh.registry.store.Backup;
import io.redmesh.registry.store.Claim;
import io.redmesh.registry.store.EvictionRules;
import io.redmesh.registry.store.FeedEvent;
import io.redmesh.registry.store.Incarnation;
import io.redmesh.registry.store.InstanceOverride;
import io.redmesh.registry.store.LeaseKey;
import io.redmesh.registry.store.LoadResult;
import io.redmesh.registry.store.OverrideEntry;
import io.redmesh.registry.store.RegisterResult;
import io.redmesh.registry.store.RegistryStore;
import io.redmesh.registry.store.Remembered;
import io.redmesh.registry.store.RenewResult;
import io.redmesh.registry.store.Restored;
import io.redmesh.registry.store.RestoredRules;
import io.redmesh.registry.store.RuleReport;
import io.redmesh.registry.store.RuleResult;
import io.redmesh.registry.store.RuleStore;
import io.redmesh.registry.store.RuleVersion;
import io.redmesh.registry.store.RuleWrite;
import io.redmesh.registry.store.StoreUnavailableException;
import io.redmesh.registry.store.StoredRule;
import io.redmesh.registry.store.StoredRules;
import io.redmesh.registry.store.Sweep;
import io.redmesh.registry.store.WriteResult;
import io.redmesh.registry.store.memory.MemoryRegistryStore;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import static org.assertj.core.api.Assertions.assertThat;

class StoreAwayTests {

	private static final String INSTANCE = "/v1/namespaces/default/services/orders/instances/a";

	private static final ManualTime time = new ManualTime();

	private static final BreakableStore store = new BreakableStore(new MemoryRegistryStore(time));

	private static TestServer server;

	private static String token;

	@BeforeAll
	static void start() {
		time.forward(Duration.ofMinutes(1));
		server = TestServer.with().time(time).store(store).start();
		token = server.register("orders", "a");
		store.away = true;
		time.forward(Duration.ofSeconds(3));
	}

	@AfterAll
	static void stop() {
		server.close();
	}

	@Test
	void writesAreAnsweredWithTheReasonAndWhenToComeAgain() {
		for (Answer answer : List.of(server.put(INSTANCE, "{\"host\":\"10.0.0.7\",\"port\":8080}"),
				server.post(INSTANCE + "/heartbeat", null, "Mesh-Lease", token),
				server.post("/v1/namespaces/default/heartbeats",
						"{\"leases\":[{\"service\":\"orders\",\"id\":\"a\",\"token\":\"x\"}]}"),
				server.put(INSTANCE + "/status", "{\"status\":\"DOWN\"}", "Mesh-Lease", token),
				server.put(INSTANCE + "/override", "{\"weight\":1}"), server.delete(INSTANCE + "/override"),
				server.delete(INSTANCE, "Mesh-Lease", token))) {
			assertThat(answer.status()).isEqualTo(503);
			assertThat(answer.problem()).isEqualTo("store-unavailable");
			assertThat(answer.json().path("detail").stringValue()).contains("away for a test");
			assertThat(answer.header("Retry-After")).isEqualTo("1");
		}
	}

	@Test
	void readsGoOn() {
		assertThat(server.get("/v1/namespaces/default/services/orders").json().path("instances").size()).isEqualTo(1);
		assertThat(server.get("/v1/namespaces/default/services").status()).isEqualTo(200);
	}

	@Test
	void healthTellsButReadinessStays() {
		Answer health = server.get("/actuator/health");
		assertThat(health.status()).isEqualTo(200);
		assertThat(health.json().at("/components/registry/details/store").stringValue()).isEqualTo("memory");
		assertThat(health.json().at("/components/registry/details/storeReachable").booleanValue()).isFalse();
		assertThat(server.get("/actuator/health/readiness").json().path("status").stringValue()).isEqualTo("UP");
	}

	@Test
	void deregistrationIsMadeUpForWhenTheStoreIsBack() {
		store.away = false;
		String leaving = server.register("stock", "b");
		store.away = true;
		assertThat(server.delete("/v1/namespaces/default/services/stock/instances/b", "Mesh-Lease", leaving).status())
			.isEqualTo(503);
		time.forward(Duration.ofSeconds(5));
		assertThat(server.get("/v1/namespaces/default/services/stock").status()).isEqualTo(200);
		store.away = false;
		time.forward(Duration.ofSeconds(1));
		assertThat(server.get("/v1/namespaces/default/services/stock").status()).isEqualTo(404);
		store.away = true;
	}

	@Test
	void sweepingWaitsLongerAndLonger() {
		int before = store.evictions;
		time.forward(Duration.ofSeconds(60));
		assertThat(store.evictions - before).isBetween(10, 40);
	}

	/** A store that delegates to another one, but fails while {@code away} is true. */
	private static final class BreakableStore implements RegistryStore {

		private final RegistryStore store;

		private volatile boolean away;

		private int evictions;

		BreakableStore(RegistryStore store) {
			this.store = store;
		}

		private <T> Mono<T> unlessAway(Mono<T> result) {
			return Mono.defer(() -> this.away
					? Mono.error(new StoreUnavailableException("away for a test", new IllegalStateException("a test")))
					: result);
		}

		@Override
		public String kind() {
			return this.store.kind();
		}

		@Override
		public Mono<RegisterResult> register(String namespace, Instance instance, Duration ttl, Claim claim) {
			return unlessAway(this.store.register(namespace, instance, ttl, claim));
		}

		@Override
		public Mono<RenewResult> renew(String namespace, List<LeaseKey> leases) {
			return unlessAway(this.store.renew(namespace, leases));
		}

		@Override
		public Mono<WriteResult> deregister(String namespace, LeaseKey lease, Duration age) {
			return unlessAway(this.store.deregister(namespace, lease, age));
		}

		@Override
		public Mono<WriteResult> status(String namespace, LeaseKey lease, Status status) {
			return unlessAway(this.store.status(namespace, lease, status));
		}

		@Override
		public Mono<WriteResult> override(String namespace, String service, String id,
				@Nullable InstanceOverride override) {
			return unlessAway(this.store.override(namespace, service, id, override));
		}

		@Override
		public Mono<Sweep> evict(String namespace, EvictionRules rules) {
			this.evictions++;
			return unlessAway(this.store.evict(namespace, rules));
		}

		@Override
		public Mono<Boolean> suspect(String namespace, Incarnation incarnation) {
			return unlessAway(this.store.suspect(namespace, incarnation));
		}

		@Override
		public Mono<Boolean> clear(String namespace, Incarnation incarnation) {
			return unlessAway(this.store.clear(namespace, incarnation));
		}

		@Override
		public Mono<Boolean> evictRefused(String namespace, Incarnation incarnation, EvictionRules rules) {
			return unlessAway(this.store.evictRefused(namespace, incarnation, rules));
		}

		@Override
		public Mono<Restored> restore(String namespace, Cursor epoch, List<Remembered> remembered) {
			return unlessAway(this.store.restore(namespace, epoch, remembered));
		}

		@Override
		public Mono<LoadResult> load(String namespace, List<Backup> backups) {
			return unlessAway(this.store.load(namespace, backups));
		}

		@Override
		public Mono<List<OverrideEntry>> overrides(String namespace) {
			return unlessAway(this.store.overrides(namespace));
		}

		@Override
		public RuleStore rules() {
			RuleStore rules = this.store.rules();
			return new RuleStore() {

				@Override
				public Mono<RuleResult> write(String namespace, RuleWrite write) {
					return unlessAway(rules.write(namespace, write));
				}

				@Override
				public Mono<List<RuleVersion>> history(String namespace, RuleKey key) {
					return unlessAway(rules.history(namespace, key));
				}

				@Override
				public Mono<WriteResult> report(String namespace, LeaseKey lease, String revision) {
					return unlessAway(rules.report(namespace, lease, revision));
				}

				@Override
				public Mono<List<RuleReport>> reports(String namespace) {
					return unlessAway(rules.reports(namespace));
				}

				@Override
				public Mono<RestoredRules> restore(String namespace, StoredRules remembered) {
					return unlessAway(rules.restore(namespace, remembered));
				}

				@Override
				public Mono<Integer> addMissing(String namespace, StoredRules known, List<StoredRule> missing) {
					return unlessAway(rules.addMissing(namespace, known, missing));
				}

			};
		}

		@Override
		public Mono<Boolean> isOccupied(String namespace) {
			return unlessAway(this.store.isOccupied(namespace));
		}

		@Override
		public Mono<Boolean> forget(String namespace) {
			return unlessAway(this.store.forget(namespace));
		}

		@Override
		public Mono<Void> enlist(String namespace) {
			return unlessAway(this.store.enlist(namespace));
		}

		@Override
		public void reread(String namespace) {
			this.store.reread(namespace);
		}

		@Override
		public Flux<FeedEvent> follow(String namespace) {
			return this.store.follow(namespace);
		}

		@Override
		public void seek() {
			this.store.seek();
		}

		@Override
		public Mono<Set<String>> namespaces() {
			return unlessAway(this.store.namespaces());
		}

		@Override
		public Mono<Void> ping() {
			return unlessAway(this.store.ping());
		}

	}

}
