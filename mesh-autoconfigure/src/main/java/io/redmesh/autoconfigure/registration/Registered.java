package io.redmesh.autoconfigure.registration;

import io.redmesh.core.instance.Instance;
import io.redmesh.core.registry.Lease;

/**
 * An instance and the lease that the registry has granted for it.
 *
 * @param instance the instance as it was sent
 * @param lease its lease
 */
record Registered(Instance instance, Lease lease) {

}
