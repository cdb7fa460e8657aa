package io.redmesh.autoconfigure.inbound;

import java.util.concurrent.TimeUnit;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.binder.MeterBinder;

/** The meters of requests in flight, their limit and their refusals. */
final class InboundMetrics implements MeterBinder {

	private final Admission admission;

	InboundMetrics(Admission admission) {
		this.admission = admission;
	}

	@Override
	public void bindTo(MeterRegistry meters) {
		ConcurrencyLimit limit = this.admission.limit();
		Gauge.builder("mesh.inbound.in-flight", limit, ConcurrencyLimit::inFlight)
			.description("Requests that are in flight")
			.register(meters);
		TimeGauge.builder("mesh.inbound.expected", limit, TimeUnit.NANOSECONDS, ConcurrencyLimit::predict)
			.description("Time that the next request is expected to take, zero while few are in flight")
			.register(meters);
		if (limit.isEnabled()) {
			Gauge.builder("mesh.inbound.limit", limit, ConcurrencyLimit::limit)
				.description("Requests that may be in flight")
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
