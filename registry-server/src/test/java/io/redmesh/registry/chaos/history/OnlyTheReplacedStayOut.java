package io.redmesh.registry.chaos.history;

import java.util.List;

/** Rule (g). */
final class OnlyTheReplacedStayOut {

	/**
	 * For how long a request may be on its way: a network, a server and Redis can each
	 * hold it for 20 s.
	 */
	private static final long ON_ITS_WAY = Times.seconds(60);

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
						act.sent(), life.name() + " was told that it was superseded, but nobody took its place",
						List.of(life)));
		}
	}

	/**
	 * Whether another life can have taken the place: one that was there meanwhile, or one
	 * from before whose registration was perhaps done after its end.
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
			case SILENCE, UNAVAILABLE -> act.answered() >= time - ON_ITS_WAY;
			default -> false;
		};
	}

}
