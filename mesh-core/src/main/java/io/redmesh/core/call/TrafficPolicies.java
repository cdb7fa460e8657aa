package io.redmesh.core.call;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

import io.redmesh.core.endpoint.EjectionPolicy;
import io.redmesh.core.endpoint.EndpointSubset;
import io.redmesh.core.loadbalance.LoadBalancing;
import io.redmesh.core.outlier.OutlierPolicy;
import io.redmesh.core.traffic.ConnectionPoolRule;
import io.redmesh.core.traffic.DestinationKey;
import io.redmesh.core.traffic.LoadBalancerRule;
import io.redmesh.core.traffic.OutlierRule;
import io.redmesh.core.traffic.RetryBudgetRule;
import io.redmesh.core.traffic.RouteTable;
import io.redmesh.core.traffic.TrafficPolicy;
import org.jspecify.annotations.Nullable;

/**
 * The policies that follow from an app's configuration and the rules together. A block of
 * a rule takes the place of what the app has configured.
 */
public final class TrafficPolicies {

	/** The longest ejection, as in Envoy, unless the first is longer. */
	private static final Duration MAX_EJECTION = Duration.ofMinutes(5);

	private static final double PERCENT = 100;

	private TrafficPolicies() {
	}

	/**
	 * Returns the ejection policy of a service.
	 * @param configured the policy that the app has configured
	 * @param table the rules
	 * @param service the service
	 * @return the policy
	 */
	public static EjectionPolicy ejection(EjectionPolicy configured, RouteTable table, String service) {
		return ejection(configured, table.policy(new DestinationKey(service, "")));
	}

	private static EjectionPolicy ejection(EjectionPolicy configured, @Nullable TrafficPolicy rule) {
		OutlierRule outliers = (rule != null) ? rule.outlierDetection() : null;
		LoadBalancerRule balancer = (rule != null) ? rule.loadBalancer() : null;
		Duration slowStart = (balancer != null && balancer.warmup() != null) ? balancer.warmup()
				: configured.slowStart();
		if (outliers == null) {
			return new EjectionPolicy(configured.firstEjection(), configured.maxEjection(),
					configured.maxEjectedShare(), configured.panicThreshold(), slowStart);
		}
		Duration first = outliers.baseEjectionTime();
		return new EjectionPolicy(first, (first.compareTo(MAX_EJECTION) > 0) ? first : MAX_EJECTION,
				outliers.maxEjectionPercent() / PERCENT, outliers.minHealthPercent() / PERCENT, slowStart);
	}

	/**
	 * Returns the policy of calls to a destination.
	 * @param configured the policy that the app has configured
	 * @param ofService the ejection policy of the service
	 * @param table the rules
	 * @param destination the destination
	 * @return the policy
	 */
	static CallPolicy calls(CallPolicy configured, EjectionPolicy ofService, RouteTable table,
			DestinationKey destination) {
		TrafficPolicy rule = table.policy(destination);
		EndpointSubset subset = subset(configured.subset(), ofService, table, destination, rule);
		if (rule == null) {
			return configured.with(subset);
		}
		LoadBalancerRule balancer = rule.loadBalancer();
		ConnectionPoolRule pool = rule.connectionPool();
		return new CallPolicy(algorithm(configured.loadBalancing(), balancer), retries(configured, rule.retryBudget()),
				outliers(configured.outliers(), rule.outlierDetection()), configured.timeout(),
				configured.attemptTimeout(), (pool != null) ? pool.maxCalls() : configured.maxCalls(),
				(pool != null) ? maxPending(pool) : configured.maxPending(), subset,
				(balancer != null) ? balancer.hashKey() : null);
	}

	private static @Nullable EndpointSubset subset(@Nullable EndpointSubset configured, EjectionPolicy ofService,
			RouteTable table, DestinationKey destination, @Nullable TrafficPolicy rule) {
		if (destination.subset().isEmpty()) {
			return configured;
		}
		Map<String, String> labels = table.subset(destination);
		if (labels == null) {
			return EndpointSubset.undefined(destination.subset());
		}
		Map<String, String> all = new HashMap<>(labels);
		if (configured != null) {
			all.putAll(configured.labels());
		}
		EjectionPolicy ejection = ejection(ofService, rule);
		return new EndpointSubset(destination.subset(), all, ejection.equals(ofService) ? null : ejection);
	}

	// Envoy's turns are in proportion to the weights.
	private static LoadBalancing algorithm(LoadBalancing configured, @Nullable LoadBalancerRule rule) {
		LoadBalancerRule.Algorithm algorithm = (rule != null) ? rule.algorithm() : null;
		if (algorithm == null) {
			return configured;
		}
		return switch (algorithm) {
			case LEAST_REQUEST -> LoadBalancing.LEAST_REQUEST;
			case ROUND_ROBIN -> LoadBalancing.WEIGHTED_ROUND_ROBIN;
			case RANDOM -> LoadBalancing.RANDOM;
			case RING_HASH -> LoadBalancing.RING_HASH;
			case MAGLEV -> LoadBalancing.CONSISTENT_HASH;
		};
	}

	private static RetryPolicy retries(CallPolicy configured, @Nullable RetryBudgetRule rule) {
		return (rule != null) ? configured.retries().withBudget(rule.percent() / PERCENT, rule.minRetryConcurrency())
				: configured.retries();
	}

	// The shares of attempts that the app may have configured are no part of Istio's
	// rule.
	private static OutlierPolicy outliers(OutlierPolicy configured, @Nullable OutlierRule rule) {
		if (rule == null) {
			return configured;
		}
		return new OutlierPolicy(rule.consecutiveErrors(), 0, configured.minimumAttempts(),
				rule.consecutiveGatewayErrors(), rule.consecutiveLocalErrors());
	}

	private static int maxPending(ConnectionPoolRule rule) {
		Integer pending = rule.maxPending();
		return (pending != null) ? pending : Integer.MAX_VALUE;
	}

}
