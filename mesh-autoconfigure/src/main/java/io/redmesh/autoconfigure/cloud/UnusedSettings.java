package io.redmesh.autoconfigure.cloud;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.core.env.Environment;

/**
 * A check at start for settings of Spring Cloud LoadBalancer that the mesh does not
 * honour. One warning says for each what to do instead. It leaves out settings that lose
 * nothing by being ignored, such as the size of a cache.
 */
final class UnusedSettings implements SmartInitializingSingleton {

	private static final Logger logger = LoggerFactory.getLogger(UnusedSettings.class);

	private static final ConfigurationPropertyName PREFIX = ConfigurationPropertyName.of("spring.cloud.loadbalancer");

	// Keyed by the first element of the name, in the uniform form.
	private static final Map<String, String> PROPERTIES = Map.ofEntries(
			Map.entry("zone", "spring.cloud.loadbalancer.zone: set mesh.instance.locality.region and .zone"),
			Map.entry("configurations",
					"spring.cloud.loadbalancer.configurations: set mesh.instance.locality.region and .zone for near instances, "
							+ "mesh.call.services.<service>.session-cookie for sticky sessions, mesh.instance.weight "
							+ "for weights; the rest has no equivalent"),
			Map.entry("healthcheck",
					"spring.cloud.loadbalancer.health-check: remove it; instances that fail calls are ejected, see "
							+ "mesh.call.outlier"),
			Map.entry("stickysession",
					"spring.cloud.loadbalancer.sticky-session: set mesh.call.services.<service>.session-cookie"),
			Map.entry("retry", "spring.cloud.loadbalancer.retry: set mesh.call.retry"),
			Map.entry("hint",
					"spring.cloud.loadbalancer.hint: set mesh.call.services.<service>.labels, and mesh.instance.labels "
							+ "on the instances to be called"),
			Map.entry("hintheadername",
					"spring.cloud.loadbalancer.hint-header-name: write a VirtualService that matches the header and "
							+ "leads to a subset"),
			Map.entry("apiversion",
					"spring.cloud.loadbalancer.api-version: write a VirtualService that matches the version and leads "
							+ "to a subset"),
			Map.entry("subset",
					"spring.cloud.loadbalancer.subset: has no equivalent; remove it, each app calls all instances"),
			Map.entry("stats",
					"spring.cloud.loadbalancer.stats: remove it; the meters mesh.client.* are always there"));

	private final Environment environment;

	private final ObjectProvider<LoadBalancerParts> parts;

	UnusedSettings(Environment environment, ObjectProvider<LoadBalancerParts> parts) {
		this.environment = environment;
		this.parts = parts;
	}

	@Override
	public void afterSingletonsInstantiated() {
		Map<String, String> found = new TreeMap<>();
		ConfigurationPropertySources.get(this.environment).forEach((source) -> {
			if (source instanceof IterableConfigurationPropertySource iterable) {
				iterable.forEach((name) -> check(name, found));
			}
		});
		this.parts.ifAvailable((all) -> all.find().forEach((part) -> found.put(part, part)));
		if (!found.isEmpty()) {
			logger.warn("The mesh balances the calls of this app and does not honour these settings of Spring Cloud "
					+ "LoadBalancer:\n- {}", String.join("\n- ", List.copyOf(found.values())));
		}
	}

	private static void check(ConfigurationPropertyName name, Map<String, String> found) {
		if (!PREFIX.isAncestorOf(name)) {
			return;
		}
		int next = PREFIX.getNumberOfElements();
		if (name.getElement(next, Form.UNIFORM).equals("clients")) {
			// A setting of one client, whose name follows.
			next += 2;
		}
		String element = (next < name.getNumberOfElements()) ? name.getElement(next, Form.UNIFORM) : "";
		String advice = PROPERTIES.get(element);
		if (advice != null) {
			found.put(element, advice);
		}
	}

}
