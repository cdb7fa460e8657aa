package io.redmesh.autoconfigure.call;

import io.redmesh.core.call.RetryPolicy;
import io.redmesh.core.instance.Instance;
import io.redmesh.core.loadbalance.LoadBalancing;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How this app calls the others.
 *
 * @param enabled Whether clients of this app call other services through the mesh.
 * @param loadBalancing How to choose among the instances of a service.
 * @param maxAttempts Number of attempts that one call may make in all. A call is tried
 * again only where that does no harm.
 */
@ConfigurationProperties("mesh.call")
public record CallProperties(@DefaultValue("true") boolean enabled,
		@DefaultValue("weighted-round-robin") LoadBalancing loadBalancing, @DefaultValue("3") int maxAttempts) {

	public CallProperties {
		Instance.requireRange("maxAttempts", maxAttempts, 1, RetryPolicy.MAX_ATTEMPTS);
	}

}
