package io.redmesh.registry.store.redis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

import io.redmesh.core.instance.Instance;
import io.redmesh.core.registry.Cursor;
import io.redmesh.registry.store.Claim;
import io.redmesh.registry.store.FeedEvent;
import io.redmesh.registry.store.Incarnation;
import io.redmesh.registry.store.RegistryStore;
import io.redmesh.registry.store.Remembered;
import io.redmesh.registry.store.StoredInstance;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of several servers that put back what they remember, in random order, in parts
 * and more than once: the newest state of the past wins.
 */
class RestorationOrderTests {

	private static final Duration LIMIT = Duration.ofSeconds(10);

	private static final Duration TTL = Duration.ofSeconds(60);

	private static final int IDS = 6;

	private static TestRedis redis;

	private static RegistryStore store;

	@BeforeAll
	static void start() {
		redis = TestRedis.started();
		store = redis.store();
	}

	@AfterAll
	static void stop() {
		redis.close();
	}

	@Test
	void newestStateWinsWhicheverServerBringsIt() {
		for (int run = 0; run < 60; run++) {
			Random random = new Random(run);
			String namespace = "r" + run;
			Cursor epoch = register(namespace, "new");
			List<List<Remembered>> histories = histories(random, epoch.lineage());
			register(namespace, "i0");
			List<Remembered> brought = new ArrayList<>();
			Map<String, Integer> expected = new TreeMap<>();
			for (int id = 0; id < IDS; id++) {
				int newest = -1;
				for (int server = 0; server < 3; server++) {
					// A server may have seen nothing of the id yet.
					int seen = random.nextInt(histories.get(id).size() + 1) - 1;
					newest = Math.max(newest, seen);
					if (seen >= 0) {
						brought.addAll(Collections.nCopies(1 + random.nextInt(2), histories.get(id).get(seen)));
					}
				}
				if (newest >= 0 && histories.get(id).get(newest) instanceof Remembered.Held held) {
					expected.put("i" + id, held.instance().own().weight());
				}
			}
			expected.put("i0", Instance.DEFAULT_WEIGHT);
			expected.put("new", Instance.DEFAULT_WEIGHT);
			restore(random, namespace, epoch, brought);
			assertThat(weights(namespace)).as("run %d", run).isEqualTo(expected);
		}
	}

	/** Draws for each id the states that servers have seen, one after another. */
	private static List<List<Remembered>> histories(Random random, String lineage) {
		List<List<Remembered>> histories = new ArrayList<>();
		long revision = 1;
		for (int id = 0; id < IDS; id++) {
			List<Remembered> history = new ArrayList<>();
			long fence = 10 + random.nextInt(5);
			boolean takenOver = false;
			for (int states = 1 + random.nextInt(4); states > 0; states--) {
				if (random.nextInt(3) == 0) {
					takenOver |= !history.isEmpty();
					fence++;
				}
				Cursor changed = new Cursor(lineage, 1, revision++);
				Instance own = Instance.of("orders", "i" + id, "10.0.0.7", 8080)
					.withFence(fence)
					.withWeight((int) revision);
				history.add(new Remembered.Held(new StoredInstance(own, null, TTL, fence + "-x", changed)));
			}
			if (!takenOver && random.nextBoolean()) {
				history.add(new Remembered.Left(new Incarnation("orders", "i" + id, fence),
						new Cursor(lineage, 1, revision++)));
			}
			histories.add(history);
		}
		return histories;
	}

	private static void restore(Random random, String namespace, Cursor epoch, List<Remembered> brought) {
		Collections.shuffle(brought, random);
		for (int begin = 0; begin < brought.size();) {
			int end = Math.min(brought.size(), begin + 1 + random.nextInt(4));
			store.restore(namespace, epoch, brought.subList(begin, end)).block(LIMIT);
			begin = end;
		}
	}

	private static Cursor register(String namespace, String id) {
		return store.register(namespace, Instance.of("orders", id, "10.0.0.7", 8080), TTL, Claim.NONE)
			.block(LIMIT)
			.cursor();
	}

	private static Map<String, Integer> weights(String namespace) {
		FeedEvent.Reset reset = store.follow(namespace).ofType(FeedEvent.Reset.class).blockFirst(LIMIT);
		Map<String, Integer> weights = new TreeMap<>();
		reset.instances().forEach((stored) -> weights.put(stored.own().id(), stored.own().weight()));
		return weights;
	}

}
