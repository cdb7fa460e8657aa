package io.redmesh.benchmarks.tail;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;

import io.redmesh.core.instance.Instance;
import io.redmesh.core.loadbalance.LoadBalancing;
import io.redmesh.core.registry.Catalog;
import io.redmesh.core.registry.Cursor;

import org.springframework.context.ConfigurableApplicationContext;

/**
 * A load balancer with its settings: the mesh, or spring-cloud-loadbalancer.
 *
 * @param name the name in tables
 * @param family the name of all contenders that do the same with only healthy instances
 * @param mesh whether it is the mesh
 * @param settings the properties that are set for it
 */
record Contender(String name, String family, boolean mesh, List<String> settings) {

	private static final String SPRING = "spring-cloud-loadbalancer";

	private static final List<String> USUAL = List.of("ROUND_ROBIN", "LEAST_REQUEST");

	/** Returns the mesh with its default settings. */
	static Contender byDefault() {
		return new Contender("Redmesh", "Redmesh", true, List.of());
	}

	/** Returns the same contender with a further setting. */
	Contender and(String setting) {
		List<String> all = new ArrayList<>(this.settings);
		all.add(setting);
		return new Contender(this.name, this.family, this.mesh, all);
	}

	/**
	 * Returns the mesh with its default settings, then with the named algorithms, with
	 * all of them ({@code ALL}), or with the usual ones if no name is given.
	 */
	static List<Contender> ours(List<String> names) {
		Predicate<String> wanted = names.isEmpty() ? USUAL::contains
				: (name) -> names.contains(name) || names.contains("ALL");
		List<Contender> ours = new ArrayList<>(List.of(byDefault()));
		Arrays.stream(LoadBalancing.values()).map(Enum::name).filter(wanted).forEach((value) -> {
			String name = value.toLowerCase(Locale.ROOT).replace('_', '-');
			ours.add(with(name, "mesh.call.load-balancing=" + name));
		});
		return ours;
	}

	static Contender with(String what, String... settings) {
		String name = "Redmesh, " + what;
		return new Contender(name, name, true, List.of(settings));
	}

	/** Returns spring-cloud-loadbalancer without retries. */
	static Contender spring() {
		return new Contender(SPRING, SPRING, false, List.of("spring.cloud.loadbalancer.retry.enabled=false"));
	}

	/**
	 * Returns spring-cloud-loadbalancer with retries: of requests that could not be sent,
	 * and also of those whose response was 503.
	 */
	static List<Contender> springRetry() {
		return List.of(
				new Contender(SPRING + ", retry", SPRING, false,
						List.of("spring.cloud.loadbalancer.retry.enabled=true")),
				new Contender(SPRING + ", retry of 503", SPRING, false,
						List.of("spring.cloud.loadbalancer.retry.enabled=true",
								"spring.cloud.loadbalancer.retry.retryable-status-codes=503")));
	}

	/**
	 * Returns the properties of an app, which calls a service unless the list is empty.
	 */
	String[] properties(List<Instance> instances, String... more) {
		List<String> properties = new ArrayList<>(List.of("spring.main.banner-mode=off",
				"spring.main.register-shutdown-hook=false", "logging.level.root=ERROR",
				"mesh.registration.enabled=false", "mesh.discovery.enabled=false", "mesh.enabled=" + this.mesh));
		for (int i = 0; i < instances.size(); i++) {
			Instance instance = instances.get(i);
			properties.add("spring.cloud.discovery.client.simple.instances.%s[%d].uri=http://%s"
				.formatted(instance.service(), i, instance.authority()));
		}
		properties.addAll(this.settings);
		properties.addAll(List.of(more));
		return properties.toArray(String[]::new);
	}

	/** Fills the catalog of the mesh, instead of a registry. */
	void fillCatalog(ConfigurableApplicationContext context, List<Instance> instances) {
		if (this.mesh && !instances.isEmpty()) {
			context.getBean(Catalog.class)
				.snapshot(new Cursor("tail", 1, 1), true, Map.of(instances.get(0).service(), instances));
		}
	}

}
