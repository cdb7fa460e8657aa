package io.redmesh.autoconfigure.registry;

import java.time.Duration;
import java.util.List;

import io.redmesh.autoconfigure.registry.RegistryContact.Direction;
import io.redmesh.core.time.ManualTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

@ExtendWith(OutputCaptureExtension.class)
class RegistryContactTests {

	private final ManualTime time = new ManualTime();

	private final RegistryContact contact = new RegistryContact(this.time, List.of("http://registry"));

	@Test
	void lossIsLoggedOnceForBothDirectionsAndSoIsTheReturn(CapturedOutput output) {
		this.contact.failed(Direction.DISCOVERY, "refused");
		this.contact.failed(Direction.REGISTRATION, "refused");
		assertThat(output).containsOnlyOnce("The registry cannot be reached: refused").contains("mesh.registry.url");
		assertThat(this.contact.state().connected()).isFalse();
		this.contact.reached(Direction.REGISTRATION);
		assertThat(this.contact.state().connected()).isFalse();
		this.contact.reached(Direction.DISCOVERY);
		assertThat(this.contact.state().connected()).isTrue();
		assertThat(output).containsOnlyOnce("Connected to the registry again");
	}

	@Test
	void remindersBecomeRarer(CapturedOutput output) {
		for (int second = 0; second < 24 * 3600; second += 5) {
			this.contact.failed(Direction.REGISTRATION, "refused");
			this.time.forward(Duration.ofSeconds(5));
		}
		assertThat(output.getOut().lines().filter((line) -> line.contains("cannot be reached")).count()).isBetween(20L,
				35L);
	}

	@Test
	void stateRemembersWhenItWasLost() {
		this.contact.reached(Direction.REGISTRATION);
		this.time.forward(Duration.ofSeconds(7));
		this.contact.failed(Direction.REGISTRATION, "refused");
		var since = this.time.now();
		this.time.forward(Duration.ofSeconds(7));
		this.contact.failed(Direction.REGISTRATION, "timed out");
		assertThat(this.contact.state()).isEqualTo(new RegistryContact.State(false, since, "timed out"));
	}

	@Test
	void firstContactIsNotWorthALine(CapturedOutput output) {
		this.contact.reached(Direction.REGISTRATION);
		assertThat(output).doesNotContain("Connected to the registry again");
	}

}
