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
 * Takes the region and the zone from what the platform has put into the environment of
 * the process, where the app does not say its region itself. Nobody is asked over the
 * network.
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
		// Elsewhere it is only where the app's clients of AWS are to call.
		boolean ecs = environment.containsProperty("ECS_CONTAINER_METADATA_URI_V4");
		String aws = ecs ? environment.getProperty("AWS_REGION") : null;
		return (aws != null) ? locality(aws, "") : null;
	}

	/** A strange name must not keep an app from starting that has not chosen it. */
	private static @Nullable Locality locality(String region, String zone) {
		try {
			return region.isEmpty() ? null : new Locality(region, zone, "");
		}
		catch (InvalidValueException ex) {
			return null;
		}
	}

}
