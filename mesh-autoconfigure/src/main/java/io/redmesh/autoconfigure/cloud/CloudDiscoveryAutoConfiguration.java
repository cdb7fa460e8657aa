package io.redmesh.autoconfigure.cloud;

import io.redmesh.autoconfigure.MeshProperties;
import io.redmesh.autoconfigure.ServiceName;
import io.redmesh.autoconfigure.discovery.DiscoveryAutoConfiguration;
import io.redmesh.autoconfigure.discovery.FirstSnapshot;
import io.redmesh.autoconfigure.registration.InstanceDetails;
import io.redmesh.autoconfigure.registration.MeshSession;
import io.redmesh.autoconfigure.registration.RegistrationAutoConfiguration;
import io.redmesh.autoconfigure.registration.RegistrationJournal;
import io.redmesh.core.registry.Catalog;
import io.redmesh.core.time.Timer;
import reactor.core.publisher.Flux;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigureOrder;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.cloud.client.ConditionalOnBlockingDiscoveryEnabled;
import org.springframework.cloud.client.ConditionalOnDiscoveryEnabled;
import org.springframework.cloud.client.ConditionalOnReactiveDiscoveryEnabled;
import org.springframework.cloud.client.discovery.simple.SimpleDiscoveryProperties;
import org.springframework.cloud.client.serviceregistry.Registration;
import org.springframework.cloud.client.serviceregistry.ServiceRegistry;
import org.springframework.cloud.context.environment.EnvironmentChangeEvent;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.env.Environment;

/** Auto-configures discovery and registration as Spring Cloud Commons defines them. */
@AutoConfiguration(after = { DiscoveryAutoConfiguration.class, RegistrationAutoConfiguration.class },
		beforeName = { "org.springframework.cloud.client.CommonsClientAutoConfiguration",
				"org.springframework.cloud.client.discovery.simple.SimpleDiscoveryClientAutoConfiguration",
				"org.springframework.cloud.client.discovery.composite.CompositeDiscoveryClientAutoConfiguration",
				"org.springframework.cloud.client.serviceregistry.ServiceRegistryAutoConfiguration" })
@AutoConfigureOrder(Ordered.LOWEST_PRECEDENCE)
@ConditionalOnBooleanProperty(name = "mesh.enabled", matchIfMissing = true)
public final class CloudDiscoveryAutoConfiguration {

	// A bean of Spring Cloud's own type wins; apps define one in their tests.
	@Bean
	SimpleInstances meshSimpleInstances(ObjectProvider<SimpleDiscoveryProperties> properties, Environment environment) {
		return new SimpleInstances(properties.getIfUnique(() -> Binder.get(environment)
			.bindOrCreate("spring.cloud.discovery.client.simple", SimpleDiscoveryProperties.class)));
	}

	// Conditions on mesh.discovery.enabled and mesh.registration.enabled are on methods,
	// not on classes: they are decided late, when test containers are known.
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnDiscoveryEnabled
	static class Discovery {

		@Bean
		@ConditionalOnBooleanProperty(name = "mesh.discovery.enabled", matchIfMissing = true)
		CatalogEvents meshCatalogEvents(ApplicationContext context, Catalog catalog, Timer timer) {
			return new CatalogEvents(context, catalog, timer);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnDiscoveryEnabled
	@ConditionalOnBlockingDiscoveryEnabled
	static class BlockingDiscovery {

		@Bean
		@ConditionalOnMissingBean
		MeshDiscoveryClient meshDiscoveryClient(Catalog catalog, FirstSnapshot first) {
			return new MeshDiscoveryClient(catalog, first);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(Flux.class)
	@ConditionalOnDiscoveryEnabled
	@ConditionalOnReactiveDiscoveryEnabled
	static class ReactiveDiscovery {

		@Bean
		@ConditionalOnMissingBean
		MeshReactiveDiscoveryClient meshReactiveDiscoveryClient(Catalog catalog, FirstSnapshot first) {
			return new MeshReactiveDiscoveryClient(new MeshDiscoveryClient(catalog, first), first);
		}

	}

	/**
	 * Registration as Spring Cloud sees it. Spring Cloud wants one bean of each type in
	 * an app, and its Actuator endpoint finds default candidates only. Where another
	 * registry has such beans already, the mesh adds none. Those of a parent context are
	 * about another instance.
	 */
	@Configuration(proxyBeanMethods = false)
	static class Registering {

		@Bean
		@ConditionalOnBooleanProperty(name = "mesh.registration.enabled", matchIfMissing = true)
		@ConditionalOnMissingBean(value = ServiceRegistry.class, ignored = MeshServiceRegistry.class)
		MeshServiceRegistry meshServiceRegistry(MeshSession session) {
			return new MeshServiceRegistry(session);
		}

		@Bean
		@ConditionalOnBooleanProperty(name = "mesh.registration.enabled", matchIfMissing = true)
		@ConditionalOnMissingBean(value = Registration.class, ignored = MeshRegistration.class)
		MeshRegistration meshRegistration(RegistrationJournal journal, MeshProperties properties,
				Environment environment) {
			return new MeshRegistration(ServiceName.of(properties, environment), journal);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(EnvironmentChangeEvent.class)
	static class Refresh {

		@Bean
		@ConditionalOnBooleanProperty(name = "mesh.registration.enabled", matchIfMissing = true)
		InstanceRefresh meshInstanceRefresh(InstanceDetails details, Environment environment) {
			return new InstanceRefresh(details, environment);
		}

	}

}
