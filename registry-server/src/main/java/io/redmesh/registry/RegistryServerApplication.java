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
import org.springframework.boot.data.redis.autoconfigure.observation.LettuceObservationAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.http.client.ReactorResourceFactory;

/**
 * The registry server. {@code RedisMetrics} measures Redis. Spring Boot's observation of
 * each command would cost more and say less about batches.
 */
@SpringBootApplication(proxyBeanMethods = false, exclude = LettuceObservationAutoConfiguration.class)
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
	 * Creates one event loop for every two processors, at least one, for HTTP and Redis
	 * alike. Reactor Netty's default is at least four. A request is little work, and each
	 * further thread must be woken for only a few responses.
	 */
	@Bean(destroyMethod = "dispose")
	LoopResources eventLoops() {
		int loops = Integer.getInteger(ReactorNetty.IO_WORKER_COUNT,
				Math.max(1, Runtime.getRuntime().availableProcessors() / 2));
		return LoopResources.create("mesh-loop", loops, true);
	}

	/**
	 * Creates resources that are not the global ones, so that several servers in one
	 * process stop one by one.
	 */
	@Bean
	ReactorResourceFactory reactorResources(LoopResources loops) {
		ReactorResourceFactory resources = new ReactorResourceFactory();
		resources.setUseGlobalResources(false);
		resources.setLoopResources(loops);
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
