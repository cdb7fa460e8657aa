package io.redmesh.registry;

import java.time.Duration;

import io.redmesh.core.time.Time;
import io.redmesh.core.time.Timer;
import reactor.netty.ReactorNetty;
import reactor.netty.resources.LoopResources;

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

	/**
	 * Event loops of its own, so that several servers in one process stop one by one; and
	 * one for every two processors instead of four at least: a request is little work,
	 * and each loop more is a thread more to wake for a few answers. The other processors
	 * are for the connections to Redis, and Redis.
	 */
	@Bean
	ReactorResourceFactory reactorResources() {
		ReactorResourceFactory resources = new ReactorResourceFactory();
		resources.setUseGlobalResources(false);
		int loops = Integer.getInteger(ReactorNetty.IO_WORKER_COUNT,
				Math.max(1, Runtime.getRuntime().availableProcessors() / 2));
		resources.setLoopResourcesSupplier(() -> LoopResources.create("mesh-http", loops, true));
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
