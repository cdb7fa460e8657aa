package io.redmesh.registry.store.redis;

import io.lettuce.core.api.sync.RedisCommands;
import io.redmesh.registry.TestServer;
import io.redmesh.registry.watch.EventStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Tests for the list of namespaces that the servers on one Redis share. */
class NamespaceListTests {

	private static final String LIST = "mesh:namespaces";

	private final TestRedis redis = TestRedis.started();

	private final RedisCommands<String, String> commands = this.redis.commands();

	private final TestServer one = server();

	private final TestServer other = server();

	private TestServer server() {
		return TestServer.start("spring.data.redis.port=" + this.redis.port(),
				"mesh.server.catalog.look-for-namespaces=100ms");
	}

	@AfterEach
	void stop() {
		this.one.close();
		this.other.close();
		this.redis.close();
	}

	@Test
	void listThatWasLostAloneIsMended() {
		this.one.register("x", "orders", "a");
		assertThat(this.commands.smembers(LIST)).containsExactly("x");
		this.commands.del(LIST);
		await().untilAsserted(() -> assertThat(this.commands.smembers(LIST)).containsExactly("x"));
	}

	@Test
	void namespaceThatWasImportedIsKnownToAllServers() {
		assertThat(this.one
			.post("/v1/namespaces/x/import", "{\"service\":\"orders\",\"id\":\"a\",\"host\":\"h\",\"port\":1}",
					"Content-Type", "application/x-ndjson")
			.status()).isEqualTo(200);
		await().untilAsserted(
				() -> assertThat(this.other.get("/v1/namespaces/x/services/orders").json().path("instances").size())
					.isOne());
	}

	@Test
	void namespaceThatIsWatchedIsNotMade() throws Exception {
		assertThat(this.one.head("/v1/namespaces/nowhere/watch").status()).isEqualTo(200);
		assertThat(this.one.get("/v1/namespaces/nowhere/services").status()).isEqualTo(404);
		try (EventStream watch = EventStream.open(this.one, "nowhere", "")) {
			assertThat(watch.nextNews().name()).isEqualTo("snapshot");
			assertThat(this.commands.keys("*nowhere*")).isEmpty();
			this.other.register("nowhere", "orders", "a");
			await().until(() -> watch.nextNews().data().toString().contains("orders"));
		}
	}

}
