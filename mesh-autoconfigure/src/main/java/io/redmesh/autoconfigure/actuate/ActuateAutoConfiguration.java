package io.redmesh.autoconfigure.actuate;

import java.time.Instant;
import java.util.function.Supplier;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.redmesh.autoconfigure.MeshProperties;
import io.redmesh.autoconfigure.call.CallAutoConfiguration;
import io.redmesh.autoconfigure.call.MeshHosts;
import io.redmesh.autoconfigure.discovery.WatchLoop;
import io.redmesh.autoconfigure.registration.RegistrationAutoConfiguration;
import io.redmesh.autoconfigure.registration.RegistrationJournal;
import io.redmesh.autoconfigure.registry.RegistryClient;
import io.redmesh.autoconfigure.registry.RegistryContact;
import io.redmesh.autoconfigure.rule.RuleSources;
import io.redmesh.core.call.CallPlanner;
import io.redmesh.core.endpoint.EndpointPools;
import io.redmesh.core.registry.Catalog;
import io.redmesh.core.time.Time;
import io.redmesh.core.traffic.RuleBook;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.boot.health.actuate.endpoint.HealthEndpoint;
import org.springframework.boot.health.actuate.endpoint.HealthEndpointGroups;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Auto-configures health, metrics and the endpoint {@code mesh}, for operators. */
@AutoConfiguration(after = { RegistrationAutoConfiguration.class, CallAutoConfiguration.class })
@ConditionalOnBooleanProperty(name = "mesh.enabled", matchIfMissing = true)
public final class ActuateAutoConfiguration {

	private static Supplier<@Nullable Instant> heardAt(ObjectProvider<WatchLoop> watch) {
		return () -> {
			WatchLoop loop = watch.getIfAvailable();
			return (loop != null) ? loop.heardAt() : null;
		};
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass({ HealthIndicator.class, ConditionalOnEnabledHealthIndicator.class })
	@ConditionalOnEnabledHealthIndicator("mesh")
	static class MeshHealth {

		@Bean
		@ConditionalOnMissingBean(name = "meshHealthIndicator", search = SearchStrategy.CURRENT)
		MeshHealthIndicator meshHealthIndicator(RegistryContact contact, Catalog catalog, RegistrationJournal journal,
				RegistryClient client, ObjectProvider<WatchLoop> watch) {
			return new MeshHealthIndicator(contact, catalog, journal, client::url, heardAt(watch));
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(HealthEndpoint.class)
	@ConditionalOnProperty("mesh.registration.health-group")
	static class Group {

		@Bean
		@ConditionalOnMissingBean(search = SearchStrategy.CURRENT)
		HealthGroup meshHealthGroup(MeshProperties properties, HealthEndpointGroups groups,
				ObjectProvider<HealthEndpoint> endpoint) {
			return HealthGroup.of(properties.registration().healthGroup(), groups, endpoint);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass({ MeterBinder.class, MeterRegistry.class })
	static class Metrics {

		@Bean
		@ConditionalOnMissingBean
		MeshMetrics meshMetrics(RegistrationJournal journal, RegistryContact contact, Catalog catalog, Time time) {
			return new MeshMetrics(journal, contact, catalog, time);
		}

		@Bean
		@ConditionalOnMissingBean
		@ConditionalOnBean(CallPlanner.class)
		CallMetrics meshCallMetrics(EndpointPools pools, CallPlanner planner) {
			return new CallMetrics(pools, planner);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass({ Endpoint.class, ConditionalOnAvailableEndpoint.class })
	@ConditionalOnAvailableEndpoint(MeshEndpoint.class)
	static class Endpoints {

		@Bean
		@ConditionalOnMissingBean(search = SearchStrategy.CURRENT)
		MeshEndpoint meshEndpoint(RegistryContact contact, Catalog catalog, RegistrationJournal journal,
				RegistryClient client, BeanFactory beans, Time time) {
			return new MeshEndpoint(contact, catalog, journal, client::url,
					heardAt(beans.getBeanProvider(WatchLoop.class)),
					beans.getBeanProvider(EndpointPools.class)::getIfAvailable,
					beans.getBeanProvider(CallPlanner.class)::getIfAvailable,
					beans.getBeanProvider(MeshHosts.class)::getIfAvailable, beans.getBean(RuleSources.class),
					beans.getBean(RuleBook.class), time);
		}

	}

}
