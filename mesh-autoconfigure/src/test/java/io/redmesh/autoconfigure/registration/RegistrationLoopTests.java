package io.redmesh.autoconfigure.registration;

import java.io.UncheckedIOException;
import java.net.NoRouteToHostException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;

import io.redmesh.autoconfigure.registry.Answer;
import io.redmesh.autoconfigure.registry.Answer.Outcome;
import io.redmesh.autoconfigure.registry.FakeRegistryClient;
import io.redmesh.autoconfigure.registry.RegistryClient;
import io.redmesh.autoconfigure.registry.RegistryContact;
import io.redmesh.core.instance.Instance;
import io.redmesh.core.instance.Status;
import io.redmesh.core.time.ManualTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

@ExtendWith(OutputCaptureExtension.class)
class RegistrationLoopTests {

	private final ManualTime time = new ManualTime();

	private final FakeRegistryClient client = new FakeRegistryClient();

	private final RegistrationJournal journal = new RegistrationJournal(this.time);

	private final RegistryContact contact = new RegistryContact(this.time, List.of("http://registry"));

	private CompletableFuture<Instance> self = CompletableFuture
		.completedFuture(Instance.of("orders", "a", "10.0.0.7", 8080));

	private String rules;

	private final RegistrationLoop loop = new RegistrationLoop(
			new RegistrationRequests(this.client, this.time,
					new RegistrationTerms(Duration.ofSeconds(15), RegistryClient.incarnation()), () -> this.rules),
			() -> this.self, this.journal, this.contact, this.time, this.time, new Random(7));

	@Test
	void registersOnceItIsWanted() {
		pass(60_000);
		assertThat(this.client.asked).isEmpty();
		up();
		assertThat(this.client.asked).containsExactly("register UP -");
		assertThat(this.journal.count(RegistrationTransition.REGISTERED)).isEqualTo(1);
	}

	@Test
	void changeOfARegisteredInstanceIsSentAtOnce() {
		this.loop.changed();
		pass(1);
		assertThat(this.client.asked).isEmpty();
		up();
		this.self = CompletableFuture
			.completedFuture(Instance.of("orders", "a", "10.0.0.7", 8080).withLabels(Map.of("color", "blue")));
		this.loop.changed();
		pass(1);
		assertThat(this.client.asked).containsExactly("register UP -", "register UP 1");
		assertThat(this.journal.count(RegistrationTransition.UPDATED)).isEqualTo(1);
	}

	@Test
	void renewsWithinTenPercentOfTheInterval() {
		up();
		pass(4_490);
		assertThat(this.client.asked).hasSize(1);
		pass(1_020);
		assertThat(this.client.asked).containsExactly("register UP -", "renew 1");
		pass(60_000);
		assertThat(this.client.asked.size()).isBetween(12, 15);
		assertThat(this.journal.count(RegistrationTransition.UPDATED)).isZero();
	}

	@Test
	void changesDoNotAddRenewals() {
		up();
		for (int i = 0; i < 5; i++) {
			pass(1_000);
			this.loop.changed();
		}
		this.client.asked.clear();
		pass(60_000);
		assertThat(this.client.asked).hasSizeBetween(11, 15).containsOnly("renew 1");
	}

	@Test
	void revisionOfTheRulesIsReportedOnceWhenItChangesAndAfterARegistration() {
		up();
		this.rules = "7";
		pass(16_000);
		assertThat(this.client.asked).startsWith("register UP -", "renew 1 rules 7", "renew 1").contains("renew 1");
		assertThat(this.client.asked).filteredOn("renew 1 rules 7"::equals).hasSize(1);
		this.rules = "8";
		pass(5_500);
		assertThat(this.client.asked).contains("renew 1 rules 8");
		this.client.asked.clear();
		this.loop.onNewEpoch();
		pass(9_000);
		assertThat(this.client.asked).startsWith("register UP 1", "renew 1 rules 8");
	}

