package io.redmesh.autoconfigure.cloud;

import io.redmesh.autoconfigure.MeshProperties.InstanceSettings;
import io.redmesh.autoconfigure.registration.InstanceDetails;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.cloud.context.environment.EnvironmentChangeEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.core.env.Environment;

/**
 * The listener that binds weight, labels and metadata anew when Spring Cloud has
 * refreshed the environment.
 */
final class InstanceRefresh implements ApplicationListener<EnvironmentChangeEvent> {

	private static final Logger logger = LoggerFactory.getLogger(InstanceRefresh.class);

	private final InstanceDetails details;

	private final Environment environment;

	InstanceRefresh(InstanceDetails details, Environment environment) {
		this.details = details;
		this.environment = environment;
	}

	@Override
	public void onApplicationEvent(EnvironmentChangeEvent event) {
		try {
			this.details.configure(Binder.get(this.environment).bindOrCreate("mesh.instance", InstanceSettings.class));
		}
		catch (BindException | IllegalArgumentException ex) {
			logger.warn("Kept weight, labels and metadata, since mesh.instance has a value that is not permitted: {}",
					NestedExceptionUtils.getMostSpecificCause(ex).getMessage());
		}
	}

}
