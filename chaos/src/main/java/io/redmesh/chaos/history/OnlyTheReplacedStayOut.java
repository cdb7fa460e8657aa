package io.redmesh.chaos.history;

import java.util.List;

/** The check of rule (g): only replaced instances stay out. */
final class OnlyTheReplacedStayOut {

	/**
	 * The longest time for which a request may be in flight: a network, a server and
	 * Redis can each hold it for 20 s.
	 */
	private static final long MAX_IN_FLIGHT = Times.seconds(60);

	private final History history;

	private final Findings findings;

	OnlyTheReplacedStayOut(History history, Findings findings) {
		this.history = history;
		this.findings = findings;
	}

	void check() {
		for (Life life : this.history.lives()) {
			life.acts()
				.stream()
				.filter((act) -> act.kind() == Act.Kind.SUPERSEDED)
				.filter((act) -> this.history.livesOf(life.name())
					.stream()
					.noneMatch((other) -> mayReplace(other, life, act)))
				.forEach((act) -> this.findings.add(Violation.Rule.WRONGLY_SUPERSEDED, life.name() + life.began(),
						act.sent(), life.name() + " was told that it was superseded, but no process took its place",
						List.of(life)));
		}
	}

	/**
	 * Tells whether another life can have taken the place: one that was there meanwhile,
	 * or an earlier one whose registration was perhaps carried out after its end.
	 */
	private static boolean mayReplace(Life other, Life life, Act superseded) {
		if (other == life || other.began() > superseded.sent()) {
			return false;
		}
		return other.began() >= life.began() || other.livesAt(life.began())
				|| other.acts().stream().anyMatch((act) -> mayBeDoneAfter(act, life.began()));
	}

	private static boolean mayBeDoneAfter(Act act, long time) {
		return switch (act.kind()) {
			case REGISTERED -> act.answered() >= time;
			case SILENCE, UNAVAILABLE -> act.answered() >= time - MAX_IN_FLIGHT;
			default -> false;
		};
	}

}
