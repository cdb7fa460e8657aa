package io.redmesh.autoconfigure.registration;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

import io.redmesh.autoconfigure.registration.RegistrationStep.BackOff;
import io.redmesh.autoconfigure.registration.RegistrationStep.Deregister;
import io.redmesh.autoconfigure.registration.RegistrationStep.Describe;
import io.redmesh.autoconfigure.registration.RegistrationStep.Drain;
import io.redmesh.autoconfigure.registration.RegistrationStep.Idle;
import io.redmesh.autoconfigure.registration.RegistrationStep.Register;
import io.redmesh.autoconfigure.registration.RegistrationStep.Renew;
import io.redmesh.autoconfigure.registration.RegistrationStep.Undo;
import io.redmesh.autoconfigure.registration.RegistrationStep.Wait;
import io.redmesh.autoconfigure.registration.RegistrationStep.WaitAbout;
import io.redmesh.autoconfigure.registration.RegistrationStep.WaitUpTo;
import io.redmesh.autoconfigure.registry.Answer;
import io.redmesh.autoconfigure.registry.Answer.Outcome;
import io.redmesh.autoconfigure.registry.FakeRegistryClient;
import io.redmesh.core.instance.Instance;
import io.redmesh.core.instance.Status;
import io.redmesh.core.registry.Lease;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

class RegistrationPlanTests {

	private static final Duration DRAIN = Duration.ofSeconds(3);

	private static final Instance SELF = Instance.of("orders", "a", "10.0.0.7", 8080);

	private static final Instance CHANGED = SELF.withLabels(Map.of("color", "blue"));

	private static final Map<String, Function<RegistrationPlan, RegistrationStep>> EVENTS = events();

	/**
	 * All transitions: phase, event, step and next phase. Any other event in a phase
	 * causes no step and leaves the phase as it is.
	 */
	private static final Map<String, String> TRANSITIONS = """
			UNREADY       up             describe -     DESCRIBING
			UNREADY       deregister     finish         LEFT
			WAITING       up             describe UP    DESCRIBING
			WAITING       down           describe UP    DESCRIBING
			WAITING       changed        describe UP    DESCRIBING
			WAITING       waited         describe UP    DESCRIBING
			WAITING       new-epoch      up to PT3S     WAITING
			WAITING       deregister     drain 1        ANNOUNCING
			DESCRIBING    described      renew 1        RENEWING
			DESCRIBING    described-anew register UP 1  REGISTERING
			DESCRIBING    not-described  back off 1     WAITING
			DESCRIBING    deregister     wait PT1S      LEAVING
			REGISTERING   done           about PT5S     WAITING
			REGISTERING   done-anew      about PT5S     WAITING
			REGISTERING   unknown-lease  describe UP    DESCRIBING
			REGISTERING   superseded     nothing        SUPERSEDED
			REGISTERING   refused        back off 1     WAITING
			REGISTERING   unavailable    back off 1     WAITING
			REGISTERING   deregister     wait PT1S      LEAVING
			RENEWING      done           about PT5S     WAITING
			RENEWING      done-anew      about PT5S     WAITING
			RENEWING      unknown-lease  describe UP    DESCRIBING
			RENEWING      superseded     nothing        SUPERSEDED
			RENEWING      refused        back off 1     WAITING
			RENEWING      unavailable    back off 1     WAITING
			RENEWING      deregister     wait PT1S      LEAVING
			SUPERSEDED    deregister     finish         LEFT
			LEAVING       waited         drain 1        ANNOUNCING
			LEAVING       described      drain 1        ANNOUNCING
			LEAVING       described-anew drain 1        ANNOUNCING
			LEAVING       not-described  drain 1        ANNOUNCING
			LEAVING       done           drain 1        ANNOUNCING
			LEAVING       done-anew      drain 2        ANNOUNCING
			LEAVING       unknown-lease  drain 1        ANNOUNCING
			LEAVING       superseded     finish         LEFT
			LEAVING       refused        drain 1        ANNOUNCING
			LEAVING       unavailable    drain 1        ANNOUNCING
			ANNOUNCING    done-anew      undo 2         ANNOUNCING
			ANNOUNCING    announced      wait PT3S      DRAINING
			ANNOUNCING    not-announced  deregister 1   DEREGISTERING
			DRAINING      done-anew      undo 2         DRAINING
			DRAINING      waited         deregister 1   DEREGISTERING
			DEREGISTERING done-anew      undo 2         DEREGISTERING
			DEREGISTERING deregistered   finish         LEFT
			LEFT          done-anew      undo 2         LEFT
			""".lines()
		.map((line) -> line.split(" +", 3))
		.collect(Collectors.toMap((cells) -> cells[0] + " " + cells[1],
				(cells) -> cells[2].replaceFirst(" +(?=[A-Z]+$)", " -> ")));

