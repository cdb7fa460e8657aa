package io.redmesh.autoconfigure.registration;

import java.util.LinkedHashMap;
import java.util.Map;

import io.redmesh.core.instance.InvalidValueException;
import io.redmesh.core.instance.Locality;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/**
 * An environment post-processor that takes the region and the zone from the environment
 * variables of the platform, if the app sets no region itself. It makes no request over
 * the network.
 */
final class PlatformLocalityEnvironmentPostProcessor implements EnvironmentPostProcessor {

	static final String REGION = "mesh.instance.locality.region";

	static final String ZONE = "mesh.instance.locality.zone";

	@Override
	public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
		Locality locality = environment.containsProperty(REGION) ? null : find(environment);
		if (locality == null) {
			return;
		}
		Map<String, Object> found = new LinkedHashMap<>();
		found.put(REGION, locality.region());
		if (!locality.zone().isEmpty()) {
			found.put(ZONE, locality.zone());
		}
		environment.getPropertySources().addLast(new MapPropertySource("meshPlatformLocality", found));
	}

	private static @Nullable Locality find(ConfigurableEnvironment environment) {
		String nomad = environment.getProperty("NOMAD_REGION");
		if (nomad != null) {
			return locality(nomad, environment.getProperty("NOMAD_DC", ""));
		}
		String fly = environment.getProperty("FLY_REGION");
		if (fly != null) {
			return locality(fly, "");
		}
		// Outside ECS, AWS_REGION only says which region the AWS clients of the app call.
		boolean ecs = environment.containsProperty("ECS_CONTAINER_METADATA_URI_V4");
		String aws = ecs ? environment.getProperty("AWS_REGION") : null;
		return (aws != null) ? locality(aws, "") : null;
	}

	/**
	 * Returns the locality, or null if its names are not permitted. An app that has not
	 * chosen these names must start all the same.
	 */
	private static @Nullable Locality locality(String region, String zone) {
		try {
			return region.isEmpty() ? null : new Locality(region, zone, "");
		}
		catch (InvalidValueException ex) {
			return null;
		}
	}

}
