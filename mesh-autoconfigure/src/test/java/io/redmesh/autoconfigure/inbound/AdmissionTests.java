package io.redmesh.autoconfigure.inbound;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;

import io.redmesh.core.time.ManualTime;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class AdmissionTests {

	private static final MeshRequestHeaders PLAIN = new MeshRequestHeaders(null, 1, null, false);

	private static final MeshRequestHeaders HIGH = new MeshRequestHeaders(null, 1, null, true);

	private static final MeshRequestHeaders OF_THE_MESH = new MeshRequestHeaders("orders", 1, null, false);

	private final ManualTime time = new ManualTime();

	private final ConcurrencyLimit limit = limit(10, 10, 10);

	private final Admission admission = new Admission("orders", this.limit, true);

	@Test
	void deadlineIsReckonedFromTheArrival() {
		MeshRequestHeaders headers = new MeshRequestHeaders("Orders", 2, Duration.ofMillis(300), false);
		Admitted admitted = (Admitted) this.admission.decide(headers, RequestPriority.ORDINARY, true);
		assertThat(admitted.served().attempt()).isEqualTo(2);
		assertThat(admitted.served().deadline().limited()).isTrue();
		assertThat(admitted.served().deadline().left(this.time.nanos())).isEqualTo(Duration.ofMillis(300).toNanos());
	}

	@Test
	void refusalsAreCountedAndTakeNoPlace() {
		assertThat(this.admission.decide(new MeshRequestHeaders("invoices", 1, Duration.ZERO, true),
				RequestPriority.VITAL, false))
			.isEqualTo(Refusal.MISDIRECTED);
		assertThat(this.admission.decide(new MeshRequestHeaders("orders", 1, Duration.ZERO, true),
				RequestPriority.VITAL, false))
			.isEqualTo(Refusal.DEADLINE);
		assertThat(this.admission.decide(OF_THE_MESH, RequestPriority.ORDINARY, false)).isEqualTo(Refusal.SHED);
		for (Refusal refusal : Refusal.values()) {
			assertThat(this.admission.count(refusal)).isOne();
		}
		assertThat(this.limit.inFlight()).isZero();
	}

	@Test
	void appWithoutANameMisdirectsNothing() {
		Admission nameless = new Admission(null, this.limit, true);
		assertThat(nameless.decide(new MeshRequestHeaders("invoices", 1, null, false), RequestPriority.ORDINARY, true))
			.isInstanceOf(Admitted.class);
	}

	@Test
	void vitalAndHighPriorityRequestsMayUseTheReserve() {
		for (int i = 0; i < 10; i++) {
			assertThat(this.admission.decide(PLAIN, RequestPriority.ORDINARY, true)).isInstanceOf(Admitted.class);
		}
		assertThat(this.admission.decide(PLAIN, RequestPriority.ORDINARY, true)).isEqualTo(Refusal.SHED);
		assertThat(this.admission.decide(HIGH, RequestPriority.ORDINARY, true)).isInstanceOf(Admitted.class);
		assertThat(this.admission.decide(PLAIN, RequestPriority.VITAL, true)).isInstanceOf(Admitted.class);
		assertThat(this.admission.decide(HIGH, RequestPriority.VITAL, true)).isEqualTo(Refusal.SHED);
	}

	@Test
	void probeIsNeverRefusedForLoadAndTakesNoPlace() {
		for (int i = 0; i < 12; i++) {
			this.admission.decide(HIGH, RequestPriority.ORDINARY, true);
		}
		assertThat(this.admission.decide(PLAIN, RequestPriority.VITAL, true)).isEqualTo(Refusal.SHED);
		MeshRequestHeaders hurried = new MeshRequestHeaders("orders", 1, Duration.ofNanos(1), false);
		Admitted probe = (Admitted) this.admission.decide(hurried, RequestPriority.PROBE, false);
		assertThat(this.limit.inFlight()).isEqualTo(12);
		probe.end(true);
		assertThat(this.limit.inFlight()).isEqualTo(12);
	}

	@Test
	void loadIsReportedToCallersOfTheMeshOnly() {
		assertThat(this.admission.load(PLAIN)).isNull();
		assertThat(this.admission.load(OF_THE_MESH)).isEqualTo("inflight=0,util=0.00");
		List<Decision> decisions = new ArrayList<>();
		for (int i = 0; i < 12; i++) {
			decisions.add(this.admission.decide(HIGH, RequestPriority.ORDINARY, true));
		}
		assertThat(this.admission.load(OF_THE_MESH)).isEqualTo("inflight=12,util=1.20");
		decisions.forEach((decision) -> ((Admitted) decision).end(true));
		this.admission.decide(PLAIN, RequestPriority.ORDINARY, true);
		ConcurrencyLimit large = limit(21, 20, 30);
		large.tryEnter(false);
		assertThat(new Admission(null, large, true).load(OF_THE_MESH)).isEqualTo("inflight=1,util=0.05");
		assertThat(new Admission(null, large, false).load(OF_THE_MESH)).isNull();
		ConcurrencyLimit off = new ConcurrencyLimit(
				new InboundProperties.Limit(false, 8, 1, 8, Duration.ZERO, Duration.ZERO), Duration.ZERO,
				WaitingRequests.NONE, this.time);
		off.tryEnter(false);
		// Without a limit, utilization is relative to the initial limit.
		assertThat(new Admission(null, off, true).load(OF_THE_MESH)).isEqualTo("inflight=1,util=0.13");
	}

	@Test
	void onlyTheFirstEndCounts() {
		Admitted admitted = (Admitted) this.admission.decide(PLAIN, RequestPriority.ORDINARY, true);
		this.admission.decide(PLAIN, RequestPriority.ORDINARY, true);
		admitted.end(true);
		admitted.end(false);
		admitted.releaseSlot();
		assertThat(this.limit.inFlight()).isOne();
	}

	@Test
	void streamTakesNoPlace() {
		for (int i = 0; i < 100; i++) {
			Admitted admitted = (Admitted) this.admission.decide(PLAIN, RequestPriority.ORDINARY, true);
			admitted.releaseSlot();
		}
		assertThat(this.limit.inFlight()).isZero();
	}

	@Test
	void onlyAFailureIsPassedOn() {
		Admitted admitted = (Admitted) this.admission.decide(PLAIN, RequestPriority.ORDINARY, true);
		assertThat(admitted.failedAt(500)).isNull();
		IOException refused = new IOException("refused");
		admitted.served().callFailed("stock", refused);
		assertThat(admitted.failedAt(500)).isNull();
		admitted.served().failedWith(new IllegalStateException(refused));
		assertThat(admitted.failedAt(500)).isEqualTo("stock");
		assertThat(admitted.failedAt(499)).isNull();
		assertThat(admitted.failedAt(200)).isNull();
	}

	@Test
	void nothingIsInFlightAfterRandomEndings() {
		Random random = new Random(20260101);
		Queue<Admitted> served = new ArrayDeque<>();
		for (int i = 0; i < 10_000; i++) {
			MeshRequestHeaders headers = new MeshRequestHeaders((random.nextInt(9) == 0) ? "invoices" : null, 1,
					random.nextBoolean() ? Duration.ofNanos(random.nextInt(-1, 9)) : null, random.nextBoolean());
			if (this.admission.decide(headers, RequestPriority.values()[random.nextInt(2)],
					random.nextInt(9) > 0) instanceof Admitted one) {
				served.add(one);
			}
			this.time.forward(Duration.ofMillis(random.nextInt(20)));
			if (random.nextBoolean() && !served.isEmpty()) {
				end(served.remove(), random);
			}
			assertThat(this.limit.inFlight()).isEqualTo(served.size()).isLessThanOrEqualTo(12);
		}
		served.forEach((admitted) -> end(admitted, random));
		assertThat(this.limit.inFlight()).isZero();
	}

	private static void end(Admitted admitted, Random random) {
		if (random.nextBoolean()) {
			admitted.responseBegan();
		}
		if (random.nextBoolean()) {
			admitted.releaseSlot();
		}
		admitted.end(random.nextBoolean());
		if (random.nextBoolean()) {
			admitted.end(random.nextBoolean());
		}
	}

	private ConcurrencyLimit limit(int initial, int min, int max) {
		return new ConcurrencyLimit(new InboundProperties.Limit(true, initial, min, max, Duration.ZERO, Duration.ZERO),
				Duration.ZERO, WaitingRequests.NONE, this.time);
	}

}