	private final RegistrationPlan plan = new RegistrationPlan(Duration.ofSeconds(15));

	private long now = Duration.ofHours(1).toNanos();

	@Test
	void tableNamesOnlyPhasesAndEventsThatExist() {
		assertThat(TRANSITIONS.keySet()).allSatisfy((cell) -> {
			assertThat(RegistrationPhase.valueOf(cell.split(" ")[0])).isNotNull();
			assertThat(EVENTS).containsKey(cell.split(" ")[1]);
		});
	}

	@ParameterizedTest
	@EnumSource
	void eachEventInAPhaseIsATransitionOfTheTableOrChangesNothing(RegistrationPhase phase) {
		EVENTS.forEach((name, event) -> {
			RegistrationPlan in = in(phase);
			assertThat(in.phase()).isEqualTo(phase);
			String step = text(event.apply(in));
			assertThat(step + " -> " + in.phase()).as(name)
				.isEqualTo(TRANSITIONS.getOrDefault(phase + " " + name, "nothing -> " + phase));
		});
	}

	@Test
	void firstRegistrationHasNoLease() {
		assertThat(text(this.plan.setStatus(Status.UP))).isEqualTo("describe -");
		assertThat(text(described(SELF))).isEqualTo("register UP -");
		assertThat(text(answered(Outcome.DONE))).isEqualTo("about PT5S");
		assertThat(this.plan.registered())
			.isEqualTo(new Registered(SELF.withStatus(Status.UP), FakeRegistryClient.lease(1)));
	}

	@Test
	void statusIsThatOfTheMomentOfTheRequest() {
		this.plan.setStatus(Status.UP);
		this.plan.markDown();
		assertThat(text(described(SELF))).isEqualTo("register DOWN -");
	}

	@Test
	void changeDuringARequestFollowsItAtOnceAndOnce() {
		register();
		this.plan.changed();
		this.plan.changed();
		assertThat(text(described(SELF))).isEqualTo("register UP -");
		assertThat(text(answered(Outcome.DONE))).isEqualTo("describe UP");
		assertThat(text(described(CHANGED))).isEqualTo("register UP 1");
		assertThat(text(answered(Outcome.DONE))).isEqualTo("about PT5S");
	}

	@Test
	void changeDuringARequestThatFailsWaitsForTheBackoff() {
		register();
		described(SELF);
		this.plan.changed();
		assertThat(text(answered(Outcome.UNAVAILABLE))).isEqualTo("back off 1");
	}

	@Test
	void failuresCountUpUntilTheRegistryHasCarriedOutARequest() {
		register();
		this.plan.notDescribed();
		again();
		assertThat(text(answered(Outcome.REFUSED))).isEqualTo("back off 2");
		again();
		assertThat(text(answered(Outcome.UNAVAILABLE))).isEqualTo("back off 3");
		again();
		assertThat(text(answered(Outcome.UNKNOWN_LEASE))).isEqualTo("back off 4");
		again();
		answered(Outcome.DONE);
		again();
		assertThat(text(answered(Outcome.UNKNOWN_LEASE))).isEqualTo("describe UP");
		described(SELF);
		assertThat(text(answered(Outcome.UNKNOWN_LEASE))).isEqualTo("back off 2");
	}

	@Test
	void renewalThatFailsIsFollowedByARegistrationWithTheLease() {
		for (Outcome failure : new Outcome[] { Outcome.UNAVAILABLE, Outcome.UNKNOWN_LEASE }) {
			RegistrationPlan in = in(RegistrationPhase.RENEWING);
			in.answered(SELF, answer(failure), this.now);
			in.waited();
			assertThat(text(in.described(SELF, this.now))).isEqualTo("register UP 1");
		}
	}

	@Test
	void registrationOfWhichATryGotNoAnswerIsRepeatedForTwoTtls() {
		register();
		described(SELF);
		answered(answerAfterUnanswered());
		assertThat(again()).isEqualTo("register UP 1");
		answered(Outcome.DONE);
		forward(Duration.ofMillis(29_999));
		assertThat(again()).isEqualTo("register UP 1");
		answered(Outcome.DONE);
		forward(Duration.ofMillis(1));
		assertThat(again()).isEqualTo("renew 1");
	}

