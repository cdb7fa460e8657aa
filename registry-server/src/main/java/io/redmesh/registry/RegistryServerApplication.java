package io.redmesh.registry;

import java.time.Duration;

import io.redmesh.core.time.Time;
import io.redmesh.core.time.Timer;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.annotation.Bean;
import org.springframework.http.client.ReactorResourceFactory;

/** The registry server. */
@SpringBootApplication(proxyBeanMethods = false)
@ConfigurationPropertiesScan
public class RegistryServerApplication {

	/**
	 * Starts the server.
	 * @param arguments properties, as {@code --name=value}
	 */
	public static void main(String[] arguments) {
		SpringApplication.run(RegistryServerApplication.class, arguments);
	}

	/** Event loops of its own, so that several servers in one process stop one by one. */
	@Bean
	ReactorResourceFactory reactorResources() {
		ReactorResourceFactory resources = new ReactorResourceFactory();
		resources.setUseGlobalResources(false);
		resources.setShutdownQuietPeriod(Duration.ZERO);
		return resources;
	}

	@Bean
	@ConditionalOnMissingBean
	Time time() {
		return Time.system();
	}

	@Bean
	@ConditionalOnMissingBean
	Timer timer() {
		return Timer.start("mesh-timer");
	}

}
