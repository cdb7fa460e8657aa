package io.redmesh.registry.catalog;

import java.util.Map;

import io.micrometer.core.instrument.MeterRegistry;
import io.redmesh.core.time.Time;
import io.redmesh.core.time.Timer;
import io.redmesh.registry.store.RegistryStore;

import org.springframework.boot.actuate.info.InfoContributor;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Configuration of the catalog, which follows the store, and of its health and info. */
@Configuration(proxyBeanMethods = false)
class CatalogConfiguration {

	@Bean(initMethod = "start")
	Namespaces namespaces(RegistryStore store, CatalogProperties properties, Timer timer, Time time,
			MeterRegistry meters) {
		return new Namespaces(store, properties, timer, time, new CatalogMetrics(meters),
				new Restoration(store, timer, meters));
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
