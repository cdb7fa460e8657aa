package io.redmesh.core.call;

import io.redmesh.core.endpoint.Endpoint;
import io.redmesh.core.instance.Instance;

/**
 * One try of a call at one endpoint, to be started now. Must be reported to
 * {@link CallPlan#after(Outcome)} exactly once.
 *
 * @param number 1 for the first of the call
 * @param endpoint where it goes
 * @param instance the endpoint's instance as it was when it was picked
 */
public record Attempt(int number, Endpoint endpoint, Instance instance) {

}
