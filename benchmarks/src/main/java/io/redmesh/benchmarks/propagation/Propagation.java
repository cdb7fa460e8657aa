package io.redmesh.benchmarks.propagation;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;

import io.redmesh.core.endpoint.EndpointPool;
import io.redmesh.core.endpoint.EndpointPools;
import io.redmesh.core.registry.Catalog;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * The propagation benchmark: the time from a registration request at server A until an
 * app that watches server B can pick the instance. The app uses the starter. A and B are
 * processes of their own over one Redis. Meanwhile 1,000 other instances are registered
 * and renewed.
 */
@SpringBootApplication
public class Propagation {

	private static final int OTHERS = 1_000;

	// Before that many registrations the JVM interprets much of each request.
	private static final int WARM_UP = 5_000;

	private static final int TRIALS = 200;

	private static final String SERVICE = "measured";

	/**
	 * Runs the measurement and prints its figures.
	 * @param arguments the registry server's executable jar, and a directory for logs
	 * @throws Exception if a server, Redis or the app cannot be started
	 */
	public static void main(String[] arguments) throws Exception {
		Path directory = Files.createDirectories(Path.of(arguments[1]).toAbsolutePath());
		try (RegistryServers servers = RegistryServers.start(Path.of(arguments[0]), directory, 2);
				ConfigurableApplicationContext app = start(servers.url(1))) {
			RegistryCalls calls = new RegistryCalls(servers.url(0));
			try (AutoCloseable others = calls.keep(OTHERS)) {
				EndpointPools pools = app.getBean(EndpointPools.class);
				Catalog catalog = app.getBean(Catalog.class);
				Sighting sighting = new Sighting(catalog, pools);
				report("just started", trials(calls, sighting), catalog);
				for (int i = 0; i < WARM_UP; i++) {
					measure(calls, sighting, "w" + i);
				}
				report("after %d more registrations".formatted(WARM_UP), trials(calls, sighting), catalog);
			}
		}
	}

	private static ConfigurableApplicationContext start(URI registry) {
		return new SpringApplicationBuilder(Propagation.class).web(WebApplicationType.NONE)
			.properties("spring.application.name=watcher", "mesh.registry.url=" + registry,
					"mesh.registration.enabled=false", "mesh.discovery.snapshot-enabled=false",
					"logging.level.root=warn", "spring.main.banner-mode=off")
			.run();
	}

	private static List<Trial> trials(RegistryCalls calls, Sighting sighting) throws Exception {
		List<Trial> trials = new ArrayList<>();
		for (int i = 0; i < TRIALS; i++) {
			pause();
			trials.add(measure(calls, sighting, "m" + i));
		}
		return trials;
	}

	private static Trial measure(RegistryCalls calls, Sighting sighting, String id) throws Exception {
		CompletableFuture<Long> seen = sighting.await(id);
		long begun = System.nanoTime();
		String token = calls.register(SERVICE, id);
		long answered = System.nanoTime() - begun;
		long visible = seen.get(30, TimeUnit.SECONDS) - begun;
		calls.deregister(SERVICE, id, token);
		return new Trial(answered, visible);
	}

	/**
	 * Waits 5 to 20 ms, at random: not in step with a timer of the server, and long
	 * enough that the server does not gather changes.
	 */
	private static void pause() {
		LockSupport.parkNanos(Duration.ofMillis(ThreadLocalRandom.current().nextLong(5, 20)).toNanos());
	}

	private static void report(String when, List<Trial> trials, Catalog catalog) {
		long known = catalog.services()
			.stream()
			.map(catalog::service)
			.filter((snapshot) -> snapshot != null)
			.mapToLong((snapshot) -> snapshot.instances().size())
			.sum();
		System.out.printf("%s: %d trials, %d other instances known%n", when, trials.size(), known);
		print("response to registration", trials.stream().mapToLong(Trial::answered));
		print("in the pick list", trials.stream().mapToLong(Trial::visible));
	}

	private static void print(String what, LongStream nanos) {
		long[] sorted = nanos.sorted().toArray();
		System.out.printf("%-24s p50 %6.2f ms   p90 %6.2f ms   p99 %6.2f ms   worst %6.2f ms%n", what,
				quantile(sorted, 0.5), quantile(sorted, 0.9), quantile(sorted, 0.99), quantile(sorted, 1));
	}

	private static double quantile(long[] sorted, double quantile) {
		return sorted[(int) Math.ceil(quantile * sorted.length) - 1] / 1e6;
	}

	/**
	 * The times of a trial, in nanoseconds from before the request.
	 *
	 * @param answered the time until the registry had responded
	 * @param visible the time until the instance could be picked
	 */
	private record Trial(long answered, long visible) {

	}

	/** A listener that records the moment from which an instance can be picked. */
	private static final class Sighting {

		private volatile String awaited = "";

		private volatile CompletableFuture<Long> seen = new CompletableFuture<>();

		Sighting(Catalog catalog, EndpointPools pools) {
			// Registered after the pools' listener, so the pools are up to date.
			catalog.listen((snapshot) -> {
				EndpointPool pool = pools.pool(SERVICE);
				if (snapshot.service().equals(SERVICE) && pool != null && canPick(pool)) {
					this.seen.complete(System.nanoTime());
				}
			});
		}

		private boolean canPick(EndpointPool pool) {
			return pool.view()
				.candidates()
				.stream()
				.anyMatch((endpoint) -> endpoint.instance().id().equals(this.awaited));
		}

		CompletableFuture<Long> await(String id) {
			this.seen = new CompletableFuture<>();
			this.awaited = id;
			return this.seen;
		}

	}

}
