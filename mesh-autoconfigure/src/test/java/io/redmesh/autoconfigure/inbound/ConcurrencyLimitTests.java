package io.redmesh.autoconfigure.inbound;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import io.redmesh.core.time.ManualTime;
import io.redmesh.core.time.Time;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class ConcurrencyLimitTests {

	private static final InboundProperties.Limit LIMITED = new InboundProperties.Limit(true, 100, 20, 1000,
			Duration.ZERO, Duration.ofSeconds(1));

	private static final MeshRequestHeaders ARRIVAL = new MeshRequestHeaders(null, 1, null, false);

	private final ManualTime time = new ManualTime();

	private final ConcurrencyLimit limit = new ConcurrencyLimit(LIMITED, Duration.ZERO, WaitingRequests.NONE,
			this.time);

	private final Admission admission = new Admission(null, this.limit, true);

	@ParameterizedTest
	@ValueSource(ints = { 1, 10, 20 })
	void slowAppOfLowConcurrencyIsNeverShed(int concurrency) {
		// Latencies jump from fast to slow from one moment to the next.
		for (int i = 0; i < 200; i++) {
			serve(concurrency, Duration.ofMillis(50), true);
		}
		for (int i = 0; i < 1000; i++) {
			serve(concurrency, Duration.ofSeconds(1 + i % 7), true);
		}
		assertThat(this.admission.count(Refusal.SHED)).isZero();
		assertThat(this.limit.limit()).isEqualTo(100);
	}

	@Test
	void limitNeverFallsBelowItsMinimum() {
		warmUp();
		while (this.limit.limit() > 20) {
			serve(this.limit.limit(), Duration.ofSeconds(5), true);
		}
		for (int i = 0; i < 50; i++) {
			serve(20, Duration.ofSeconds(30), true);
		}
		assertThat(this.limit.limit()).isGreaterThanOrEqualTo(20);
		assertThat(this.admission.count(Refusal.SHED)).isZero();
	}

	@Test
	void limitShrinksWhenAnswersBecomeSlowAndGrowsWhenTheyAreFastAgain() {
		warmUp();
		int before = this.limit.limit();
		for (int i = 0; i < 40; i++) {
			serve(this.limit.limit(), Duration.ofMillis(300), true);
		}
		int slow = this.limit.limit();
		assertThat(slow).isLessThan(before * 6 / 10);
		for (int i = 0; i < 100; i++) {
			serve(this.limit.limit(), Duration.ofMillis(50), true);
		}
		assertThat(this.limit.limit()).isGreaterThan(slow);
	}

	@Test
	void twiceAsSlowAsUsualIsNoReasonToShrink() {
		warmUp();
		int before = this.limit.limit();
		for (int i = 0; i < 10; i++) {
			serve(this.limit.limit(), Duration.ofMillis(100), true);
		}
		assertThat(this.limit.limit()).isGreaterThanOrEqualTo(before);
	}

	@Test
	void fastEnoughIsNoReasonToShrink() {
		ConcurrencyLimit patient = new ConcurrencyLimit(
				new InboundProperties.Limit(true, 100, 20, 1000, Duration.ofMillis(250), Duration.ZERO), Duration.ZERO,
				WaitingRequests.NONE, this.time);
		answer(patient, Duration.ofMillis(200), 60);
		int before = patient.limit();
		answer(patient, Duration.ofMillis(490), 20);
		assertThat(patient.limit()).isGreaterThan(before);
		answer(patient, Duration.ofMillis(750), 40);
		assertThat(patient.limit()).isLessThan(before);
	}

	private void answer(ConcurrencyLimit limit, Duration took, int times) {
		for (int i = 0; i < times; i++) {
			long began = limit.now();
			int concurrency = limit.limit();
			this.time.forward(took);
			for (int j = 0; j < concurrency; j++) {
				limit.learn(began, took.toNanos(), concurrency, true);
			}
		}
	}

	@Test
	void limitDoesNotGrowBeyondItsMaximum() {
		for (int i = 0; i < 10_000; i++) {
			serve(this.limit.limit(), Duration.ofMillis(300), true);
		}
		assertThat(this.limit.limit()).isEqualTo(1000);
	}

	@Test
	void unusedLimitStays() {
		for (int i = 0; i < 1000; i++) {
			serve(40, Duration.ofMillis(300), true);
		}
		assertThat(this.limit.limit()).isEqualTo(100);
	}

	@Test
	void limitThatHadShrunkIsForgottenOnceItWasNotUsed() {
		warmUp();
		while (this.limit.limit() > 20) {
			serve(this.limit.limit(), Duration.ofSeconds(1), true);
		}
		for (int i = 0; i < 190; i++) {
			serve(2, Duration.ofMillis(50), true);
		}
		assertThat(this.limit.limit()).isEqualTo(20);
		for (int i = 0; i < 11; i++) {
			serve(2, Duration.ofMillis(50), true);
		}
		assertThat(this.limit.limit()).isEqualTo(100);
		// The usual latency was not forgotten.
		for (int i = 0; i < 10; i++) {
			serve(this.limit.limit(), Duration.ofMillis(300), true);
		}
		assertThat(this.limit.limit()).isLessThan(100);
	}

	@Test
	void crowdThatPassesIsServed() {
		assertThat(arrive(150, false)).hasSize(150);
		this.time.forward(Duration.ofMillis(999));
		assertThat(arrive(1, false)).isEmpty();
		assertThat(this.admission.count(Refusal.SHED)).isOne();
	}

	@Test
	void crowdThatStaysIsRefused() {
		List<Admitted> crowd = arrive(101, false);
		for (int i = 0; i < 50; i++) {
			this.time.forward(Duration.ofMillis(100));
			// One request ends and two arrive.
			crowd.remove(0).end(true);
			crowd.addAll(arrive(2, false));
		}
		// One more is admitted in each of the first rounds. After the burst, no request
		// is until there is room.
		assertThat(crowd).hasSize(100);
		assertThat(this.admission.count(Refusal.SHED)).isEqualTo(51);
	}

	@Test
	void nextCrowdIsServedAfterACalmSecond() {
		List<Admitted> crowd = arrive(150, false);
		this.time.forward(Duration.ofSeconds(1));
		assertThat(arrive(1, false)).isEmpty();
		crowd.forEach((one) -> one.end(true));
		this.time.forward(Duration.ofSeconds(1));
		assertThat(arrive(this.limit.limit() + 1, false)).hasSize(this.limit.limit());
		this.time.forward(Duration.ofMillis(1001));
		assertThat(arrive(1, false)).hasSize(1);
	}

	@Test
	void fastFailuresAreNoSignOfSpeed() {
		warmUp();
		int before = this.limit.limit();
		for (int i = 0; i < 2000; i++) {
			serve(this.limit.limit(), Duration.ofMillis(1), false);
		}
		assertThat(this.limit.limit()).isEqualTo(before);
		// If the fast failures had been counted, these responses would seem slow.
		for (int i = 0; i < 10; i++) {
			serve(this.limit.limit(), Duration.ofMillis(50), true);
		}
		assertThat(this.limit.limit()).isGreaterThanOrEqualTo(before);
	}

	@Test
	void slowFailuresAreASignOfTrouble() {
		warmUp();
		int before = this.limit.limit();
		for (int i = 0; i < 10; i++) {
			serve(this.limit.limit(), Duration.ofSeconds(10), false);
		}
		assertThat(this.limit.limit()).isLessThan(before * 6 / 10);
	}

	@Test
	void streamsSayNothing() {
		warmUp();
		int before = this.limit.limit();
		for (int i = 0; i < 100; i++) {
			List<Admitted> streams = arrive(before, false);
			streams.forEach(Admitted::releaseSlot);
			this.time.forward(Duration.ofMinutes(10));
			streams.forEach((stream) -> stream.end(true));
		}
		assertThat(this.limit.limit()).isEqualTo(before);
	}

	@Test
	void slowlyReadResponseIsNotSlow() {
		warmUp();
		int before = this.limit.limit();
		for (int i = 0; i < 100; i++) {
			List<Admitted> served = arrive(before, false);
			this.time.forward(Duration.ofMillis(50));
			served.forEach(Admitted::responseBegan);
			this.time.forward(Duration.ofMinutes(10));
			served.forEach((one) -> one.end(true));
		}
		assertThat(this.limit.limit()).isGreaterThanOrEqualTo(before);
	}

	@Test
	void probesSayNothing() {
		warmUp();
		int before = this.limit.limit();
		for (int i = 0; i < 100; i++) {
			List<Admitted> served = arrive(before, true);
			this.time.forward(Duration.ofSeconds(10));
			served.forEach((one) -> one.end(true));
		}
		assertThat(this.limit.limit()).isEqualTo(before);
	}

	@Test
	void clockMayBeNegative() {
		ConcurrencyLimit limit = new ConcurrencyLimit(LIMITED, Duration.ZERO, WaitingRequests.NONE, new Time() {

			@Override
			public long nanos() {
				return Long.MIN_VALUE + ConcurrencyLimitTests.this.time.nanos();
			}

			@Override
			public Instant now() {
				return ConcurrencyLimitTests.this.time.now();
			}

			@Override
			public void sleep(Duration duration) throws InterruptedException {
				ConcurrencyLimitTests.this.time.sleep(duration);
			}

		});
		for (int window = 0; window < 100; window++) {
			long began = limit.now();
			this.time.forward(Duration.ofMillis(300));
			for (int i = 0; i < 100; i++) {
				limit.learn(began, Duration.ofMillis(300).toNanos(), 100, true);
			}
		}
		assertThat(limit.limit()).isGreaterThan(120);
	}

	@Test
	void withoutALimitThereIsRoom() {
		ConcurrencyLimit off = new ConcurrencyLimit(
				new InboundProperties.Limit(false, 1, 1, 1, Duration.ZERO, Duration.ZERO), null, WaitingRequests.NONE,
				this.time);
		for (int i = 1; i < 5000; i++) {
			assertThat(off.tryEnter(false)).isEqualTo(i);
		}
		off.learn(off.now(), 1, 1, true);
		assertThat(off.isEnabled()).isFalse();
	}

	private void warmUp() {
		for (int i = 0; i < 400; i++) {
			serve(60, Duration.ofMillis(50), true);
		}
	}

	private void serve(int concurrency, Duration took, boolean good) {
		List<Admitted> served = arrive(concurrency, false);
		this.time.forward(took);
		served.forEach((admitted) -> admitted.end(good));
	}

	private List<Admitted> arrive(int concurrency, boolean vital) {
		List<Admitted> served = new ArrayList<>();
		for (int i = 0; i < concurrency; i++) {
			if (this.admission.decide(ARRIVAL, vital ? RequestPriority.VITAL : RequestPriority.ORDINARY,
					true) instanceof Admitted admitted) {
				served.add(admitted);
			}
		}
		return served;
	}

}
