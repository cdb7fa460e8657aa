package io.redmesh.registry.eviction;

import io.micrometer.core.instrument.MeterRegistry;
import io.netty.handler.codec.http.HttpMethod;
import io.redmesh.core.time.Timer;
import io.redmesh.registry.catalog.Catalog;
import io.redmesh.registry.rest.Endpoints;
import io.redmesh.registry.rest.RestProperties;
import io.redmesh.registry.store.RegistryStore;
import io.redmesh.registry.watch.SelfWatches;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.client.ReactorResourceFactory;

/** Starts what finds the dead. */
@Configuration(proxyBeanMethods = false)
class EvictionConfiguration {

	@Bean
	Sweeper sweeper(RegistryStore store, Catalog catalog, Suspicions suspicions, EvictionProperties properties,
			Timer timer, MeterRegistry meters) {
		return new Sweeper(store, catalog, suspicions, properties, timer, meters);
	}

	@Bean
	Door door(ReactorResourceFactory resources) {
		return new Door(resources.getLoopResources());
	}

	@Bean
	Acquaintances acquaintances(Catalog catalog, Door door, Timer timer) {
		return new Acquaintances(catalog, door, timer);
	}

	@Bean
	Suspicions suspicions(RegistryStore store, Catalog catalog, Door door, Acquaintances acquaintances,
			EvictionProperties properties, Timer timer, MeterRegistry meters) {
		return new Suspicions(store, catalog, door, acquaintances, properties, timer, meters);
	}

	@Bean
	Endpoints hintEndpoints(Catalog catalog, Suspicions suspicions, SelfWatches watches, RestProperties limits) {
		watches.onClose(suspicions::hint);
		HintHandler handler = new HintHandler(catalog, suspicions, limits);
		return Endpoints.builder().add(HttpMethod.POST, "/v1/namespaces/{ns}/hints", handler::hints).build();
	}

}