	@Test
	void serverThatRefusesAReportStillRenewsTheLease() {
		up();
		this.rules = "7";
		this.client.refusesReports = true;
		pass(11_500);
		assertThat(this.client.asked).containsExactly("register UP -", "renew 1 rules 7", "renew 1", "renew 1");
		assertThat(this.journal.state().problem()).isNull();
	}

	@Test
	void lostInstanceIsRestoredAtOnceWithItsOldToken(CapturedOutput output) {
		up();
		this.client.answers(Outcome.UNKNOWN_LEASE);
		pass(5_500);
		this.client.answers(Outcome.DONE);
		pass(1_000);
		assertThat(this.client.asked).startsWith("register UP -", "renew 1", "register UP 1");
		assertThat(this.journal.count(RegistrationTransition.LOST)).isEqualTo(1);
		assertThat(this.journal.count(RegistrationTransition.RESTORED)).isEqualTo(1);
		assertThat(output).containsOnlyOnce("no longer knows this instance")
			.containsOnlyOnce("Registered orders/a again");
	}

	@Test
	void registryThatKeepsLosingTheInstanceIsNotAskedInALoop() {
		up();
		this.client.answers(Outcome.UNKNOWN_LEASE);
		pass(60_000);
		assertThat(this.client.asked.size()).isBetween(10, 60);
		assertThat(this.journal.count(RegistrationTransition.LOST)).isEqualTo(1);
	}

	@Test
	void supersededInstanceStaysOut(CapturedOutput output) {
		up();
		this.client.answers(Outcome.SUPERSEDED);
		pass(5_500);
		int asked = this.client.asked.size();
		pass(600_000);
		this.loop.onNewEpoch();
		pass(600_000);
		assertThat(this.client.asked).hasSize(asked);
		assertThat(this.journal.count(RegistrationTransition.SUPERSEDED)).isEqualTo(1);
		assertThat(output).containsOnlyOnce("has registered as orders/a").contains("mesh.instance.id");
	}

	@Test
	void refusedInstanceIsLoggedOnceAndTriedAgainWithBackoff(CapturedOutput output) {
		this.client.answers(Outcome.REFUSED);
		up();
		pass(60_000);
		assertThat(this.client.asked.size()).isBetween(12, 80);
		assertThat(this.journal.count(RegistrationTransition.REFUSED)).isEqualTo(1);
		assertThat(output).containsOnlyOnce("cannot be registered: said the test");
	}

	@Test
	void unreachableRegistryIsTriedForEverWithBackoffAndLoggedOnceAMinute(CapturedOutput output) {
		this.client.answers(Outcome.UNAVAILABLE);
		up();
		pass(50_000);
		assertThat(this.client.asked.size()).isBetween(10, 60);
		assertThat(output).containsOnlyOnce("The registry cannot be reached");
		this.client.answers(Outcome.DONE);
		pass(5_000);
		assertThat(this.journal.count(RegistrationTransition.REGISTERED)).isEqualTo(1);
		assertThat(output).containsOnlyOnce("Connected to the registry again");
	}

	@Test
	void instanceIsRestoredByTheFirstAnswerAfterAnOutage() {
		up();
		this.client.answers(Outcome.UNAVAILABLE);
		pass(30_000);
		this.client.answer = () -> CompletableFuture
			.completedFuture(new Answer(Outcome.DONE, FakeRegistryClient.lease(2), "", false, false));
		this.client.asked.clear();
		pass(5_000);
		assertThat(this.client.asked).startsWith("register UP 1");
		assertThat(this.journal.count(RegistrationTransition.RESTORED)).isEqualTo(1);
	}

	@Test
	void newEpochIsAnsweredWithinThreeSeconds() {
		up();
		this.loop.onNewEpoch();
		pass(3_000);
		assertThat(this.client.asked).containsExactly("register UP -", "register UP 1");
	}

	@Test
	void newEpochDuringARenewalIsAnsweredWithinThreeSecondsAfterIt() {
		var renewal = renewUnanswered();
		this.loop.onNewEpoch();
		pass(10);
		renewal.complete(this.client.answer.get().join());
		pass(3_000);
		assertThat(this.client.asked).containsExactly("register UP -", "renew 1", "register UP 1");
		pass(5_500);
		assertThat(this.client.asked).endsWith("register UP 1", "renew 1");
	}

