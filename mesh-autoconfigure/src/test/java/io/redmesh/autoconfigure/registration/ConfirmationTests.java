package io.redmesh.autoconfigure.registration;

import java.time.Duration;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ConfirmationTests {

	private static final long SECOND = Duration.ofSeconds(1).toNanos();

	/** A reading of the clock near its overflow. */
	private static final long NOW = Long.MAX_VALUE - SECOND;

	private final Confirmation confirmation = new Confirmation(Duration.ofSeconds(30));

	@Test
	void answeredRegistrationIsConfirmed() {
		assertThat(this.confirmation.isGiven(NOW)).isFalse();
		this.confirmation.requested();
		assertThat(this.confirmation.isGiven(NOW)).isFalse();
		assertThat(this.confirmation.isMissing()).isFalse();
		this.confirmation.granted();
		assertThat(this.confirmation.isGiven(NOW)).isTrue();
		this.confirmation.granted();
		assertThat(this.confirmation.isGiven(NOW)).isTrue();
	}

	@Test
	void renewalConfirmsNoRegistrationThatMayBeLost() {
		confirm();
		this.confirmation.revoked();
		this.confirmation.granted();
		assertThat(this.confirmation.isMissing()).isTrue();
		assertThat(this.confirmation.isGiven(NOW)).isFalse();
	}

	@Test
	void registrationInFlightAtALossConfirmsNothing() {
		this.confirmation.requested();
		this.confirmation.revoked();
		this.confirmation.granted();
		assertThat(this.confirmation.isMissing()).isTrue();
		confirm();
		assertThat(this.confirmation.isGiven(NOW)).isTrue();
	}

	@Test
	void nothingIsConfirmedWhileALateRegistrationMayStillBeCarriedOut() {
		this.confirmation.unanswered(NOW);
		confirm();
		assertThat(this.confirmation.isGiven(NOW)).isFalse();
		assertThat(this.confirmation.isGiven(NOW + 30 * SECOND - 1)).isFalse();
		assertThat(this.confirmation.isGiven(NOW + 30 * SECOND)).isTrue();
	}

	@Test
	void eachUnansweredRegistrationBeginsTheWaitAnew() {
		this.confirmation.unanswered(NOW);
		this.confirmation.unanswered(NOW + 20 * SECOND);
		confirm();
		assertThat(this.confirmation.isGiven(NOW + 49 * SECOND)).isFalse();
		assertThat(this.confirmation.isGiven(NOW + 50 * SECOND)).isTrue();
	}

	@Test
	void lossDuringTheWaitOutlivesIt() {
		this.confirmation.unanswered(NOW);
		confirm();
		this.confirmation.revoked();
		assertThat(this.confirmation.isGiven(NOW + 60 * SECOND)).isFalse();
	}

	private void confirm() {
		this.confirmation.requested();
		this.confirmation.granted();
	}

}
