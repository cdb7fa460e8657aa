package io.redmesh.autoconfigure.registry;

import java.util.Random;

import io.redmesh.autoconfigure.MeshProperties;
import io.redmesh.autoconfigure.RegistryConnectionDetails;
import io.redmesh.core.time.Time;
import io.redmesh.core.time.Timer;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

/** Auto-configuration of the registry client and the mesh's clocks. */
@AutoConfiguration
@ConditionalOnBooleanProperty(name = "mesh.enabled", matchIfMissing = true)
@EnableConfigurationProperties(MeshProperties.class)
public final class RegistryAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	Time meshTime() {
		return Time.system();
	}

	@Bean
	@ConditionalOnMissingBean
	Timer meshTimer() {
		return Timer.start("mesh-timer");
	}

	@Bean
	@ConditionalOnMissingBean
	RegistryConnectionDetails meshRegistryConnectionDetails(MeshProperties properties) {
		return properties.registry()::uris;
	}

	@Bean
	@ConditionalOnMissingBean
	RegistryContact meshRegistryContact(Time time, RegistryConnectionDetails connection) {
		return new RegistryContact(time, connection.urls());
	}

	@Bean
	@ConditionalOnMissingBean(RegistryClient.class)
	RegistryHttpClient meshRegistryClient(MeshProperties properties, RegistryConnectionDetails connection,
			Timer timer) {
		MeshProperties.Registry registry = properties.registry();
		return new RegistryHttpClient(connection.urls(), properties.namespace(), registry.connectTimeout(),
				registry.requestTimeout(), timer, new Random());
	}

}
