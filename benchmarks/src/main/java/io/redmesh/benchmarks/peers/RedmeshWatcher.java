package io.redmesh.benchmarks.peers;

import java.net.URI;
import java.util.concurrent.CompletableFuture;

import io.redmesh.core.endpoint.EndpointPool;
import io.redmesh.core.endpoint.EndpointPools;
import io.redmesh.core.registry.Catalog;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * An app with the starter, which records the moment from which an instance can be picked.
 */
final class RedmeshWatcher implements AutoCloseable {

	static final String SERVICE = "measured";

	private final ConfigurableApplicationContext app;

	private volatile String awaited = "";

	private volatile CompletableFuture<Long> seen = new CompletableFuture<>();

	private RedmeshWatcher(ConfigurableApplicationContext app) {
		this.app = app;
		EndpointPools pools = app.getBean(EndpointPools.class);
		// Registered after the pools' listener, so the pools are up to date.
		app.getBean(Catalog.class).listen((snapshot) -> {
			EndpointPool pool = pools.pool(SERVICE);
			if (snapshot.service().equals(SERVICE) && pool != null && canPick(pool)) {
				this.seen.complete(System.nanoTime());
			}
		});
	}

	static RedmeshWatcher start(URI registry) {
		return new RedmeshWatcher(new SpringApplicationBuilder(App.class).web(WebApplicationType.NONE)
			.properties("spring.application.name=watcher", "mesh.registry.url=" + registry,
					"mesh.registration.enabled=false", "mesh.discovery.snapshot-enabled=false",
					"logging.level.root=error", "spring.main.banner-mode=off")
			.run());
	}

	private boolean canPick(EndpointPool pool) {
		return pool.view()
			.candidates()
			.stream()
			.anyMatch((endpoint) -> endpoint.instance().host().equals(this.awaited));
	}

	CompletableFuture<Long> await(String host) {
		this.seen = new CompletableFuture<>();
		this.awaited = host;
		return this.seen;
	}

	@Override
	public void close() {
		this.app.close();
	}

	/** An app with only the starter. */
	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class App {

	}

}
