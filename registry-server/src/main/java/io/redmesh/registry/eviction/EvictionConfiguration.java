package io.redmesh.registry.eviction;

import io.micrometer.core.instrument.MeterRegistry;
import io.redmesh.core.time.Timer;
import io.redmesh.registry.catalog.Catalog;
import io.redmesh.registry.store.RegistryStore;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Starts the sweeping. */
@Configuration(proxyBeanMethods = false)
class EvictionConfiguration {

	@Bean
	Sweeper sweeper(RegistryStore store, Catalog catalog, EvictionProperties properties, Timer timer,
			MeterRegistry meters) {
		return new Sweeper(store, catalog, properties, timer, meters);
	}

}
