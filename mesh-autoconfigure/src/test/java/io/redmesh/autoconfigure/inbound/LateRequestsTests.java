package io.redmesh.autoconfigure.inbound;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import io.redmesh.autoconfigure.call.ServedRequest;
import io.redmesh.core.call.Deadline;
import io.redmesh.core.time.ManualTime;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of requests that are refused by default because they would be answered too late.
 */
class LateRequestsTests {

	private static final InboundProperties.Limit NONE = new InboundProperties.Limit(false, 200, 20, 1000,
			Duration.ofMillis(250), Duration.ofSeconds(1));

	private static final MeshRequestHeaders PATIENT = new MeshRequestHeaders(null, 1, null, false);

	private static final MeshRequestHeaders FAST = new MeshRequestHeaders(null, 1, Duration.ofSeconds(10), false);

	private static final MeshRequestHeaders HURRIED = new MeshRequestHeaders(null, 1, Duration.ofSeconds(1), false);

	private final ManualTime time = new ManualTime();

	private final AtomicInteger waiting = new AtomicInteger();

	private final ConcurrencyLimit limit = new ConcurrencyLimit(NONE, Duration.ofSeconds(10), this.waiting::get,
			this.time);

	private final Admission admission = new Admission(null, this.limit, true);

	private final Deque<Admitted> queue = new ArrayDeque<>();

	@Test
	void requestThatWouldBeAnsweredTooLateIsRefused() {
		// One ends every 10 ms, so the next one would take 600 ms.
		crowd(60, Duration.ofMillis(10), 300);
		takeTrial();
		assertThat(Duration.ofNanos((long) this.limit.predict())).isEqualTo(Duration.ofMillis(600));
		assertThat(this.limit.isInTime(Duration.ofMillis(899))).isFalse();
		assertThat(this.limit.isInTime(Duration.ofMillis(900))).isTrue();
		assertThat(this.limit.isInTime(null)).isTrue();
	}

	@Test
	void overloadedAppAnswersAsManyInTimeAsItCan() {
		// 100 requests a second arrive, then 600. The app serves 200, ten at a time.
		Deque<Long> arrived = new ArrayDeque<>();
		int[] inTime = new int[13];
		for (int step = 0; step < inTime.length * 200; step++) {
			int second = step / 200;
			for (int i = 0; i < ((second < 3) ? step % 2 : 3); i++) {
				if (this.admission.decide(HURRIED, RequestPriority.ORDINARY, true) instanceof Admitted admitted) {
					this.queue.add(admitted);
					arrived.add(this.time.nanos());
				}
			}
			this.time.forward(Duration.ofMillis(5));
			if (!arrived.isEmpty() && this.time.nanos() - arrived.peek() >= Duration.ofMillis(50).toNanos()) {
				this.queue.remove().end(true);
				inTime[second] += (this.time.nanos() - arrived.remove() <= Duration.ofSeconds(1).toNanos()) ? 1 : 0;
			}
		}
		assertThat(Arrays.stream(inTime).skip(3).min().orElse(0)).isGreaterThan(190);
	}

	@Test
	void answersThatBecomeSlowAreNoReasonToRefuse() {
		// The adaptive limit would call this overload: 400 times slower than usual.
		crowd(5, Duration.ofMillis(1), 1000);
		crowd(100, Duration.ofMillis(20), 1000);
		assertThat(Duration.ofNanos((long) this.limit.predict())).isEqualTo(Duration.ofSeconds(2));
		arrive(PATIENT, 300);
		arrive(FAST, 1);
		assertThat(this.admission.count(Refusal.SHED)).isZero();
	}

	@Test
	void workThatTakesLongIsNoQueue() {
		// A hundred reports of 20 s each, which their callers expect to take long.
		crowd(100, Duration.ofMillis(200), 1000);
		arrive(PATIENT, 100);
		assertThat(this.admission.count(Refusal.SHED)).isZero();
	}

