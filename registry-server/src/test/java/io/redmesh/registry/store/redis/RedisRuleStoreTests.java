package io.redmesh.registry.store.redis;

import java.time.Duration;
import java.util.Map;

import io.lettuce.core.api.sync.RedisCommands;
import io.redmesh.registry.store.FeedEvent;
import io.redmesh.registry.store.LeaseKey;
import io.redmesh.registry.store.RegistryStore;
import io.redmesh.registry.store.RuleResult;
import io.redmesh.registry.store.RuleStoreContract;
import io.redmesh.registry.store.StoredRules;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class RedisRuleStoreTests extends RuleStoreContract {

	private static final String EPOCH = "mesh:{default}:epoch";

	private static final String RULES = "mesh:{default}:rules";

	private static TestRedis redis;

	private static RedisCommands<String, String> commands;

	private static RedisRegistryStore store;

	@BeforeAll
	static void start() {
		redis = TestRedis.started();
		commands = redis.commands();
		store = redis.store();
	}

	@AfterAll
	static void stop() {
		redis.close();
	}

	@BeforeEach
	void empty() {
		commands.flushall();
	}

	@Override
	protected RegistryStore store() {
		return store;
	}

	@Override
	protected void loseEverything() {
		commands.flushall();
	}

	@Test
	void keysAreAsDocumented() {
		RuleResult result = put(ORDERS, "{\"a\":1}");
		assertThat(commands.keys("*")).containsExactlyInAnyOrder("mesh:namespaces", EPOCH, "mesh:{default}:rev", RULES,
				"mesh:{default}:rulepast", "mesh:{default}:feed");
		String text = commands.hget(RULES, "VirtualService/orders");
		assertThat(text).matches("\\{\"generation\":" + result.revision()
				+ ",\"time\":\\d+,\"author\":\"ann\",\"compatibility\":\"FRIENDLY\",\"document\":\\{\"a\":1}}");
		assertThat(commands.hget("mesh:{default}:rulepast", "VirtualService/orders")).isEqualTo(text);
		assertThat(commands.hget(EPOCH, "ruleGeneration")).isEqualTo(Long.toString(result.revision()));
		assertThat(commands.hget(EPOCH, "ruleOrigin")).isEqualTo(result.cursor().lineage());
	}

	@Test
	void askingDoesNotMakeANamespace() {
		store.rules().history("nowhere", ORDERS).block(Duration.ofSeconds(10));
		store.rules().reports("nowhere").block(Duration.ofSeconds(10));
		store.rules().report("nowhere", new LeaseKey("orders", "a", "1-x"), "1").block(Duration.ofSeconds(10));
		assertThat(commands.keys("*")).isEmpty();
	}

	@Test
	void aRuleThatThisServerCannotReadHidesNoOther() {
		put(ORDERS, "{\"a\":1}");
		commands.hset(RULES, Map.of("Weather/sun", "{\"generation\":1,\"time\":1,\"author\":\"\",\"x\":{}}",
				"VirtualService/broken", "?"));
		assertThat(rules().rules().keySet()).containsExactly(ORDERS);
	}

	@Test
	void theDigestOfANewEpochCoversRules() {
		put(ORDERS, "{\"a\":1}");
		commands.hset(EPOCH, Map.of("replid", "0123", "sum", "77"));
		FeedEvent.Reset reset = store.follow(NAMESPACE)
			.ofType(FeedEvent.Reset.class)
			.blockFirst(Duration.ofSeconds(10));
		StoredRules rules = reset.rules();
		assertThat(rules.rules().keySet()).containsExactly(ORDERS);
		assertThat(commands.hget(EPOCH, "sum")).isEqualTo(Long.toString(rules.revision()));
	}

	@Test
	void deletionsAreForgottenAfterAMonth() {
		put(ORDERS, "{\"a\":1}");
		long old = Long.parseLong(commands.hget(EPOCH, "ruleGeneration")) - Duration.ofDays(31).toMillis();
		commands.hset("mesh:{default}:rulepast", "DestinationRule/old", "{}");
		commands.zadd("mesh:{default}:rulegone", old, "DestinationRule/old");
		put(ORDERS, "{\"a\":2}");
		assertThat(rules().deleted()).isEmpty();
		assertThat(commands.hkeys("mesh:{default}:rulepast")).containsExactly("VirtualService/orders");
	}

}
