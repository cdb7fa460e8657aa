package io.redmesh.autoconfigure.actuate;

import java.time.Duration;

import io.redmesh.core.endpoint.Ejection;
import io.redmesh.core.endpoint.Endpoint;
import io.redmesh.core.endpoint.EndpointPool;
import io.redmesh.core.endpoint.Requirement;
import io.redmesh.core.instance.Status;
import org.jspecify.annotations.Nullable;

/**
 * This process's handle on an instance.
 *
 * @param id the id of the instance
 * @param address the host and port at which it is called
 * @param inFlight the number of attempts in flight
 * @param latency the recent time until it answers; null if it has not answered yet
 * @param silence for how long it has not answered although attempts wait for it and other
 * instances have answered
 * @param attempts the number of attempts that ended in the last ten seconds
 * @param failures the number of those that failed
 * @param weight its share relative to its peers, less during slow start
 * @param ejection its ejection; null if it is not ejected
 * @param candidate whether a call may go to it now
 * @param reason the reason why it is no candidate; null if it is one
 */
public record EndpointDescriptor(String id, String address, int inFlight, @Nullable Duration latency, Duration silence,
		int attempts, int failures, float weight, @Nullable EjectionDescriptor ejection, boolean candidate,
		@Nullable String reason) {

	/**
	 * Describes an endpoint.
	 * @param endpoint the endpoint
	 * @param pool the endpoints of its service
	 * @param requirement the requirement of the call that it may be a candidate for, or
	 * null for none
	 * @param now monotonic nanoseconds
	 * @return the description
	 */
	static EndpointDescriptor of(Endpoint endpoint, EndpointPool pool, @Nullable Requirement requirement, long now) {
		float latency = endpoint.latency(now);
		Ejection ejection = endpoint.ejection();
		boolean candidate = pool.view(requirement).candidates().contains(endpoint);
		return new EndpointDescriptor(endpoint.instance().id(), endpoint.authority(), endpoint.inFlight(),
				(latency > 0) ? Duration.ofNanos((long) latency) : null,
				Duration.ofNanos(Math.max(0, endpoint.silence())), endpoint.attempts(now), endpoint.failures(now),
				endpoint.instance().weight() * endpoint.warmth(now),
				(ejection != null) ? EjectionDescriptor.of(ejection, now) : null, candidate,
				candidate ? null : reason(endpoint, requirement));
	}

	private static String reason(Endpoint endpoint, @Nullable Requirement requirement) {
		if (requirement != null && !requirement.isMetBy(endpoint.instance())) {
			return "the call is for an instance that " + requirement;
		}
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
		return endpoint.instance().suspect()
				? "the registry suspects it to be dead, and other instances are not suspect"
				: "other instances are preferred";
	}

	/**
	 * The ejection of an instance.
	 *
	 * @param cause its cause, in words
	 * @param times its number among the ejections in a row, 1 for the first
	 * @param nextProbe the time until one call probes the instance
	 */
	public record EjectionDescriptor(String cause, int times, Duration nextProbe) {

		static EjectionDescriptor of(Ejection ejection, long now) {
			return new EjectionDescriptor(ejection.cause().sentence(), ejection.times(),
					Duration.ofNanos(Math.max(0, ejection.until() - now)));
		}

	}

}
