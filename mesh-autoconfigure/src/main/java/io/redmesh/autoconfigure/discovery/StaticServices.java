package io.redmesh.autoconfigure.discovery;

import java.util.List;
import java.util.Map;

import io.redmesh.core.instance.Instance;

/**
 * A source of services that are given by hand elsewhere than in
 * {@code mesh.discovery.instances}, which wins over it. Its services win over the
 * registry's.
 */
@FunctionalInterface
public interface StaticServices {

	/**
	 * Returns the services; asked once, when the catalog is made.
	 * @return the instances, by the names of services
	 */
	Map<String, List<Instance>> instances();

}
