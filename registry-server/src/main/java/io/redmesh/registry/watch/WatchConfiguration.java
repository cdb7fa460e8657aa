package io.redmesh.registry.watch;

import io.micrometer.core.instrument.MeterRegistry;
import io.netty.handler.codec.http.HttpMethod;
import io.redmesh.core.time.Time;
import io.redmesh.core.time.Timer;
import io.redmesh.registry.catalog.Namespaces;
import io.redmesh.registry.rest.Operations;
import io.redmesh.registry.store.RegistryStore;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.MediaType;

/** Configuration of the watch operation. */
@Configuration(proxyBeanMethods = false)
class WatchConfiguration {

	@Bean
	Watches watches(Namespaces namespaces, SelfWatches selves, WatchProperties properties, Timer timer, Time time,
			MeterRegistry meters) {
		return new Watches(namespaces, selves, properties, timer, time, meters);
	}

	@Bean
	SelfWatches selfWatches(RegistryStore store) {
		return new SelfWatches(store);
	}

	@Bean
	Operations watchOperations(Namespaces namespaces, Watches watches, SelfWatches selves, WatchProperties properties) {
		WatchHandler handler = new WatchHandler(namespaces, watches, selves, properties);
		return Operations.builder()
			.add(HttpMethod.GET, "/v1/namespaces/{ns}/watch", MediaType.TEXT_EVENT_STREAM, handler::watch)
			.build();
	}

}
