package io.redmesh.registry.catalog;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import io.redmesh.core.time.ManualTime;
import io.redmesh.registry.TestServer;
import io.redmesh.registry.TestServer.Answer;
import io.redmesh.registry.store.FeedEvent;
import io.redmesh.registry.store.RegistryStore;
import io.redmesh.registry.store.StoreProxy;
import io.redmesh.registry.store.memory.MemoryRegistryStore;
import io.redmesh.registry.watch.EventStream;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for a feed that dies silently. The server detects it and begins a new one. Until
 * that delivers, the lists of the server are incomplete.
 */
class DeadFeedTests {

	private final ManualTime time = new ManualTime();

	private final AtomicBoolean dead = new AtomicBoolean();

	private final AtomicInteger followers = new AtomicInteger();

	private final Sinks.Empty<Void> storeAnswers = Sinks.empty();

	@Test
	void itIsBegunAnewAndItsListsAreIncompleteMeanwhile() throws Exception {
		try (TestServer server = TestServer.with().time(this.time).store(store()).start()) {
			this.time.forward(Duration.ofSeconds(20));
			server.register("orders", "a");
			this.dead.set(true);
			server.register("orders", "b");
			try (EventStream watch = EventStream.open(server, "default", "")) {
				assertThat(watch.nextNews().data().toString()).contains("\"complete\":true").doesNotContain("\"b\"");
				renewFor(server, Duration.ofSeconds(20));
				assertThat(instances(server).json().path("instances").size()).isOne();
				assertThat(this.followers).hasValue(1);
				renewFor(server, Duration.ofSeconds(30));
				assertThat(this.followers).hasValue(2);
				assertThat(instances(server).json().path("complete").booleanValue()).isFalse();
				assertThat(watch.nextNews().data().toString()).contains("\"complete\":false");
				this.storeAnswers.tryEmitEmpty();
				this.time.forward(Duration.ofSeconds(1));
				assertThat(watch.nextNews().data().toString()).contains("\"complete\":true", "\"b\"");
				assertThat(instances(server).json().path("instances").size()).isEqualTo(2);
			}
		}
	}

	private static Answer instances(TestServer server) {
		return server.get("/v1/namespaces/default/services/orders");
	}

	private void renewFor(TestServer server, Duration duration) {
		for (int i = 0; i < duration.toSeconds(); i++) {
			this.time.forward(Duration.ofSeconds(1));
			server.register("orders", "a");
			server.register("orders", "b");
		}
	}

	/** Creates a store whose first feed emits nothing more once {@link #dead} is set. */
	private RegistryStore store() {
		return StoreProxy.changing(new MemoryRegistryStore(this.time), "follow",
				(namespace, feed) -> silentOnceDead((Flux<?>) feed));
	}

	private Flux<FeedEvent> silentOnceDead(Flux<?> feed) {
		return Flux.defer(() -> {
			int number = this.followers.incrementAndGet();
			Flux<FeedEvent> events = feed.cast(FeedEvent.class);
			return (number == 1) ? events.filter((event) -> !this.dead.get())
					: events.delaySubscription(this.storeAnswers.asMono());
		});
	}

}
