package io.redmesh.autoconfigure.actuate;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

import io.redmesh.autoconfigure.call.MeshHosts;
import io.redmesh.core.call.CallPlan;
import io.redmesh.core.call.CallPlanner;
import io.redmesh.core.call.CallPolicy;
import io.redmesh.core.call.CallPreview;
import io.redmesh.core.call.CallTerms;
import io.redmesh.core.endpoint.EndpointPool;
import io.redmesh.core.endpoint.EndpointPools;
import io.redmesh.core.instance.Instance;
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

	static CallExplanation of(String uri, @Nullable Duration timeout, EndpointPools pools, CallPlanner planner,
			MeshHosts hosts, Time time) {
		URI parsed = parse(uri);
		String host = (parsed != null) ? parsed.getHost() : null;
		if (parsed == null || host == null) {
			return elsewhere(uri, "it names no host");
		}
		CallTerms terms = (timeout != null) ? new CallTerms(true, true, true, time.nanos() + Time.nanos(timeout))
				: CallTerms.IDEMPOTENT;
		CallPlan plan = hosts.plan(planner, parsed, terms);
		EndpointPool pool = (plan != null) ? pools.pool(plan.service()) : null;
		if (plan == null || pool == null) {
			return elsewhere(uri, whyElsewhere(parsed, host, pools, hosts) + ": the call passes as it is");
		}
		List<EndpointDescriptor> endpoints = pool.all()
			.stream()
			.map((endpoint) -> EndpointDescriptor.of(endpoint, pool, time.nanos()))
			.toList();
		PolicyDescriptor policy = PolicyDescriptor.of(plan, planner.retriesLeft(plan.service()));
		CallPreview preview = plan.preview();
		Instance pick = preview.instance();
		return new CallExplanation(uri, verdict(preview), plan.service(), (pick != null) ? pick.id() : null,
				preview.panic(), policy, endpoints);
	}

	private static String verdict(CallPreview preview) {
		Instance pick = preview.instance();
		if (pick == null) {
			return String.valueOf(preview.refusal());
		}
		StringBuilder verdict = new StringBuilder();
		if (preview.waits()) {
			verdict.append("As many calls are under way as are permitted: the call waits behind %d others, then "
				.formatted(preview.ahead()));
		}
		verdict.append(
				preview.probe() ? "%s is picked although it is ejected, since it is to be probed".formatted(pick.id())
						: "%s is picked out of %d candidates".formatted(pick.id(), preview.candidates()));
		if (preview.panic()) {
			verdict.append("; so few instances are left that those ejected for their answers are candidates too");
		}
		if (preview.timeout() != null) {
			verdict.append("; it has %s to begin its answer".formatted(preview.timeout()));
		}
		if (!preview.repeatable()) {
			verdict.append("; after a failure there is no other attempt, since the retry budget is used up");
		}
		return verdict.toString();
	}

	private static String whyElsewhere(URI uri, String host, EndpointPools pools, MeshHosts hosts) {
		EndpointPool pool = pools.pool(host.toLowerCase(Locale.ROOT));
		if (pool == null) {
			return "'%s' is no service of the mesh".formatted(host);
		}
		if (!hosts.isPermitted(host)) {
			return "'%s' has a dot and is in none of mesh.call.domains".formatted(host);
		}
		return pool.all().isEmpty() ? "'%s' has no instance any more".formatted(host)
				: "no instance of '%s' has registered port %d".formatted(host, uri.getPort());
	}

	private static @Nullable URI parse(String uri) {
		try {
			return new URI(uri);
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
