package io.redmesh.autoconfigure.actuate;

import java.time.Duration;

import io.redmesh.core.endpoint.Ejection;
import io.redmesh.core.endpoint.Endpoint;
import io.redmesh.core.endpoint.EndpointPool;
import io.redmesh.core.instance.Status;
import org.jspecify.annotations.Nullable;

/**
 * This process's handle on an instance.
 *
 * @param id the instance's id
 * @param address where it is called
 * @param inFlight how many attempts are under way
 * @param latency how long it takes to answer, as of late; null if it has not answered
 * @param silence for how long nothing was heard of it while it should answer and others
 * did
 * @param attempts how many attempts ended in the last ten seconds
 * @param failures how many of them failed
 * @param weight its share relative to its peers, less while it starts slowly
 * @param ejection why it gets no calls for a while; null if it does
 * @param candidate whether a call may go to it now
 * @param reason why it is no candidate; null if it is one
 */
public record EndpointDescriptor(String id, String address, int inFlight, @Nullable Duration latency, Duration silence,
		int attempts, int failures, float weight, @Nullable EjectionDescriptor ejection, boolean candidate,
		@Nullable String reason) {

	static EndpointDescriptor of(Endpoint endpoint, EndpointPool pool, long now) {
		float latency = endpoint.latency(now);
		Ejection ejection = endpoint.ejection();
		boolean candidate = pool.candidates().contains(endpoint);
		return new EndpointDescriptor(endpoint.instance().id(), endpoint.authority(), endpoint.inFlight(),
				(latency > 0) ? Duration.ofNanos((long) latency) : null,
				Duration.ofNanos(Math.max(0, endpoint.silence())), endpoint.attempts(now), endpoint.failures(now),
				endpoint.instance().weight() * endpoint.warmth(now),
				(ejection != null) ? EjectionDescriptor.of(ejection, now) : null, candidate,
				candidate ? null : reason(endpoint));
	}

	private static String reason(Endpoint endpoint) {
		Status status = endpoint.instance().status();
		Ejection ejection = endpoint.ejection();
		if (status != Status.UP) {
			return "its status is " + status;
		}
		if (endpoint.instance().port() == 0) {
			return "it has no port";
		}
		if (ejection != null) {
			return "it is ejected: " + ejection.cause().sentence();
		}
		return endpoint.instance().suspect() ? "the registry doubts that it lives, and others are there"
				: "others are preferred";
	}

	/**
	 * That an instance gets no calls.
	 *
	 * @param cause why
	 * @param times which ejection in a row it is
	 * @param nextProbe in how long one call finds out whether it is over
	 */
	public record EjectionDescriptor(String cause, int times, Duration nextProbe) {

		static EjectionDescriptor of(Ejection ejection, long now) {
			return new EjectionDescriptor(ejection.cause().sentence(), ejection.times(),
					Duration.ofNanos(Math.max(0, ejection.until() - now)));
		}

	}

}
