package io.redmesh.core.traffic;

import org.jspecify.annotations.Nullable;

/**
 * The treatment of the requests that fulfil a match.
 *
 * @param origin the place in the rule that it comes from
 * @param action the action: forward, redirect or respond
 * @param headers the changes of headers, which precede those of the destination
 * @param fault the fault to inject into attempts, or null
 */
public record Route(RouteOrigin origin, RouteAction action, HeaderOperations headers, @Nullable FaultRule fault) {

	/**
	 * Returns the destinations of requests that are forwarded.
	 * @return the action, or null if requests are not forwarded
	 */
	public @Nullable Forward forward() {
		return (this.action instanceof Forward forward) ? forward : null;
	}

}
