package io.redmesh.autoconfigure.actuate;

import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.redmesh.core.call.CallListener;
import io.redmesh.core.call.CallPlanner;
import io.redmesh.core.call.CallRefusal;
import io.redmesh.core.endpoint.EjectionCause;
import io.redmesh.core.endpoint.Endpoint;
import io.redmesh.core.endpoint.EndpointListener;
import io.redmesh.core.endpoint.EndpointPool;
import io.redmesh.core.endpoint.EndpointPools;

/**
 * The meters of the services that this app calls: what calls have taught about them, and
 * the number of ejections. A service that is not called has no meters. Tags name
 * services, never instances, so that their number does not grow with every deployment.
 */
final class CallMetrics implements MeterBinder {

	private static final String PREFIX = "mesh.client.";

	private static final String SERVICE = "mesh.service";

	private final EndpointPools pools;

	private final CallPlanner planner;

	CallMetrics(EndpointPools pools, CallPlanner planner) {
		this.pools = pools;
		this.planner = planner;
	}

	@Override
	public void bindTo(MeterRegistry meters) {
		this.planner.listen(new Called(meters));
		this.pools.listen(new Counting(meters));
	}

	/**
	 * The listener that gives a service its meters with its first call, and removes them
	 * when the service is forgotten.
	 */
	private final class Called implements CallListener {

		private final MeterRegistry meters;

		private final Set<String> measured = ConcurrentHashMap.newKeySet();

		Called(MeterRegistry meters) {
			this.meters = meters;
		}

		@Override
		public void firstCalled(EndpointPool pool) {
			if (this.measured.add(pool.service())) {
				bind(pool, this.meters);
			}
		}

		@Override
		public void forgotten(String service) {
			this.measured.remove(service);
			this.meters.getMeters()
				.stream()
				.map(Meter::getId)
				.filter((id) -> isOurs(id) && service.equals(id.getTag(SERVICE)))
				.forEach(this.meters::remove);
		}

		private static boolean isOurs(Meter.Id id) {
			return id.getName().startsWith(PREFIX);
		}

	}

	private void bind(EndpointPool pool, MeterRegistry meters) {
		endpoints("candidate", pool, (each) -> each.view().candidates().size(), meters);
		endpoints("ejected", pool, (each) -> count(each, Endpoint::isEjected), meters);
		endpoints("suspect", pool, (each) -> count(each, (endpoint) -> endpoint.instance().suspect()), meters);
		Gauge.builder("mesh.client.in-flight", pool, CallMetrics::inFlight)
			.description("Attempts in flight, until their response has been read")
			.tag(SERVICE, pool.service())
			.register(meters);
		Gauge.builder("mesh.client.pending", this.planner, (planner) -> planner.pending(pool.service()))
			.description("Calls that wait in the queue for a permit")
			.tag(SERVICE, pool.service())
			.register(meters);
		Gauge.builder("mesh.client.retry.budget", this.planner, (planner) -> planner.retriesLeft(pool.service()))
			.description("Retries and hedges that the retry budget still permits")
			.tag(SERVICE, pool.service())
			.register(meters);
		for (CallRefusal refusal : CallRefusal.values()) {
			refused(pool.service(), refusal, meters);
		}
		// Registered at zero, because Prometheus sees no increase in a counter that
		// begins with one.
		for (EjectionCause cause : EjectionCause.values()) {
			ejections(pool.service(), cause, meters);
		}
		restorations(pool.service(), meters);
	}

	private static Counter ejections(String service, EjectionCause cause, MeterRegistry meters) {
		return meters.counter("mesh.client.ejections", "mesh.service", service, "cause",
				cause.name().toLowerCase(Locale.ROOT));
	}

	private static Counter restorations(String service, MeterRegistry meters) {
		return meters.counter("mesh.client.restorations", "mesh.service", service);
	}

	private void refused(String service, CallRefusal refusal, MeterRegistry meters) {
		FunctionCounter.builder("mesh.client.refused", this.planner, (planner) -> planner.refused(service, refusal))
			.description("Calls that were refused before their first attempt")
			.tag(SERVICE, service)
			.tag("reason", refusal.name().toLowerCase(Locale.ROOT))
			.register(meters);
	}

	private static void endpoints(String state, EndpointPool pool, ToDoubleFunction<EndpointPool> count,
			MeterRegistry meters) {
		Gauge.builder("mesh.client.endpoints", pool, count)
			.description("Instances of a service that are candidates for a call, ejected, or suspects of the registry")
			.tag(SERVICE, pool.service())
			.tag("state", state)
			.register(meters);
	}

	private static double count(EndpointPool pool, Predicate<Endpoint> condition) {
		return pool.all().stream().filter(condition).count();
	}

	private static double inFlight(EndpointPool pool) {
		return pool.all().stream().mapToInt(Endpoint::inFlight).sum();
	}

	private record Counting(MeterRegistry meters) implements EndpointListener {

		@Override
		public void ejected(Endpoint endpoint, EjectionCause cause, Duration until) {
			ejections(endpoint.instance().service(), cause, this.meters).increment();
		}

		@Override
		public void restored(Endpoint endpoint) {
			restorations(endpoint.instance().service(), this.meters).increment();
		}

	}

}
