package io.redmesh.registry.store.redis;

import java.time.Duration;

import io.lettuce.core.api.sync.RedisCommands;
import io.redmesh.core.registry.Cursor;
import io.redmesh.core.time.Time;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests of when a server enters a namespace into the list of all namespaces. */
class NamespaceEntryTests {

	private static final String LIST = "mesh:namespaces";

	private static final Duration LIMIT = Duration.ofSeconds(10);

	private static final Cursor CURSOR = new Cursor("lineage", 5, 1);

	private final TestRedis redis = TestRedis.started();

	private final RedisLink link = this.redis.link();

	private final RedisCommands<String, String> commands = this.redis.commands();

	private final NamespaceList list = new NamespaceList(this.link);

	private final RedisNamespace namespace = new RedisNamespace("x", Time.system());

	@AfterEach
	void stop() {
		this.link.close();
		this.redis.close();
	}

	@Test
	void namespaceIsAddedOnceInEachEpoch() {
		this.list.add(this.namespace, CURSOR).block(LIMIT);
		assertThat(this.commands.smembers(LIST)).containsExactly("x");
		this.commands.del(LIST);
		this.list.add(this.namespace, CURSOR.at(99)).block(LIMIT);
		assertThat(this.commands.exists(LIST)).as("the same epoch").isZero();
		this.list.add(this.namespace, new Cursor("lineage", 6, 0)).block(LIMIT);
		assertThat(this.commands.smembers(LIST)).containsExactly("x");
	}

	@Test
	void namespaceThatWasRemovedIsAddedAgainInTheSameEpoch() {
		this.list.add(this.namespace, CURSOR).block(LIMIT);
		this.list.remove(this.namespace).block(LIMIT);
		assertThat(this.commands.exists(LIST)).isZero();
		this.list.add(this.namespace, CURSOR).block(LIMIT);
		assertThat(this.list.all().block(LIMIT)).containsExactly("x");
	}

	@Test
	void additionThatFailedIsMadeAgain() {
		this.commands.set(LIST, "no set");
		assertThat(this.list.add(this.namespace, CURSOR).onErrorComplete().materialize().block(LIMIT)).isNotNull();
		this.commands.del(LIST);
		this.list.add(this.namespace, CURSOR).block(LIMIT);
		assertThat(this.commands.smembers(LIST)).containsExactly("x");
	}

	@Test
	void listThatIsMissingIsEmpty() {
		assertThat(this.list.all().block(LIMIT)).isEmpty();
	}

}
