package io.redmesh.demo.launcher;

import java.time.Duration;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class RateScheduleTests {

	@Test
	void callsAreDueAtEqualIntervals() {
		RateSchedule schedule = new RateSchedule(1000, 200);
		assertThat(schedule.due(0)).isEqualTo(1000);
		assertThat(schedule.due(1)).isEqualTo(1000 + Duration.ofMillis(5).toNanos());
		assertThat(schedule.due(201)).isEqualTo(1000 + Duration.ofMillis(1005).toNanos());
	}

	@Test
	void whenRateDoesNotDivideASecondNothingDriftsOverHours() {
		RateSchedule schedule = new RateSchedule(0, 7);
		assertThat(schedule.due(7L * 36_000)).isEqualTo(Duration.ofHours(10).toNanos());
	}

	@Test
	void rejectsARateOfZero() {
		assertThatIllegalArgumentException().isThrownBy(() -> new RateSchedule(0, 0))
			.withMessageContaining("perSecond: 0");
	}

}
