package io.redmesh.autoconfigure.restclient;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.redmesh.core.time.ManualTime;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class TimeLimitsTests {

	private final ManualTime time = new ManualTime();

	private final TimeLimits limits = new TimeLimits(this.time, this.time);

	@AfterEach
	void nothingIsLeftBehind() {
		assertThat(Thread.interrupted()).isFalse();
		assertThat(TimeLimit.current()).isNull();
		this.time.forward(Duration.ofSeconds(1));
		assertThat(this.time.pending()).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(ints = { 50, 199, 200, 1000, 10_000 })
	void slowCallIsInterruptedWithinATenth(int millis) {
		TimeLimit limit = this.limits.begin(Duration.ofMillis(millis));
		this.time.forward(Duration.ofMillis(millis - 1));
		assertThat(Thread.currentThread().isInterrupted()).isFalse();
		this.time.forward(Duration.ofMillis(1 + millis / 10));
		assertThat(Thread.currentThread().isInterrupted()).isTrue();
		assertThat(limit.end()).isTrue();
		assertThat(limit.end()).isTrue();
	}

	@ParameterizedTest
	@ValueSource(ints = { 100, 1000 })
	void callInTimeIsNotInterrupted(int millis) {
		TimeLimit limit = this.limits.begin(Duration.ofMillis(millis));
		this.time.forward(Duration.ofMillis(millis / 2));
		assertThat(limit.end()).isFalse();
		this.time.forward(Duration.ofMinutes(1));
	}

	@Test
	void anInterruptionOfAnotherKindIsKept() {
		TimeLimit limit = this.limits.begin(Duration.ofSeconds(1));
		Thread.currentThread().interrupt();
		assertThat(limit.end()).isFalse();
		assertThat(Thread.interrupted()).isTrue();
	}

	@Test
	void callWithACancellationIsCancelledAndNotInterrupted() {
		AtomicInteger cancelled = new AtomicInteger();
		TimeLimit limit = this.limits.begin(Duration.ofSeconds(1));
		limit.cancelBy(cancelled::incrementAndGet);
		this.time.forward(Duration.ofSeconds(5));
		assertThat(cancelled).hasValue(1);
		assertThat(Thread.currentThread().isInterrupted()).isFalse();
		assertThat(limit.end()).isTrue();
	}

	@Test
	void cancellationThatIsSetTooLateRunsAtOnce() {
		AtomicInteger cancelled = new AtomicInteger();
		TimeLimit limit = this.limits.begin(Duration.ofSeconds(1));
		this.time.forward(Duration.ofSeconds(2));
		limit.cancelBy(cancelled::incrementAndGet);
		assertThat(cancelled).hasValue(1);
		assertThat(limit.end()).isTrue();
	}

	@Test
	void cancellationThatThrowsEndsNoOtherLimit() throws Exception {
		AtomicInteger cancelled = new AtomicInteger();
		TimeLimit failing = this.limits.begin(Duration.ofSeconds(1));
		failing.cancelBy(() -> {
			throw new IllegalStateException("cannot be cancelled");
		});
		assertThat(CompletableFuture.supplyAsync(() -> {
			TimeLimit other = this.limits.begin(Duration.ofSeconds(2));
			other.cancelBy(cancelled::incrementAndGet);
			this.time.forward(Duration.ofSeconds(3));
			return other.end();
		}).get(10, TimeUnit.SECONDS)).isTrue();
		assertThat(cancelled).hasValue(1);
		assertThat(failing.end()).isTrue();
	}

	@Test
	void aCallWithinACallHasItsOwnLimitAndLeavesTheOther() {
		TimeLimit outer = this.limits.begin(Duration.ofSeconds(10));
		TimeLimit inner = this.limits.begin(Duration.ofSeconds(1));
		assertThat(TimeLimit.current()).isSameAs(inner);
		assertThat(inner.end()).isFalse();
		assertThat(TimeLimit.current()).isSameAs(outer);
		this.time.forward(Duration.ofSeconds(11));
		assertThat(outer.end()).isTrue();
	}

}