	@Test
	void registrationIsRepeatedWhileATryWithoutAnswerMayStillBeCarriedOut() {
		this.client.answer = () -> CompletableFuture
			.completedFuture(new Answer(Outcome.DONE, FakeRegistryClient.lease(1), "", false, true));
		up();
		this.client.answers(Outcome.DONE);
		pass(29_000);
		assertThat(this.client.asked).hasSizeBetween(5, 8)
			.startsWith("register UP -", "register UP 1")
			.doesNotContain("renew 1");
		pass(7_000);
		assertThat(this.client.asked).endsWith("renew 1");
		assertThat(this.journal.count(RegistrationTransition.UPDATED)).isZero();
	}

	@Test
	void refusedTrafficMakesARegisteredInstanceDown() {
		this.loop.markDown();
		pass(10);
		assertThat(this.client.asked).isEmpty();
		up();
		this.loop.markDown();
		pass(10);
		assertThat(this.client.asked).containsExactly("register UP -", "register DOWN 1");
		assertThat(this.journal.count(RegistrationTransition.UPDATED)).isEqualTo(1);
	}

	@Test
	void statusThatChangesDuringARequestIsSentRightAfterIt() {
		var first = upUnanswered();
		this.loop.markDown();
		pass(10);
		assertThat(this.client.asked).hasSize(1);
		first.complete(this.client.answer.get().join());
		pass(10);
		assertThat(this.client.asked).containsExactly("register UP -", "register DOWN 1");
	}

	@Test
	void leavingDrainsWaitsAndDeregisters() {
		up();
		var left = this.loop.deregister(Duration.ofSeconds(3)).toCompletableFuture();
		pass(10);
		assertThat(this.client.asked).endsWith("status DRAINING");
		assertThat(this.journal.state().last()).isEqualTo(RegistrationTransition.DRAINING);
		pass(2_980);
		assertThat(left).isNotDone();
		pass(20);
		assertThat(left).isCompleted();
		assertThat(this.client.asked).endsWith("status DRAINING", "deregister 1");
		assertThat(this.journal.count(RegistrationTransition.DEREGISTERED)).isEqualTo(1);
		pass(60_000);
		assertThat(this.client.asked).endsWith("deregister 1");
	}

	@Test
	void leavingWithoutHavingRegisteredIsDoneAtOnce() {
		var left = this.loop.deregister(Duration.ofSeconds(3)).toCompletableFuture();
		pass(0);
		assertThat(left).isCompleted();
		assertThat(this.client.asked).isEmpty();
	}

	@Test
	void silentRegistryHoldsUpLeavingForThreeSecondsAtMost() {
		up();
		this.client.answer = CompletableFuture::new;
		var left = this.loop.deregister(Duration.ofSeconds(20)).toCompletableFuture();
		pass(3_000);
		assertThat(left).isCompleted();
		assertThat(this.journal.count(RegistrationTransition.DEREGISTERED)).isZero();
	}

	@Test
	void registrationGrantedWhileLeavingIsUndone() {
		var first = upUnanswered();
		var left = this.loop.deregister(Duration.ZERO).toCompletableFuture();
		pass(10);
		assertThat(left).isNotDone();
		first.complete(this.client.answer.get().join());
		pass(10);
		assertThat(left).isCompleted();
		assertThat(this.client.asked).containsExactly("register UP -", "status DRAINING", "deregister 1");
	}

	@Test
	void registrationGrantedAfterLeavingIsUndone() {
		var first = upUnanswered();
		var left = this.loop.deregister(Duration.ZERO).toCompletableFuture();
		pass(1_500);
		assertThat(left).isCompleted();
		assertThat(this.client.asked).containsExactly("register UP -");
		first.complete(this.client.answer.get().join());
		pass(10);
		assertThat(this.client.asked).containsExactly("register UP -", "deregister 1");
		pass(60_000);
		assertThat(this.client.asked).hasSize(2);
	}

