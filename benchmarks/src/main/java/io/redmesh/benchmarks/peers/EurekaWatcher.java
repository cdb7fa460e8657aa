package io.redmesh.benchmarks.peers;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

import io.redmesh.benchmarks.load.JvmArguments;
import io.redmesh.chaos.process.JavaProcess;

/**
 * An app with Spring Cloud's Eureka client and load balancer, in a process of its own.
 * Client and load balancer poll each second. The app reports each instance that the load
 * balancer begins to know.
 */
final class EurekaWatcher implements AutoCloseable {

	static final String SERVICE = "measured";

	private final Map<String, CompletableFuture<Long>> awaited = new ConcurrentHashMap<>();

	private final CompletableFuture<Void> ready = new CompletableFuture<>();

	private final JavaProcess app;

	private EurekaWatcher(JavaProcess app) {
		this.app = app;
		BufferedReader output = app.startPiped();
		Thread reader = new Thread(() -> read(output), "eureka-watcher");
		reader.setDaemon(true);
		reader.start();
	}

	static EurekaWatcher start(Path jar, Path directory, URI server) throws Exception {
		List<String> arguments = JvmArguments.of("-jar", jar.toString(), "watch", SERVICE,
				"--spring.main.web-application-type=none", "--spring.main.banner-mode=off",
				"--logging.level.root=error", "--eureka.client.service-url.defaultZone=" + server + "/eureka/",
				"--eureka.client.register-with-eureka=false", "--eureka.client.jersey.enabled=false",
				"--spring.cloud.service-registry.auto-registration.enabled=false",
				"--eureka.client.registry-fetch-interval-seconds=1", "--spring.cloud.loadbalancer.cache.ttl=1s");
		EurekaWatcher watcher = new EurekaWatcher(new JavaProcess(directory, "eureka-watcher", arguments));
		watcher.ready.get(60, TimeUnit.SECONDS);
		return watcher;
	}

	private void read(BufferedReader output) {
		try (BufferedReader lines = output) {
			for (String line = lines.readLine(); line != null; line = lines.readLine()) {
				long now = System.nanoTime();
				if (line.startsWith("seen ")) {
					await(line.substring(5, line.lastIndexOf(':'))).complete(now);
				}
				else if (line.equals("watching")) {
					this.ready.complete(null);
				}
				else {
					System.err.println("Eureka's watcher: " + line);
				}
			}
		}
		catch (IOException ex) {
			this.ready.completeExceptionally(ex);
		}
	}

	CompletableFuture<Long> await(String host) {
		return this.awaited.computeIfAbsent(host, (key) -> new CompletableFuture<>());
	}

	@Override
	public void close() {
		this.app.close();
	}

}
