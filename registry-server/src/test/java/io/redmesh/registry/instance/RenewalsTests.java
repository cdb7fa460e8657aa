package io.redmesh.registry.instance;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

import io.redmesh.core.registry.Cursor;
import io.redmesh.registry.TestServer;
import io.redmesh.registry.store.LeaseKey;
import io.redmesh.registry.store.LeaseState;
import io.redmesh.registry.store.RegistryStore;
import io.redmesh.registry.store.RenewResult;
import io.redmesh.registry.store.StoreUnavailableException;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyList;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

class RenewalsTests {

	private static final Cursor CURSOR = new Cursor("l", 1, 1);

	private final List<List<LeaseKey>> calls = new ArrayList<>();

	private final List<MonoSink<RenewResult>> pending = new ArrayList<>();

	private final RegistryStore store = mock();

	private final Renewals renewals = new Renewals(this.store);

	private final List<Object> answers = new ArrayList<>();

	RenewalsTests() {
		given(this.store.renew(any(), anyList())).willAnswer((call) -> {
			this.calls.add(call.getArgument(1));
			return Mono.<RenewResult>create(this.pending::add);
		});
	}

	@Test
	void whatComesWhileACallIsUnderWayGoesOutTogether() {
		renew("a");
		renew("b");
		renew("c");
		assertThat(this.calls).hasSize(1);
		this.pending.get(0).success(result(LeaseState.HELD));
		assertThat(this.calls).hasSize(2);
		assertThat(this.calls.get(1)).extracting(LeaseKey::id).containsExactly("b", "c");
		this.pending.get(1).success(result(LeaseState.UNKNOWN, LeaseState.SUPERSEDED));
		assertThat(this.answers).containsExactly("a HELD", "b UNKNOWN", "c SUPERSEDED");
		renew("d");
		assertThat(this.calls).hasSize(3);
	}

	@Test
	void oneCallHasAtMostFiveHundred() {
		for (int i = 0; i < 1201; i++) {
			renew("i" + i);
		}
		for (int call = 0; call < 3; call++) {
			this.pending.get(call)
				.success(result(Mono.just(LeaseState.HELD)
					.repeat(this.calls.get(call).size() - 1)
					.collectList()
					.block()
					.toArray(LeaseState[]::new)));
		}
		assertThat(this.calls).extracting(List::size).containsExactly(1, 500, 500, 200);
	}

	@Test
	void aFailureIsToldToAllOfItsCallAndTheNextGoesOn() {
		renew("a");
		renew("b");
		this.pending.get(0).error(new StoreUnavailableException("away", new IllegalStateException()));
		this.pending.get(1).success(result(LeaseState.HELD));
		assertThat(this.answers).containsExactly("a away", "b HELD");
	}

	@Test
	void manyConnectionsAtOnceAreAllAnswered() throws Exception {
		int connections = 16;
		ExecutorService callers = Executors.newFixedThreadPool(connections);
		try (TestServer server = TestServer.start()) {
			List<CompletableFuture<Void>> all = new ArrayList<>();
			for (int i = 0; i < connections; i++) {
				String id = "i" + i;
				String token = server.register("orders", id);
				all.add(CompletableFuture.runAsync(() -> {
					String path = "/v1/namespaces/default/services/orders/instances/" + id + "/heartbeat";
					for (int n = 0; n < 300; n++) {
						assertThat(server.post(path, null, "Mesh-Lease", token).status()).isEqualTo(200);
					}
				}, callers));
			}
			CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).get(30, TimeUnit.SECONDS);
		}
		finally {
			callers.shutdownNow();
		}
	}

	private void renew(String id) {
		this.renewals.renew("default", new LeaseKey("orders", id, "t"))
			.subscribe((result) -> this.answers.add(id + " " + result.state()),
					(failure) -> this.answers.add(id + " " + failure.getMessage()));
	}

	private static RenewResult result(LeaseState... states) {
		return new RenewResult(List.of(states), CURSOR);
	}

}
