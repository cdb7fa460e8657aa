package io.redmesh.registry.eviction;

import io.micrometer.core.instrument.MeterRegistry;
import io.netty.handler.codec.http.HttpMethod;
import io.redmesh.core.time.Timer;
import io.redmesh.registry.catalog.Namespaces;
import io.redmesh.registry.rest.Operations;
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
	Sweeper sweeper(RegistryStore store, Namespaces catalog, SuspectVerifier verifier, EvictionProperties properties,
			Timer timer, MeterRegistry meters) {
		return new Sweeper(store, catalog, verifier, properties, timer, meters);
	}

	@Bean
	TcpProbe door(ReactorResourceFactory resources) {
		return new TcpProbe(resources.getLoopResources());
	}

	@Bean
	ReachableInstances acquaintances(Namespaces catalog, TcpProbe probe, Timer timer) {
		return new ReachableInstances(catalog, probe, timer);
	}

	@Bean
	SuspectVerifier suspicions(RegistryStore store, Namespaces catalog, TcpProbe probe, ReachableInstances reachable,
			EvictionProperties properties, Timer timer, MeterRegistry meters) {
		return new SuspectVerifier(store, catalog, probe, reachable, properties, timer, meters);
	}

	@Bean
	Operations hintEndpoints(Namespaces catalog, SuspectVerifier verifier, SelfWatches watches, RestProperties limits) {
		watches.onClose(verifier::hint);
		HintHandler handler = new HintHandler(catalog, verifier, limits);
		return Operations.builder().add(HttpMethod.POST, "/v1/namespaces/{ns}/hints", handler::hints).build();
	}

}
