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

/** Configuration of the eviction of dead instances: sweeps, probes and hints. */
@Configuration(proxyBeanMethods = false)
class EvictionConfiguration {

	@Bean
	Sweeper sweeper(RegistryStore store, Namespaces namespaces, SuspectVerifier verifier, EvictionProperties properties,
			Timer timer, MeterRegistry meters) {
		return new Sweeper(store, namespaces, verifier, properties, timer, meters);
	}

	@Bean
	TcpProbe tcpProbe(ReactorResourceFactory resources) {
		return new TcpProbe(resources.getLoopResources());
	}

	@Bean
	ReachableInstances reachableInstances(Namespaces namespaces, TcpProbe probe, Timer timer) {
		return new ReachableInstances(namespaces, probe, timer);
	}

	@Bean
	SuspectVerifier suspectVerifier(RegistryStore store, Namespaces namespaces, TcpProbe probe,
			ReachableInstances reachable, EvictionProperties properties, Timer timer, MeterRegistry meters) {
		return new SuspectVerifier(store, namespaces, probe, reachable, properties, timer, meters);
	}

	@Bean
	Operations hintOperations(Namespaces namespaces, SuspectVerifier verifier, SelfWatches watches,
			RestProperties limits) {
		watches.onClose(verifier::hint);
		HintHandler handler = new HintHandler(namespaces, verifier, limits);
		return Operations.builder().add(HttpMethod.POST, "/v1/namespaces/{ns}/hints", handler::hints).build();
	}

}
