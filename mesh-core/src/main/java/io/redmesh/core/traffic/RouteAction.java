package io.redmesh.core.traffic;

/** The action of a route. */
public sealed interface RouteAction permits Forward, Redirect, DirectResponse {

	/**
	 * Returns the action for requests that fulfil a certain match, because some actions
	 * replace the part of the path that was matched.
	 * @param match the match
	 * @return the action
	 */
	default RouteAction after(RouteMatch match) {
		return this;
	}

}
