package io.redmesh.autoconfigure.registration;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.redmesh.core.time.ManualTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

@ExtendWith(OutputCaptureExtension.class)
class HealthPollTests {

	private final ManualTime time = new ManualTime();

	private final List<Boolean> decisions = new ArrayList<>();

	private final List<Runnable> hanging = new ArrayList<>();

	private String health = InstanceHealth.UP;

	private int checks;

	private final HealthPoll poll = new HealthPoll(new InstanceHealth() {

		@Override
		public String name() {
			return "group";
		}

		@Override
		public String check() {
			HealthPollTests.this.checks++;
			if (HealthPollTests.this.health.equals("fails")) {
				throw new IllegalStateException("by the test");
			}
			return HealthPollTests.this.health;
		}

	}, this.time, this::execute, () -> this.decisions.add(decision()));

	private void execute(Runnable check) {
		if (this.health.equals("hangs")) {
			this.hanging.add(check);
		}
		else {
			check.run();
		}
	}

	private Boolean decision() {
		return this.poll.isUp();
	}

	@Test
	void firstResultDecidesAtOnce(CapturedOutput output) {
		this.health = "DOWN";
		assertThat(this.poll.isUp()).isNull();
		start();
		assertThat(this.decisions).containsExactly(false);
		assertThat(output).containsOnlyOnce("The health group group is DOWN");
	}

	@Test
	void laterTwoInARowDecideInBothDirections(CapturedOutput output) {
		start();
		for (String result : List.of("DOWN", "UP", "DOWN", "UP", "UP", "DOWN")) {
			next(result);
		}
		assertThat(this.decisions).containsExactly(true);
		next("DOWN");
		assertThat(this.decisions).containsExactly(true, false);
		for (String result : List.of("UP", "DOWN", "UP")) {
			next(result);
		}
		assertThat(this.decisions).containsExactly(true, false);
		next("UP");
		assertThat(this.decisions).containsExactly(true, false, true);
		assertThat(output).containsOnlyOnce("The health group group is UP again");
	}

	@Test
	void checkThatFailsIsNotUp() {
		start();
		next("fails");
		next("fails");
		assertThat(this.decisions).containsExactly(true, false);
	}

	@Test
	void checkThatHangsIsNotUpAndNotMadeTwice() {
		start();
		this.health = "hangs";
		for (int i = 0; i < 4; i++) {
			this.time.forward(HealthPoll.INTERVAL);
		}
		assertThat(this.decisions).containsExactly(true, false);
		assertThat(this.hanging).hasSize(1);
	}

	@Test
	void stoppedPollChecksNoMore() {
		start();
		this.poll.stop();
		this.time.forward(HealthPoll.INTERVAL.multipliedBy(10));
		assertThat(this.checks).isEqualTo(1);
	}

	private void start() {
		this.poll.start();
		this.time.forward(Duration.ZERO);
	}

	private void next(String result) {
		this.health = result;
		this.time.forward(HealthPoll.INTERVAL);
	}

}