	@Test
	void queueThatStandsForLongerThanCallersWaitIsRefused() {
		// 200 requests a second arrive, and 50 threads serve 100 a second.
		Deque<Admitted> threads = new ArrayDeque<>();
		int refused = 0;
		int queued = 0;
		for (int i = 0; i < 3000; i++) {
			this.time.forward(Duration.ofMillis(10));
			if (threads.size() == 50) {
				threads.remove().end(true);
			}
			queued += 2;
			while (queued > 0 && threads.size() < 50) {
				this.waiting.set(--queued);
				if (this.admission.decide(PATIENT, RequestPriority.ORDINARY, true) instanceof Admitted admitted) {
					threads.add(admitted);
				}
				else {
					refused++;
				}
			}
		}
		// Two thirds of what the app serves in 10 s.
		assertThat(queued).isBetween(640, 690);
		assertThat(refused).isBetween(2150, 2350);
	}

	@Test
	void crowdThatIsServedInTimeIsNotRefused() {
		// After a pause, all requests that arrived meanwhile are there at once.
		for (int i = 0; i < 20; i++) {
			arrive(FAST, 200);
			for (int j = 0; j < 200; j++) {
				this.time.forward(Duration.ofMillis(25));
				this.queue.remove().end(true);
			}
		}
		assertThat(this.admission.count(Refusal.SHED)).isZero();
	}

	@Test
	void pauseIsNotTakenForASlowApp() {
		// Each request takes half a second.
		crowd(100, Duration.ofMillis(5), 2400);
		this.time.forward(Duration.ofSeconds(5));
		for (int i = 0; i < 20; i++) {
			this.queue.remove().end(true);
			takeTrial();
			arrive(HURRIED, 1);
			this.time.forward(Duration.ofMillis(5));
		}
		assertThat(this.admission.count(Refusal.SHED)).isZero();
	}

	@Test
	void longRequestsDoNotMakeShortOnesLate() {
		// Forty reports of 20 s each, and now and then a request that takes 5 ms.
		for (int i = 0; i < 40; i++) {
			arrive(FAST, 1);
		}
		for (int i = 0; i < 400; i++) {
			this.time.forward(Duration.ofMillis(500));
			this.queue.remove().end(true);
			arrive(PATIENT, 1);
			if (i % 4 == 0) {
				takeTrial();
				Decision decision = this.admission.decide(FAST, RequestPriority.ORDINARY, true);
				assertThat(decision).isInstanceOf(Admitted.class);
				this.time.forward(Duration.ofMillis(5));
				((Admitted) decision).end(true);
			}
		}
		assertThat(this.admission.count(Refusal.SHED)).isZero();
	}

	@Test
	void oneRequestASecondIsAdmittedAsATrial() {
		crowd(60, Duration.ofMillis(100), 100);
		assertThat(this.admission.decide(HURRIED, RequestPriority.ORDINARY, true)).isInstanceOf(Admitted.class);
		assertThat(this.admission.decide(HURRIED, RequestPriority.ORDINARY, true)).isEqualTo(Refusal.SHED);
		this.time.forward(Duration.ofMillis(999));
		assertThat(this.admission.decide(HURRIED, RequestPriority.ORDINARY, true)).isEqualTo(Refusal.SHED);
		this.time.forward(Duration.ofMillis(1));
		Decision trial = this.admission.decide(HURRIED, RequestPriority.ORDINARY, true);
		assertThat(trial).isInstanceOf(Admitted.class);
		// The trial was in time: the requests in flight are of another kind.
		this.time.forward(Duration.ofMillis(5));
		((Admitted) trial).end(true);
		assertThat(this.admission.decide(HURRIED, RequestPriority.ORDINARY, true)).isInstanceOf(Admitted.class);
	}

	@Test
	void fastFailuresDoNotProveThatOtherRequestsAreFast() {
		crowd(60, Duration.ofMillis(100), 100);
		takeTrial();
		Admitted failing = (Admitted) this.admission.decide(PATIENT, RequestPriority.ORDINARY, true);
		failing.end(false);
		assertThat(this.admission.decide(HURRIED, RequestPriority.ORDINARY, true)).isEqualTo(Refusal.SHED);
	}

