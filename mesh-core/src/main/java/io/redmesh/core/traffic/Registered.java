package io.redmesh.core.traffic;

import java.util.Collection;
import java.util.Map;

/** The registered services and instances, as far as {@link RuleAnalysis} asks for it. */
public interface Registered {

	/**
	 * Returns whether a service is registered.
	 * @param service its name
	 * @return whether it is
	 */
	boolean isService(String service);

	/**
	 * Counts the instances of a service that have certain labels.
	 * @param service the service
	 * @param labels the labels, all of which an instance must have; empty for any
	 * @return the number of instances, 0 for an unknown service
	 */
	long instances(String service, Map<String, String> labels);

	/**
	 * Returns the services that are registered.
	 * @return their names
	 */
	Collection<String> services();

}