	@Test
	void renewalAnsweredAfterLeavingHasBegunDoesNotCutTheDrainShort() {
		var renewal = renewUnanswered();
		this.loop.deregister(Duration.ofSeconds(10));
		pass(1_500);
		renewal.complete(this.client.answer.get().join());
		pass(8_000);
		assertThat(this.client.asked).endsWith("renew 1", "status DRAINING");
		pass(3_000);
		assertThat(this.client.asked).endsWith("status DRAINING", "deregister 1");
	}

	@Test
	void answerAfterLeavingIsNoLongerRecorded(CapturedOutput output) {
		var renewal = renewUnanswered();
		this.loop.deregister(Duration.ZERO);
		pass(1_500);
		assertThat(this.journal.state().last()).isEqualTo(RegistrationTransition.DEREGISTERED);
		this.client.answers(Outcome.UNAVAILABLE);
		renewal.complete(this.client.answer.get().join());
		pass(60_000);
		assertThat(this.contact.state().failure()).isNull();
		assertThat(this.journal.state().last()).isEqualTo(RegistrationTransition.DEREGISTERED);
		assertThat(output).doesNotContain("cannot be reached");
		assertThat(this.client.asked).endsWith("deregister 1");
	}

	@Test
	void instanceThatLeavesBeforeItIsDescribedIsNotRegistered() {
		Instance description = this.self.join();
		this.self = new CompletableFuture<>();
		up();
		var left = this.loop.deregister(Duration.ofSeconds(1)).toCompletableFuture();
		pass(1_500);
		assertThat(left).isCompleted();
		this.self.complete(description);
		pass(60_000);
		assertThat(this.client.asked).isEmpty();
	}

	@Test
	void nameServiceThatFailsOrHangsHoldsUpNoRenewal() {
		up();
		this.self = new CompletableFuture<>();
		pass(20_000);
		assertThat(this.client.asked.stream().filter("renew 1"::equals)).hasSizeBetween(2, 4);
		this.self = CompletableFuture
			.failedFuture(new UncheckedIOException(new NoRouteToHostException("no route to the registry")));
		this.client.asked.clear();
		pass(20_000);
		assertThat(this.client.asked).hasSizeBetween(3, 5).containsOnly("renew 1");
		assertThat(this.contact.state().failure()).isNull();
	}

	@Test
	void withoutARouteToTheRegistryItIsTheRegistryThatIsMissing() {
		this.self = CompletableFuture
			.failedFuture(new UncheckedIOException(new NoRouteToHostException("no route to the registry")));
		up();
		assertThat(this.contact.state().failure()).contains("no route to the registry");
		assertThat(this.journal.count(RegistrationTransition.REFUSED)).isZero();
	}

	@Test
	void unusableAddressIsLoggedOnce(CapturedOutput output) {
		this.self = CompletableFuture.failedFuture(new IllegalStateException("Set mesh.instance.host"));
		up();
		pass(60_000);
		assertThat(this.client.asked).isEmpty();
		assertThat(output).containsOnlyOnce("Set mesh.instance.host");
	}

	@Test
	void tokenIsNeverLogged(CapturedOutput output) {
		up();
		this.client.answers(Outcome.SUPERSEDED);
		pass(6_000);
		assertThat(output).doesNotContain("secret-1");
	}

	private void up() {
		this.loop.setStatus(Status.UP);
		pass(0);
	}

	/**
	 * Begins a registration that stays unanswered. Later requests are answered at once.
	 */
	private CompletableFuture<Answer> upUnanswered() {
		var first = new CompletableFuture<Answer>();
		var done = this.client.answer;
		this.client.answer = () -> first;
		up();
		this.client.answer = done;
		return first;
	}

	/** Registers, and begins a renewal that stays unanswered. */
	private CompletableFuture<Answer> renewUnanswered() {
		up();
		var renewal = new CompletableFuture<Answer>();
		var done = this.client.answer;
		this.client.answer = () -> renewal;
		pass(5_500);
		this.client.answer = done;
		return renewal;
	}

	private void pass(long millis) {
		this.time.forward(Duration.ofMillis(millis));
	}

}
