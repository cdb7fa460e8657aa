package io.redmesh.core.endpoint;

import java.time.Duration;
import java.util.SplittableRandom;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/** Tests of how long ejections last, when they grow, and when that is forgotten. */
class EjectionsTests {

	private static final long SECOND = Duration.ofSeconds(1).toNanos();

	private static final EjectionPolicy POLICY = EjectionPolicy.DEFAULT;

	@ParameterizedTest
	@ValueSource(longs = { 0, 1_000_000_000, -1, Long.MAX_VALUE - 3_000_000_000L, Long.MIN_VALUE })
	void agreeWithTheRulesWhereverTheClockStands(long start) {
		SplittableRandom random = new SplittableRandom(start);
		Ejections ejections = new Ejections(start);
		long now = start;
		int times = 0;
		long ended = start;
		int grown = 0;
		for (int event = 0; event < 5_000; event++) {
			now += random.nextLong(5 * SECOND);
			Ejection before = ejections.current();
			if (before == null || random.nextInt(3) == 0) {
				boolean again = (before != null) ? before.probed() : times > 0 && now - ended < seconds(times) * SECOND;
				times = again ? times + 1 : ((before != null) ? times : 1);
				grown += again ? 1 : 0;
				Ejection next = ejections.begin(EjectionCause.FAILURE_SHARE, POLICY, now);
				assertThat(next).isEqualTo(
						new Ejection(EjectionCause.FAILURE_SHARE, times, now, now + seconds(times) * SECOND, false));
				assertThat(next.isDue(next.until() - 1)).isFalse();
				assertThat(next.isDue(next.until())).isTrue();
			}
			else if (random.nextBoolean()) {
				ejections.probe(before, POLICY, now);
				assertThat(ejections.current())
					.isEqualTo(new Ejection(before.cause(), before.times(), before.since(), now + 8 * SECOND, true));
			}
			else {
				ejections.end(now);
				ended = now;
				assertThat(ejections.current()).isNull();
			}
		}
		assertThat(grown).isGreaterThan(100);
	}

	@Test
	void anEjectionAcrossTheOverflowOfTheClockIsNotDueAtOnce() {
		Ejection ejection = new Ejection(EjectionCause.UNREACHABLE, 1, Long.MAX_VALUE - 5, Long.MIN_VALUE + 5, false);
		assertThat(ejection.isDue(Long.MAX_VALUE - 4)).isFalse();
		assertThat(ejection.isDue(Long.MIN_VALUE + 4)).isFalse();
		assertThat(ejection.isDue(Long.MIN_VALUE + 5)).isTrue();
		assertThat(ejection.isDisprovedBy(Long.MAX_VALUE - 6)).isFalse();
		assertThat(ejection.isDisprovedBy(Long.MIN_VALUE)).isTrue();
	}

	private static long seconds(int times) {
		return Math.min(8, 1L << Math.min(times - 1, 10));
	}

	@Test
	void theDoublingIsForgottenAfterTheTimeOfTheLastEjection() {
		for (int times = 1; times < 6; times++) {
			assertThat(ejectedAgainAfter(times, seconds(times) * SECOND - 1).times()).isEqualTo(times + 1);
			assertThat(ejectedAgainAfter(times, seconds(times) * SECOND).times()).isOne();
		}
	}

	private static Ejection ejectedAgainAfter(int times, long pause) {
		Ejections ejections = new Ejections(0);
		for (int i = 0; i < times; i++) {
			ejections.probe(ejections.begin(EjectionCause.UNREACHABLE, POLICY, 0), POLICY, 0);
		}
		ejections.end(0);
		return ejections.begin(EjectionCause.UNREACHABLE, POLICY, pause);
	}

	@ParameterizedTest
	@EnumSource
	void aProbeThatMayHangKeepsOthersAwayForTheLongestTime(EjectionCause cause) {
		Ejections ejections = new Ejections(0);
		ejections.probe(ejections.begin(cause, POLICY, 0), POLICY, SECOND);
		boolean refusesAtOnce = cause == EjectionCause.UNREACHABLE || cause == EjectionCause.CERTIFICATE;
		assertThat(ejections.current().until()).isEqualTo((refusesAtOnce ? 2 : 9) * SECOND);
		assertThat(ejections.begin(cause, POLICY, 2 * SECOND).until()).isEqualTo(4 * SECOND);
	}

	@ParameterizedTest
	@EnumSource
	void onlyAFailedProbeOrALostConnectionProlongs(EjectionCause worse) {
		for (EjectionCause cause : EjectionCause.values()) {
			Ejection fresh = new Ejection(cause, 1, 100, 200, false);
			assertThat(fresh.isProlongedBy(worse, 100)).isEqualTo(worse.isUnreachable() && !cause.isUnreachable());
			assertThat(fresh.isProlongedBy(worse, 99)).as("began before the ejection").isFalse();
			Ejection probed = fresh.probedUntil(300);
			assertThat(probed.isProlongedBy(worse, 100)).isTrue();
			assertThat(probed.isProlongedBy(worse, 99)).isFalse();
		}
	}

	@ParameterizedTest
	@CsvSource({ "3, 1000", "7, 7", "1, 9223372036854775807", "5000000000, 9223372036854775807" })
	void timesDoubleUpToTheLongestAndNeverOverflow(long first, long max) {
		EjectionPolicy policy = new EjectionPolicy(Duration.ofNanos(first), Duration.ofNanos(max), 0.5, 0.5,
				Duration.ZERO);
		double last = 0;
		for (int times = 1; times <= 100; times++) {
			double grown = Math.min((double) first * Math.pow(2, Math.min(times - 1, 30)), Long.MAX_VALUE / 2);
			long nanos = policy.nanos(times);
			assertThat((double) nanos).isEqualTo(Math.min(grown, max)).isGreaterThanOrEqualTo(last);
			last = nanos;
		}
		assertThat(policy.nanos(Integer.MAX_VALUE)).isPositive();
	}

	@ParameterizedTest
	@CsvSource({ "0.5, 1, 0", "0.5, 2, 1", "0.5, 3, 1", "0.5, 4, 2", "0.5, 9, 4", "0, 1, 0", "0, 9, 1", "1, 1, 0",
			"1, 9, 8", "0.34, 3, 1", "0.99, 100, 99" })
	void someMayBeEjectedButNeverAll(double share, int endpoints, int expected) {
		EjectionPolicy policy = new EjectionPolicy(Duration.ofSeconds(1), Duration.ofSeconds(1), share, 0.5,
				Duration.ZERO);
		assertThat(policy.maxEjected(endpoints)).isEqualTo(expected);
	}

	@ParameterizedTest
	@CsvSource({ "0, 8, 0.5, 0.5, 5, firstEjection: PT0S", "-1, 8, 0.5, 0.5, 5, firstEjection: PT-1S",
			"8, 7, 0.5, 0.5, 5, maxEjection: PT7S", "1, 8, 1.1, 0.5, 5, maxEjectedShare: 1.1",
			"1, 8, NaN, 0.5, 5, maxEjectedShare: NaN", "1, 8, 0.5, -0.1, 5, panicThreshold: -0.1",
			"1, 8, 0.5, 0.5, -1, slowStart: PT-1S" })
	void valuesOutOfRangeAreRefusedByName(int first, int max, double share, double panic, int slow, String message) {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new EjectionPolicy(Duration.ofSeconds(first), Duration.ofSeconds(max), share, panic,
					Duration.ofSeconds(slow)))
			.withMessageContaining(message)
			.withMessageContaining("expected: ");
	}

}