	@Test
	void repeatedRegistrationThatGetsNoAnswerEitherIsRepeatedForTwoMoreTtls() {
		register();
		described(SELF);
		answered(Outcome.UNAVAILABLE);
		forward(Duration.ofSeconds(20));
		again();
		answered(answerAfterUnanswered());
		forward(Duration.ofSeconds(29));
		assertThat(again()).isEqualTo("register UP 1");
		answered(Outcome.DONE);
		forward(Duration.ofSeconds(1));
		assertThat(again()).isEqualTo("renew 1");
	}

	@Test
	void registrationIsRepeatedWhateverItsAnswerWasAfterATryWithoutOne() {
		for (Outcome failure : new Outcome[] { Outcome.UNKNOWN_LEASE, Outcome.REFUSED }) {
			RegistrationPlan in = in(RegistrationPhase.REGISTERING);
			in.answered(CHANGED, new Answer(failure, null, "said the test", false, true), this.now);
			in.waited();
			in.described(SELF, this.now);
			in.answered(SELF.withStatus(Status.UP), answer(Outcome.DONE), this.now);
			in.waited();
			assertThat(text(in.described(SELF, this.now))).as(failure.name()).isEqualTo("register UP 1");
		}
	}

	@Test
	void renewalWithoutAnAnswerIsHarmlessWhenItIsLate() {
		RegistrationPlan in = in(RegistrationPhase.RENEWING);
		in.answered(SELF.withStatus(Status.UP), answerAfterUnanswered(), this.now);
		in.waited();
		assertThat(text(in.described(SELF, this.now))).isEqualTo("renew 1");
	}

	@Test
	void renewalThatWasInFlightAtANewEpochDoesNotReplaceTheRegistration() {
		RegistrationPlan in = in(RegistrationPhase.RENEWING);
		assertThat(text(in.newEpoch())).isEqualTo("nothing");
		assertThat(text(in.answered(SELF.withStatus(Status.UP), answer(Outcome.DONE), this.now)))
			.isEqualTo("up to PT3S");
		in.waited();
		assertThat(text(in.described(SELF, this.now))).isEqualTo("register UP 1");
		assertThat(text(in.answered(SELF.withStatus(Status.UP), answer(Outcome.DONE), this.now)))
			.isEqualTo("about PT5S");
	}

	@Test
	void registrationThatWasInFlightAtANewEpochIsRepeated() {
		register();
		described(SELF);
		this.plan.newEpoch();
		assertThat(text(answered(Outcome.DONE))).isEqualTo("up to PT3S");
		assertThat(again()).isEqualTo("register UP 1");
	}

	@Test
	void changeAtANewEpochIsRegisteredAtOnce() {
		RegistrationPlan in = in(RegistrationPhase.RENEWING);
		in.newEpoch();
		in.markDown();
		assertThat(text(in.answered(SELF.withStatus(Status.UP), answer(Outcome.DONE), this.now)))
			.isEqualTo("describe UP");
		assertThat(text(in.described(SELF, this.now))).isEqualTo("register DOWN 1");
	}

	@Test
	void registrationThatFollowsANewEpochIsEnough() {
		register();
		this.plan.newEpoch();
		described(SELF);
		assertThat(text(answered(Outcome.DONE))).isEqualTo("about PT5S");
		assertThat(again()).isEqualTo("renew 1");
	}

	@Test
	void refusedChangeThatIsTakenBackIsRegistered() {
		RegistrationPlan in = in(RegistrationPhase.REGISTERING);
		in.answered(CHANGED, answer(Outcome.REFUSED), this.now);
		in.waited();
		assertThat(text(in.described(SELF, this.now))).isEqualTo("register UP 1");
	}

	@Test
	void leaseThatIsGrantedWhileLeavingIsDrained() {
		register();
		described(SELF);
		assertThat(text(this.plan.deregister(DRAIN))).isEqualTo("wait PT1S");
		assertThat(text(answered(Outcome.DONE))).isEqualTo("drain 1");
	}

	@Test
	void leaseThatIsGrantedAfterLeavingIsUndone() {
		register();
		described(SELF);
		this.plan.deregister(DRAIN);
		assertThat(text(this.plan.waited())).isEqualTo("finish");
		assertThat(text(answered(Outcome.DONE))).isEqualTo("undo 1");
	}

	private void register() {
		this.plan.setStatus(Status.UP);
	}

	private String again() {
		this.plan.waited();
		return text(described(SELF));
	}

	private void forward(Duration duration) {
		this.now += duration.toNanos();
	}

