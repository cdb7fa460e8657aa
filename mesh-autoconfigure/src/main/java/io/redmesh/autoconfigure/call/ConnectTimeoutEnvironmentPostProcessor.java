package io.redmesh.autoconfigure.call;

import java.util.Map;

import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/**
 * Gives the HTTP clients of an app a connect timeout when it sets none. Without one a
 * machine that has died in silence holds each call for as long as the operating system
 * likes, often minutes, before the mesh can send it elsewhere.
 */
final class ConnectTimeoutEnvironmentPostProcessor implements EnvironmentPostProcessor {

	static final String PROPERTY = "spring.http.clients.connect-timeout";

	// A lost SYN is sent again after a second.
	static final String DEFAULT = "2s";

	@Override
	public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
		boolean calls = environment.getProperty("mesh.enabled", Boolean.class, true)
				&& environment.getProperty("mesh.call.enabled", Boolean.class, true);
		if (calls) {
			environment.getPropertySources().addLast(new MapPropertySource("meshDefaults", Map.of(PROPERTY, DEFAULT)));
		}
	}

}
