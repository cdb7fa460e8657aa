package io.redmesh.autoconfigure.cloud;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.cloud.loadbalancer.annotation.LoadBalancerClientSpecification;
import org.springframework.cloud.loadbalancer.core.ReactorLoadBalancer;
import org.springframework.cloud.loadbalancer.core.ServiceInstanceListSupplier;

/** The parts of Spring Cloud LoadBalancer that an app has defined itself. */
final class LoadBalancerParts {

	private static final String SPRING_CLOUD = "org.springframework.cloud.";

	private final ListableBeanFactory beans;

	LoadBalancerParts(ListableBeanFactory beans) {
		this.beans = beans;
	}

	/**
	 * Finds the parts that the mesh's clients do not use.
	 * @return a line for each, with what to do instead
	 */
	List<String> find() {
		List<String> found = new ArrayList<>();
		this.beans.getBeansOfType(LoadBalancerClientSpecification.class).values().forEach((specification) -> {
			for (Class<?> configuration : specification.getConfiguration()) {
				if (isOfTheApp(configuration)) {
					found.add("@LoadBalancerClient configuration %s of '%s': set mesh.call.load-balancing, or give "
						.formatted(configuration.getName(), specification.getName())
							+ "instances by hand with mesh.discovery.instances");
				}
			}
		});
		addBeans(ReactorLoadBalancer.class, "set mesh.call.load-balancing", found);
		addBeans(ServiceInstanceListSupplier.class, "give instances by hand with mesh.discovery.instances", found);
		return found;
	}

	private void addBeans(Class<?> type, String instead, List<String> found) {
		for (String name : this.beans.getBeanNamesForType(type, true, false)) {
			if (isOfTheApp(this.beans.getType(name, false))) {
				found.add("%s bean '%s': %s".formatted(type.getSimpleName(), name, instead));
			}
		}
	}

	private static boolean isOfTheApp(@Nullable Class<?> type) {
		return type == null
				|| !(type.getName().startsWith(SPRING_CLOUD) || type == ServiceLoadBalancerConfiguration.class);
	}

}
