package io.redmesh.registry.catalog;

import java.nio.file.Path;
import java.util.Map;

import io.micrometer.core.instrument.MeterRegistry;
import io.redmesh.core.time.Time;
import io.redmesh.core.time.Timer;
import io.redmesh.registry.store.RegistryStore;

import org.springframework.boot.actuate.info.InfoContributor;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/** Configuration of the catalog, which follows the store, and of its health and info. */
@Configuration(proxyBeanMethods = false)
class CatalogConfiguration {

	@Bean(initMethod = "start")
	Namespaces namespaces(RegistryStore store, CatalogProperties properties, Timer timer, Time time,
			MeterRegistry meters, RuleArchive archive) {
		return new Namespaces(store, properties, timer, time, new CatalogMetrics(meters),
				new Restoration(store, timer, meters), archive);
	}

	/**
	 * Creates the archive of traffic rules. Two servers on one machine have different
	 * ports, so each has a directory of its own. A server on a random port has none,
	 * unless it is named.
	 */
	@Bean
	RuleArchive ruleArchive(CatalogProperties properties, Environment environment) {
		Path directory = properties.rulesDirectory();
		String port = environment.getProperty("server.port", "8080");
		if (!properties.rulesOnDisk() || (directory == null && port.equals("0"))) {
			return RuleArchive.NONE;
		}
		return new RuleFiles((directory != null) ? directory
				: Path.of(System.getProperty("user.home"), ".redmesh", "registry-" + port));
	}

	@Bean
	HealthIndicator registryHealthIndicator(Namespaces namespaces, StoreProbe probe) {
		return new RegistryHealthIndicator(namespaces, probe);
	}

	@Bean
	StoreProbe storeProbe(RegistryStore store, Timer timer) {
		return new StoreProbe(store, timer);
	}

	@Bean
	InfoContributor registryInfo(RegistryStore store, Namespaces namespaces) {
		return (info) -> {
			Map<String, Object> details = Map.of("store", store.kind(), "namespaces", namespaces.followed().size());
			info.withDetail("registry", details);
		};
	}

}
