package io.redmesh.autoconfigure.discovery;

import java.util.List;
import java.util.Map;

import io.redmesh.core.instance.Instance;

/**
 * A source of services that are configured by hand, elsewhere than in
 * {@code mesh.discovery.instances}. That property wins over it, and its services win over
 * those of the registry.
 */
@FunctionalInterface
public interface StaticServices {

	/**
	 * Returns the services. Called once, when the catalog is created.
	 * @return the instances, by service name
	 */
	Map<String, List<Instance>> instances();

}