	private RegistrationStep described(Instance instance) {
		return this.plan.described(instance, this.now);
	}

	private RegistrationStep answered(Outcome outcome) {
		return answered(answer(outcome));
	}

	private RegistrationStep answered(Answer answer) {
		return this.plan.answered(SELF.withStatus(Status.UP), answer, this.now);
	}

	private static Answer answerAfterUnanswered() {
		return new Answer(Outcome.DONE, FakeRegistryClient.lease(1), "", false, true);
	}

	private static Answer answer(Outcome outcome) {
		Lease lease = (outcome == Outcome.DONE) ? FakeRegistryClient.lease(1) : null;
		return new Answer(outcome, lease, "said the test", false, outcome == Outcome.UNAVAILABLE);
	}

	/** Leads a plan into a phase, with a lease unless it has none there. */
	private static RegistrationPlan in(RegistrationPhase phase) {
		RegistrationPlan plan = new RegistrationPlan(Duration.ofSeconds(15));
		String path = switch (phase) {
			case UNREADY -> "changed";
			case WAITING -> "up described done";
			case DESCRIBING -> "up described done waited";
			case REGISTERING -> "up described done waited described-anew";
			case RENEWING -> "up described done waited described";
			case SUPERSEDED -> "up described done waited described superseded";
			case LEAVING -> "up described done waited described deregister";
			case ANNOUNCING -> "up described done deregister";
			case DRAINING -> "up described done deregister announced";
			case DEREGISTERING -> "up described done deregister announced waited";
			case LEFT -> "up described done deregister announced waited deregistered";
		};
		for (String event : path.split(" ")) {
			EVENTS.get(event).apply(plan);
		}
		return plan;
	}

	private static Map<String, Function<RegistrationPlan, RegistrationStep>> events() {
		Map<String, Function<RegistrationPlan, RegistrationStep>> events = new LinkedHashMap<>();
		Instance sent = SELF.withStatus(Status.UP);
		events.put("up", (plan) -> plan.setStatus(Status.UP));
		events.put("down", RegistrationPlan::markDown);
		events.put("changed", RegistrationPlan::changed);
		events.put("new-epoch", RegistrationPlan::newEpoch);
		events.put("waited", RegistrationPlan::waited);
		events.put("described", (plan) -> plan.described(SELF, 0));
		events.put("described-anew", (plan) -> plan.described(CHANGED, 0));
		events.put("not-described", RegistrationPlan::notDescribed);
		events.put("done", (plan) -> plan.answered(sent, answer(Outcome.DONE), 0));
		events.put("done-anew", (plan) -> plan.answered(sent,
				new Answer(Outcome.DONE, FakeRegistryClient.lease(2), "", false, false), 0));
		events.put("unknown-lease", (plan) -> plan.answered(sent, answer(Outcome.UNKNOWN_LEASE), 0));
		events.put("superseded", (plan) -> plan.answered(sent, answer(Outcome.SUPERSEDED), 0));
		events.put("refused", (plan) -> plan.answered(sent, answer(Outcome.REFUSED), 0));
		events.put("unavailable", (plan) -> plan.answered(sent, answer(Outcome.UNAVAILABLE), 0));
		events.put("deregister", (plan) -> plan.deregister(DRAIN));
		events.put("announced", (plan) -> plan.announced(true));
		events.put("not-announced", (plan) -> plan.announced(false));
		events.put("deregistered", RegistrationPlan::deregistered);
		return events;
	}

	private static String text(RegistrationStep step) {
		if (step instanceof Describe describe) {
			return "describe " + ((describe.known() != null) ? describe.known().status() : "-");
		}
		if (step instanceof Register register) {
			return "register " + register.instance().status() + " "
					+ ((register.held() != null) ? register.held().fence() : "-");
		}
		if (step instanceof Renew renew) {
			return "renew " + renew.held().lease().fence();
		}
		if (step instanceof Drain drain) {
			return "drain " + drain.held().lease().fence();
		}
		if (step instanceof Deregister deregister) {
			return "deregister " + deregister.held().lease().fence();
		}
		if (step instanceof Undo undo) {
			return "undo " + undo.granted().lease().fence();
		}
		if (step instanceof Wait wait) {
			return "wait " + wait.time();
		}
		if (step instanceof WaitAbout wait) {
			return "about " + wait.interval();
		}
		if (step instanceof WaitUpTo wait) {
			return "up to " + wait.spread();
		}
		if (step instanceof BackOff backOff) {
			return "back off " + backOff.failures();
		}
		return ((Idle) step).name().toLowerCase();
	}

}
