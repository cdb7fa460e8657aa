package io.redmesh.autoconfigure.inbound;

import java.util.concurrent.TimeUnit;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.binder.MeterBinder;

/** Measures how many requests are served, how many may be, and counts who was refused. */
final class InboundMetrics implements MeterBinder {

	private final Admission admission;

	InboundMetrics(Admission admission) {
		this.admission = admission;
	}

	@Override
	public void bindTo(MeterRegistry meters) {
		ConcurrencyLimit limit = this.admission.limit();
		Gauge.builder("mesh.inbound.in-flight", limit, ConcurrencyLimit::inFlight)
			.description("Requests that are being served")
			.register(meters);
		TimeGauge.builder("mesh.inbound.expected", limit, TimeUnit.NANOSECONDS, ConcurrencyLimit::predict)
			.description("Time that the next request is expected to take, zero while few are in flight")
			.register(meters);
		if (limit.isEnabled()) {
			Gauge.builder("mesh.inbound.limit", limit, ConcurrencyLimit::limit)
				.description("Requests that may be served at the same time")
				.register(meters);
		}
		for (Refusal refusal : Refusal.values()) {
			FunctionCounter.builder("mesh.inbound.refused", this.admission, (admission) -> admission.count(refusal))
				.description("Requests that were refused on arrival")
				.tag("reason", refusal.label())
				.register(meters);
		}
	}

}
