package io.redmesh.autoconfigure.registration;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;

import io.redmesh.autoconfigure.registration.RegistrationStep.Deregister;
import io.redmesh.autoconfigure.registration.RegistrationStep.Describe;
import io.redmesh.autoconfigure.registration.RegistrationStep.Drain;
import io.redmesh.autoconfigure.registration.RegistrationStep.Idle;
import io.redmesh.autoconfigure.registration.RegistrationStep.Pause;
import io.redmesh.autoconfigure.registration.RegistrationStep.Register;
import io.redmesh.autoconfigure.registration.RegistrationStep.Renew;
import io.redmesh.autoconfigure.registration.RegistrationStep.Undo;
import io.redmesh.autoconfigure.registration.RegistrationStep.Wait;
import io.redmesh.autoconfigure.registry.Answer;
import io.redmesh.autoconfigure.registry.Answer.Outcome;
import io.redmesh.autoconfigure.registry.FakeRegistryClient;
import io.redmesh.core.instance.Instance;
import io.redmesh.core.instance.Status;
import io.redmesh.core.registry.Lease;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.fail;

/**
 * Tests of the plan under random events, compared with a model of what the registry may
 * know. A failure prints its seed and the events that led there. To play one seed, set
 * {@code -Dregistration.seed}.
 */
class RegistrationPlanReplayTests {

	private static final Instance SELF = Instance.of("orders", "a", "10.0.0.7", 8080);

	private static final List<Instance> SELVES = List.of(SELF, SELF.withLabels(Map.of("color", "blue")));

	private static final long LATE = Duration.ofSeconds(30).toNanos();

	private final RegistrationPlan plan = new RegistrationPlan(Duration.ofSeconds(15));

	private final List<String> history = new ArrayList<>();

	private Random random;

	/** The mean number of events between two troubles. */
	private int calm;

	private long now;

	private boolean ready;

	private boolean superseded;

	private boolean leaving;

	private boolean drained;

	private boolean finished;

	private boolean pausing;

	private boolean describing;

	private RegistrationStep request;

	private boolean announcing;

	private boolean deregistering;

	/** The last registration that the registry has carried out. */
	private Registered granted;

	private long lateUntil = Long.MIN_VALUE;

	/** True if a registration was carried out after the last doubt. */
	private boolean confirmed;

	/** True if there was a doubt since the request in flight was sent. */
	private boolean doubted;

	private final Set<String> openLeases = new HashSet<>();

	private Registered ended;

	private long fences;

	static LongStream seeds() {
		Long seed = Long.getLong("registration.seed");
		return (seed != null) ? LongStream.of(seed) : LongStream.range(0, 300);
	}

	@ParameterizedTest
	@MethodSource("seeds")
	void noSequenceOfEventsBreaksARule(long seed) {
		this.random = new Random(seed);
		this.calm = 2 + this.random.nextInt(30);
		this.history.add("seed " + seed);
		int leaveAt = this.random.nextInt(400);
		for (int i = 0; i < 400; i++) {
			this.now += (this.random.nextInt(4) == 0) ? this.random.nextLong(LATE) : 0;
			if (i == leaveAt) {
				this.leaving = true;
				handle("deregister", this.plan.deregister(Duration.ofSeconds(3)));
			}
			else {
				event();
			}
			checkProgress();
		}
		while (this.pausing || this.describing || this.request != null || this.announcing || this.deregistering) {
			arrival();
			checkProgress();
		}
		check(this.finished, "it has left");
		check(this.superseded || this.openLeases.isEmpty(), "its last lease has ended");
	}

	private void event() {
		if (!isTrouble()) {
			arrival();
			return;
		}
		switch (this.random.nextInt(4)) {
			case 0 -> {
				this.ready = true;
				Status status = this.random.nextBoolean() ? Status.UP : Status.DOWN;
				handle("status " + status, this.plan.setStatus(status));
			}
			case 1 -> handle("markDown", this.plan.markDown());
			case 2 -> handle("changed", this.plan.changed());
			default -> {
				doubt();
				handle("newEpoch", this.plan.newEpoch());
			}
		}
	}

	private boolean isTrouble() {
		return this.random.nextInt(this.calm) == 0;
	}

	/** Lets something that is in flight arrive, if there is something. */
	private void arrival() {
		switch (this.random.nextInt(5)) {
			case 0 -> {
				if (this.pausing) {
					this.pausing = false;
					handle("waited", this.plan.waited());
				}
			}
			case 1 -> {
				if (this.describing) {
					this.describing = false;
					describe();
				}
			}
			case 2 -> {
				if (this.request != null) {
					answer();
				}
			}
			case 3 -> {
				if (this.announcing) {
					this.announcing = false;
					boolean announced = this.random.nextBoolean();
					handle("announced " + announced, this.plan.announced(announced));
				}
			}
			default -> {
				if (this.deregistering) {
					this.deregistering = false;
					this.openLeases.remove(this.ended.lease().token());
					handle("deregistered", this.plan.deregistered());
				}
			}
		}
	}

	private void describe() {
		if (isTrouble()) {
			handle("not described", this.plan.notDescribed());
		}
		else {
			int self = isTrouble() ? 1 : 0;
			handle("described " + self, this.plan.described(SELVES.get(self), this.now));
		}
	}

