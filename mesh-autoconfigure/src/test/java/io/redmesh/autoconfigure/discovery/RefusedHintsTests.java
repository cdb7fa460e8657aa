package io.redmesh.autoconfigure.discovery;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

import io.redmesh.autoconfigure.registry.Answer;
import io.redmesh.autoconfigure.registry.FakeRegistryClient;
import io.redmesh.core.instance.Instance;
import io.redmesh.core.registry.Catalog;
import io.redmesh.core.time.ManualTime;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class RefusedHintsTests {

	private final ManualTime time = new ManualTime();

	private final FakeRegistryClient client = new FakeRegistryClient();

	private final RefusedHints hints = new RefusedHints(this.client,
			new Catalog(Map.of("mocks", List.of(Instance.of("mocks", "a", "localhost", 80)))), this.time);

	@Test
	void firstHintIsSentAtOnceAndLaterOnesTogether() {
		this.hints.report(instance("a"));
		this.time.forward(Duration.ZERO);
		assertThat(this.client.asked).containsExactly("hint [a]");
		this.hints.report(instance("b"));
		this.hints.report(instance("c"));
		this.hints.report(instance("b"));
		this.time.forward(Duration.ofMillis(900));
		assertThat(this.client.asked).hasSize(1);
		this.time.forward(Duration.ofMillis(100));
		assertThat(this.client.asked).containsExactly("hint [a]", "hint [b, c]");
		this.time.forward(Duration.ofSeconds(10));
		this.hints.report(instance("d"));
		this.time.forward(Duration.ZERO);
		assertThat(this.client.asked).hasSize(3).endsWith("hint [d]");
	}

	@Test
	void instancesByHandAreNotReported() {
		this.hints.report(Instance.of("mocks", "a", "localhost", 80));
		this.time.forward(Duration.ZERO);
		assertThat(this.client.asked).isEmpty();
	}

	@Test
	void aRegistryThatIsAwayOrSilentChangesNothing() {
		CompletableFuture<Answer> silent = new CompletableFuture<>();
		this.client.answer = () -> silent;
		this.hints.report(instance("a"));
		this.time.forward(Duration.ofSeconds(5));
		IntStream.range(0, 1000).forEach((i) -> this.hints.report(instance("i" + i)));
		this.time.forward(Duration.ofSeconds(5));
		assertThat(this.client.asked).hasSize(1);
		silent.completeExceptionally(new IllegalStateException("for a test"));
		this.client.answers(Answer.Outcome.UNAVAILABLE);
		this.time.forward(Duration.ofSeconds(1));
		assertThat(this.client.asked).hasSize(2);
		assertThat(this.client.asked.get(1).split(",")).hasSize(100);
	}

	private static Instance instance(String id) {
		return Instance.of("orders", id, "10.0.0.7", 8080);
	}

}
