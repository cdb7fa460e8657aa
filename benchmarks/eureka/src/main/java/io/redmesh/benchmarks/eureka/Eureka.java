package io.redmesh.benchmarks.eureka;

import java.util.Arrays;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.cloud.netflix.eureka.server.EnableEurekaServer;
import org.springframework.context.ConfigurableApplicationContext;

/** The launcher of a Eureka server, or of an app that watches one. */
public final class Eureka {

	private Eureka() {
	}

	/**
	 * Runs until it is killed.
	 * @param arguments {@code server}, or {@code watch} and a service; then properties of
	 * Spring Boot
	 * @throws InterruptedException never
	 */
	public static void main(String[] arguments) throws InterruptedException {
		if (arguments[0].equals("server")) {
			SpringApplication.run(Server.class, Arrays.copyOfRange(arguments, 1, arguments.length));
			return;
		}
		ConfigurableApplicationContext app = SpringApplication.run(Watcher.class,
				Arrays.copyOfRange(arguments, 2, arguments.length));
		Watcher.watch(app, arguments[1]);
	}

	/** The app that is the Eureka server. */
	@SpringBootApplication
	@EnableEurekaServer
	static class Server {

	}

}
