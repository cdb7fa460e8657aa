package io.redmesh.autoconfigure.call;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import io.redmesh.core.call.CallPolicy;
import io.redmesh.core.endpoint.EjectionPolicy;
import io.redmesh.core.instance.Instance;
import io.redmesh.core.loadbalance.LoadBalancing;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.DefaultValue;

import static io.redmesh.autoconfigure.call.Ranges.requireRange;

/**
 * The settings of this app's calls to other services.
 *
 * @param enabled Whether the clients of this app call other services through the mesh.
 * @param loadBalancing Algorithm that picks an instance of a service.
 * @param hashKey Place of the hash key in a request, for consistent-hash and ring-hash:
 * calls with equal keys go to the same instance. It is header:, cookie: or query: with a
 * name, or source-address for the remote address of the request that the app is serving.
 * A call without a key goes to a random instance.
 * @param weighByLoad Whether instances get fewer calls the more load they report
 * (Mesh-Load), with adaptive, least-request, weighted-round-robin and weighted-random.
 * @param timeout Timeout of a call with all its attempts, until the response begins. Zero
 * means no timeout.
 * @param attemptTimeout Timeout of one attempt, until the response begins. A call that
 * may be retried then goes to another instance. Zero means that only timeout counts.
 * @param maxConcurrentCalls Number of calls of one service that may be in flight at a
 * time, and so of connections to it that are in use. Zero means any number.
 * @param maxPendingCalls Number of further calls that may wait in a queue while
 * max-concurrent-calls are in flight, at most for their timeout. Calls beyond that fail
 * at once. Zero means no queue.
 * @param domains Domains whose hosts may be services of the mesh. With mesh.example.com,
 * the host orders.mesh.example.com may be the service that is registered under that whole
 * name. Any other host with a dot is no service, unless mesh.discovery.instances sets
 * that service by hand.
 * @param slowStart Time over which an instance that joins, or comes back from an
 * ejection, gets a growing share of its calls. Zero means its full share at once.
 * @param retry Settings of retries and hedges.
 * @param outlier Settings of ejections.
 * @param services Settings that differ for a service, by its name.
 */
@ConfigurationProperties("mesh.call")
public record CallProperties(@DefaultValue("true") boolean enabled,
		@DefaultValue("adaptive") LoadBalancing loadBalancing, @Nullable String hashKey,
		@DefaultValue("false") boolean weighByLoad, @DefaultValue("30s") Duration timeout,
		@DefaultValue("10s") Duration attemptTimeout, @DefaultValue("0") int maxConcurrentCalls,
		@DefaultValue("0") int maxPendingCalls, @DefaultValue Set<String> domains,
		@DefaultValue("5s") Duration slowStart, @NestedConfigurationProperty @DefaultValue RetryProperties retry,
		@NestedConfigurationProperty @DefaultValue OutlierProperties outlier,
		@DefaultValue Map<String, ServiceCallProperties> services) {

	static final Duration MAX_TIMEOUT = Duration.ofHours(1);

	static final int MAX_CALLS = 1_000_000;

	private static final Duration MAX_SLOW_START = Duration.ofMinutes(10);

	public CallProperties {
		requireRange("timeout", timeout, MAX_TIMEOUT);
		requireRange("attemptTimeout", attemptTimeout, MAX_TIMEOUT);
		Instance.requireRange("maxConcurrentCalls", maxConcurrentCalls, 0, MAX_CALLS);
		Instance.requireRange("maxPendingCalls", maxPendingCalls, 0, MAX_CALLS);
		requireRange("slowStart", slowStart, MAX_SLOW_START);
		domains = domains.stream().map(Ranges::requireDomain).collect(Collectors.toUnmodifiableSet());
		services = Map.copyOf(services);
		if (hashKey != null) {
			HashKey.parse(hashKey);
		}
	}

	/**
	 * Returns the policy of the calls of a service.
	 * @param name the name of the service
	 * @return the policy
	 */
	CallPolicy policy(String name) {
		ServiceCallProperties own = this.services.getOrDefault(name, ServiceCallProperties.LIKE_ALL);
		return new CallPolicy((own.loadBalancing() != null) ? own.loadBalancing() : this.loadBalancing,
				own.retryPolicy(this.retry.policy()), this.outlier.policy(),
				(own.timeout() != null) ? own.timeout() : this.timeout,
				(own.attemptTimeout() != null) ? own.attemptTimeout() : this.attemptTimeout,
				(own.maxConcurrentCalls() != null) ? own.maxConcurrentCalls() : this.maxConcurrentCalls,
				(own.maxPendingCalls() != null) ? own.maxPendingCalls() : this.maxPendingCalls)
			.with(own.subset());
	}

	/**
	 * Returns the places of the hash keys in requests.
	 * @return the places, for all services and for single ones
	 */
	HashKeys hashKeys() {
		Map<String, HashKey> own = new HashMap<>();
		this.services.forEach((name, service) -> {
			if (service.hashKey() != null) {
				own.put(name, HashKey.parse(service.hashKey()));
			}
		});
		return new HashKeys((this.hashKey != null) ? HashKey.parse(this.hashKey) : null, own);
	}

	/**
	 * Returns the cookies of sticky sessions.
	 * @return the names of cookies, by the names of services
	 */
	Map<String, String> sessionCookies() {
		Map<String, String> cookies = new HashMap<>();
		this.services.forEach((name, service) -> {
			if (service.sessionCookie() != null) {
				cookies.put(name, service.sessionCookie());
			}
		});
		return cookies;
	}

	/**
	 * Returns the policy of ejections.
	 * @return the policy
	 */
	EjectionPolicy ejection() {
		return new EjectionPolicy(this.outlier.firstEjection(), this.outlier.maxEjection(),
				this.outlier.maxEjectedShare(), this.outlier.panicThreshold(), this.slowStart);
	}

}