	@Test
	void requestsThatWaitForAThreadCountAsQueued() {
		crowd(60, Duration.ofMillis(10), 100);
		takeTrial();
		for (MeshRequestHeaders headers : List.of(FAST, PATIENT)) {
			this.waiting.set(600);
			assertThat(this.admission.decide(headers, RequestPriority.ORDINARY, true)).isInstanceOf(Admitted.class);
			this.waiting.set(710);
			assertThat(this.admission.decide(headers, RequestPriority.ORDINARY, true)).isEqualTo(Refusal.SHED);
		}
	}

	@Test
	void fewThreadsMakeAQueueAsWell() {
		// Four threads serve requests, and a hundred requests wait for them.
		this.waiting.set(100);
		crowd(4, Duration.ofMillis(100), 100);
		takeTrial();
		assertThat(this.admission.decide(HURRIED, RequestPriority.ORDINARY, true)).isEqualTo(Refusal.SHED);
	}

	@Test
	void probesAreNeverTooLate() {
		crowd(60, Duration.ofSeconds(1), 100);
		takeTrial();
		assertThat(this.admission.decide(HURRIED, RequestPriority.ORDINARY, true)).isEqualTo(Refusal.SHED);
		assertThat(this.admission.decide(HURRIED, RequestPriority.VITAL, true)).isInstanceOf(Admitted.class);
	}

	@Test
	void rateOfFewRequestsPredictsNothing() {
		crowd(20, Duration.ofSeconds(1), 100);
		arrive(PATIENT, 60);
		assertThat(this.admission.decide(HURRIED, RequestPriority.ORDINARY, true)).isInstanceOf(Admitted.class);
	}

	@Test
	void fewRequestsAreAlwaysServed() {
		crowd(60, Duration.ofSeconds(1), 100);
		takeTrial();
		assertThat(this.admission.decide(FAST, RequestPriority.ORDINARY, true)).isEqualTo(Refusal.SHED);
		List<Admitted> crowd = new ArrayList<>(this.queue);
		crowd.subList(0, 41).forEach((one) -> one.end(true));
		assertThat(this.limit.inFlight()).isEqualTo(19);
		assertThat(this.admission.decide(FAST, RequestPriority.ORDINARY, true)).isInstanceOf(Admitted.class);
	}

	@Test
	void nothingIsTooLateIfCallersWaitForAnyTime() {
		crowd(60, Duration.ofSeconds(1), 100);
		this.waiting.set(1000);
		takeTrial();
		assertThat(this.admission.decide(PATIENT, RequestPriority.ORDINARY, true)).isEqualTo(Refusal.SHED);
		ConcurrencyLimit patient = new ConcurrencyLimit(NONE, Duration.ZERO, this.waiting::get, this.time);
		ConcurrencyLimit off = new ConcurrencyLimit(NONE, null, this.waiting::get, this.time);
		for (int i = 0; i < 100; i++) {
			patient.tryEnter(false);
			off.tryEnter(false);
		}
		for (int i = 0; i < 70; i++) {
			this.time.forward(Duration.ofSeconds(1));
			patient.leave(1, 1);
			off.leave(1, 1);
		}
		assertThat(patient.isInTime(null)).isTrue();
		assertThat(off.isInTime(Duration.ofNanos(1))).isTrue();
	}

	/**
	 * Keeps so many requests in flight: after each duration one ends and another arrives.
	 */
	private void crowd(int concurrency, Duration each, int times) {
		while (this.queue.size() < concurrency) {
			this.queue.add(enter());
		}
		for (int i = 0; i < times; i++) {
			this.time.forward(each);
			this.queue.remove().end(true);
			this.queue.add(enter());
		}
	}

	private Admitted enter() {
		ServedRequest served = new ServedRequest(1, Deadline.NONE);
		return new Admitted(served, this.limit, true, this.limit.tryEnter(false));
	}

	/** Takes the trial by which one request is admitted each second. */
	private void takeTrial() {
		this.limit.isInTime(Duration.ofNanos(1));
	}

	private void arrive(MeshRequestHeaders headers, int times) {
		for (int i = 0; i < times; i++) {
			if (this.admission.decide(headers, RequestPriority.ORDINARY, true) instanceof Admitted admitted) {
				this.queue.add(admitted);
			}
		}
	}

}