	private void answer() {
		RegistrationStep sent = this.request;
		this.request = null;
		boolean registers = sent instanceof Register;
		Instance instance = registers ? ((Register) sent).instance() : ((Renew) sent).held().instance();
		Outcome outcome = outcome();
		boolean unanswered = outcome == Outcome.UNAVAILABLE || isTrouble();
		if (registers && unanswered) {
			this.lateUntil = this.now + LATE;
		}
		Lease lease = (outcome == Outcome.DONE) ? lease() : null;
		if (outcome == Outcome.DONE) {
			if (this.ended == null || !this.ended.lease().token().equals(lease.token())) {
				this.openLeases.clear();
				this.openLeases.add(lease.token());
			}
			this.confirmed = (registers || this.confirmed) && !this.doubted;
			if (!this.drained) {
				this.granted = new Registered(instance, lease);
			}
		}
		else if (outcome == Outcome.SUPERSEDED) {
			this.superseded = true;
		}
		else if (outcome != Outcome.REFUSED) {
			doubt();
		}
		handle(outcome + " " + unanswered + " " + lease,
				this.plan.answered(instance, new Answer(outcome, lease, "", false, unanswered), this.now));
	}

	private Outcome outcome() {
		if (!isTrouble()) {
			return Outcome.DONE;
		}
		return switch (this.random.nextInt(10)) {
			case 0 -> Outcome.SUPERSEDED;
			case 1, 2, 3 -> Outcome.UNKNOWN_LEASE;
			case 4, 5, 6 -> Outcome.REFUSED;
			default -> Outcome.UNAVAILABLE;
		};
	}

	private Lease lease() {
		boolean renewed = this.granted != null && !isTrouble();
		return FakeRegistryClient.lease(renewed ? this.granted.lease().fence() : ++this.fences);
	}

	private void doubt() {
		this.doubted = true;
		this.confirmed = false;
	}

	private void handle(String event, RegistrationStep step) {
		this.history.add(event + " -> " + step);
		if (step == Idle.NOTHING) {
			return;
		}
		if (step instanceof Undo undo) {
			check(this.drained || this.finished, "only a lease that was granted too late is undone");
			check(this.ended == null || !this.ended.lease().token().equals(undo.granted().lease().token()),
					"a lease that ends is not undone");
			this.openLeases.remove(undo.granted().lease().token());
			return;
		}
		check(!this.finished, "nothing follows the end");
		this.pausing = step instanceof Pause;
		if (step instanceof Drain drain) {
			check(this.leaving && !this.drained, "it drains once, after it was asked to leave");
			check(drain.held().equals(this.granted), "the last lease is drained");
			this.drained = true;
			this.announcing = true;
			this.ended = drain.held();
		}
		else if (step instanceof Deregister deregister) {
			check(this.drained && !this.deregistering, "it deregisters after it has drained");
			check(deregister.held().equals(this.ended), "the drained lease ends");
			this.deregistering = true;
		}
		else if (step == Idle.FINISH) {
			check(this.leaving, "it leaves only when it is asked to");
			this.finished = true;
		}
		else {
			check(!this.leaving || step instanceof Wait, "no request but the end of a lease while leaving");
			check(!this.superseded, "a superseded instance stays out");
			checkRequest(step);
		}
	}

	private void checkRequest(RegistrationStep step) {
		if (step instanceof Pause) {
			return;
		}
		check(this.ready, "nothing is sent before it is ready");
		check(!this.describing && this.request == null, "there is one request in flight at most");
		boolean sure = this.confirmed && this.now >= this.lateUntil;
		if (step instanceof Describe describe) {
			check((describe.known() == null) == (this.granted == null), "the last description is known with a lease");
			this.describing = true;
		}
		else if (step instanceof Register register) {
			check((register.held() != null) == (this.granted != null), "a registration shows the last lease");
			check(register.held() == null || register.held().equals(this.granted.lease()),
					"a registration shows the last lease");
			check(!sure || !register.instance().equals(this.granted.instance()), "what is sure is only renewed");
			this.request = step;
			this.doubted = false;
			this.confirmed = false;
		}
		else {
			Renew renew = (Renew) step;
			check(sure, "what is unsure is registered, not renewed");
			check(renew.held().equals(this.granted), "the last registration is renewed");
			this.request = step;
			this.doubted = false;
		}
	}

	private void checkProgress() {
		int awaited = count(this.pausing) + count(this.describing) + count(this.request != null);
		if (this.finished || this.superseded && !this.leaving) {
			check(!this.pausing && !this.announcing && !this.deregistering, "nothing is awaited after the end");
		}
		else if (this.leaving) {
			// What was given up may still arrive.
			check(this.pausing || this.announcing || this.deregistering, "leaving goes on");
		}
		else {
			check(awaited == count(this.ready), "exactly one event is awaited");
		}
	}

	private static int count(boolean flag) {
		return flag ? 1 : 0;
	}

	private void check(boolean condition, String rule) {
		if (!condition) {
			fail("%s: %s", rule, String.join("\n", this.history));
		}
	}

}
