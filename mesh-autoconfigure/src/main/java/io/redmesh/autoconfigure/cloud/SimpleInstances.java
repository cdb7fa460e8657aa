package io.redmesh.autoconfigure.cloud;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import io.redmesh.autoconfigure.InstancesByHand;
import io.redmesh.autoconfigure.discovery.StaticServices;
import io.redmesh.core.instance.Instance;
import io.redmesh.core.instance.InvalidValueException;
import io.redmesh.core.instance.Names;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.cloud.client.discovery.simple.InstanceProperties;
import org.springframework.cloud.client.discovery.simple.SimpleDiscoveryProperties;

/**
 * The services of Spring Cloud's {@code simple} discovery client, as services that the
 * app sets by hand.
 */
final class SimpleInstances implements StaticServices {

	private static final Logger logger = LoggerFactory.getLogger(SimpleInstances.class);

	private final SimpleDiscoveryProperties properties;

	SimpleInstances(SimpleDiscoveryProperties properties) {
		this.properties = properties;
	}

	@Override
	public Map<String, List<Instance>> instances() {
		Map<String, List<Instance>> services = new LinkedHashMap<>();
		this.properties.getInstances().forEach((name, all) -> {
			try {
				List<Instance> instances = instances(Names.requireService(name.toLowerCase(Locale.ROOT)), all);
				if (!instances.isEmpty()) {
					services.put(instances.get(0).service(), instances);
				}
			}
			catch (InvalidValueException ex) {
				logger.warn("Ignored spring.cloud.discovery.client.simple.instances.{}: {}", name, ex.getMessage());
			}
		});
		return services;
	}

	private static List<Instance> instances(String service, List<InstanceProperties> all) {
		List<Instance> instances = new ArrayList<>();
		for (InstanceProperties each : all) {
			String host = (each.getHost() != null) ? each.getHost() : "";
			instances.add(InstancesByHand.instance(service, each.getInstanceId(), instances.size() + 1, host,
					each.getPort(), each.isSecure(), each.getMetadata()));
		}
		return List.copyOf(instances);
	}

}
