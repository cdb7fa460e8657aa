package io.redmesh.registry.registration;

import io.micrometer.core.instrument.MeterRegistry;
import io.netty.handler.codec.http.HttpMethod;
import io.redmesh.core.time.Time;
import io.redmesh.core.time.Timer;
import io.redmesh.registry.catalog.Namespaces;
import io.redmesh.registry.rest.Operations;
import io.redmesh.registry.rest.RestProperties;
import io.redmesh.registry.rule.RuleProperties;
import io.redmesh.registry.store.RegistryStore;
import io.redmesh.registry.watch.Watches;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.MediaType;

/** The operations of instances and of their readers. */
@Configuration(proxyBeanMethods = false)
class InstanceOperations {

	private static final String SERVICES = "/v1/namespaces/{ns}/services";

	private static final String SERVICE = SERVICES + "/{service}";

	private static final String INSTANCE = SERVICE + "/instances/{id}";

	private static final String HEARTBEAT = "/heartbeat";

	@Bean
	LateDepartures lateDepartures(RegistryStore store, Timer timer, Time time) {
		return new LateDepartures(store, timer, time);
	}

	@Bean
	Operations backups(RegistryStore store, Namespaces namespaces, LeaseProperties leases, RestProperties limits,
			RuleProperties rules) {
		BackupHandler backup = new BackupHandler(store, namespaces, leases, limits, rules);
		return Operations.builder()
			.add(HttpMethod.GET, "/v1/namespaces/{ns}/export", MediaType.APPLICATION_NDJSON, backup::write)
			.add(HttpMethod.POST, "/v1/namespaces/{ns}/import", backup::read)
			.build();
	}

	@Bean
	@Order(Ordered.HIGHEST_PRECEDENCE)
	Operations instances(RegistryStore store, Namespaces namespaces, Watches watches, LeaseProperties leases,
			RestProperties limits, LateDepartures late, MeterRegistry meters) {
		RegistrationHandler registration = new RegistrationHandler(store, namespaces, watches, leases, limits, late,
				meters);
		RenewalHandler renewal = new RenewalHandler(store, namespaces, limits, meters);
		ReadHandler read = new ReadHandler(namespaces, meters);
		return Operations.builder()
			.add(HttpMethod.POST, INSTANCE + HEARTBEAT, renewal::renew)
			.add(HttpMethod.POST, "/v1/namespaces/{ns}/heartbeats", renewal::renewMany)
			.add(HttpMethod.PUT, INSTANCE, registration::register)
			.add(HttpMethod.DELETE, INSTANCE, registration::deregister)
			.add(HttpMethod.PUT, INSTANCE + "/status", registration::status)
			.add(HttpMethod.PUT, INSTANCE + "/override", registration::override)
			.add(HttpMethod.DELETE, INSTANCE + "/override", registration::removeOverride)
			.add(HttpMethod.GET, SERVICES, read::services)
			.add(HttpMethod.GET, SERVICE, read::service)
			.build();
	}

}
