package io.redmesh.autoconfigure.actuate;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

import io.redmesh.core.call.CallPlan;
import io.redmesh.core.call.CallPlanner;
import io.redmesh.core.call.CallPolicy;
import io.redmesh.core.call.CallTerms;
import io.redmesh.core.call.NoEndpointException;
import io.redmesh.core.endpoint.EndpointPool;
import io.redmesh.core.endpoint.EndpointPools;
import io.redmesh.core.time.Time;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * How a call would be made now, without making it.
 *
 * @param uri what would be called
 * @param verdict what would become of it, in words
 * @param service the service it is for; null if it is none of the mesh
 * @param pick the instance that a first attempt would go to; null if there is none
 * @param panic whether so few are left that ejections for answers do not count
 * @param policy how the service is called; null if it is none of the mesh
 * @param endpoints all instances, and why not to go there
 */
public record CallExplanation(String uri, String verdict, @Nullable String service, @Nullable String pick,
		boolean panic, @Nullable PolicyDescriptor policy,
		List<EndpointDescriptor> endpoints) implements OperationResponseBody {

	static CallExplanation of(String uri, EndpointPools pools, CallPlanner planner, Time time) {
		String host = host(uri);
		if (host == null) {
			return elsewhere(uri, "it names no host");
		}
		CallPlan plan = planner.plan(host, CallTerms.IDEMPOTENT);
		EndpointPool pool = (plan != null) ? pools.pool(plan.service()) : null;
		if (plan == null || pool == null) {
			return elsewhere(uri, "'%s' is no service of the mesh: the call passes as it is".formatted(host));
		}
		List<EndpointDescriptor> endpoints = pool.all()
			.stream()
			.map((endpoint) -> EndpointDescriptor.of(endpoint, pool, time.nanos()))
			.toList();
		PolicyDescriptor policy = PolicyDescriptor.of(plan, planner.retriesLeft(plan.service()));
		try {
			String pick = plan.only().id();
			return new CallExplanation(uri,
					"%s is picked out of %d candidates".formatted(pick, pool.candidates().size()), plan.service(), pick,
					pool.isPanicking(), policy, endpoints);
		}
		catch (NoEndpointException ex) {
			return new CallExplanation(uri, String.valueOf(ex.getMessage()), plan.service(), null, pool.isPanicking(),
					policy, endpoints);
		}
	}

	private static @Nullable String host(String uri) {
		try {
			return new URI(uri).getHost();
		}
		catch (URISyntaxException ex) {
			return null;
		}
	}

	private static CallExplanation elsewhere(String uri, String verdict) {
		return new CallExplanation(uri, verdict, null, null, false, null, List.of());
	}

	/**
	 * How a service is called.
	 *
	 * @param loadBalancing how an instance is picked
	 * @param timeout how long a call may take until the answer begins
	 * @param attemptTimeout how long one attempt may take until the answer begins
	 * @param maxAttempts how many attempts a call may make
	 * @param retriesLeft how many attempts beyond the first all calls may make now
	 * @param hedgeAfter after how long an unanswered call is made elsewhere as well, now;
	 * zero for never
	 * @param maxConcurrentCalls how many calls may be under way, zero for any number
	 * @param maxPendingCalls how many more may wait
	 */
	public record PolicyDescriptor(String loadBalancing, Duration timeout, Duration attemptTimeout, int maxAttempts,
			int retriesLeft, Duration hedgeAfter, int maxConcurrentCalls, int maxPendingCalls) {

		static PolicyDescriptor of(CallPlan plan, double retriesLeft) {
			CallPolicy policy = plan.policy();
			return new PolicyDescriptor(policy.loadBalancing().name().toLowerCase(Locale.ROOT).replace('_', '-'),
					policy.timeout(), policy.attemptTimeout(), policy.retries().maxAttempts(), (int) retriesLeft,
					Duration.ofNanos(plan.hedgeAfter()), policy.maxCalls(), policy.maxPending());
		}

	}

}
