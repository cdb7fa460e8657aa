package io.redmesh.autoconfigure.call;

import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

import io.micrometer.observation.ObservationRegistry;
import io.redmesh.autoconfigure.discovery.DiscoveryAutoConfiguration;
import io.redmesh.autoconfigure.discovery.FirstSnapshot;
import io.redmesh.core.call.CallPlanner;
import io.redmesh.core.endpoint.EjectionPolicy;
import io.redmesh.core.endpoint.EndpointPools;
import io.redmesh.core.registry.Catalog;
import io.redmesh.core.time.Time;
import io.redmesh.core.traffic.RuleBook;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.ImportRuntimeHints;
import org.springframework.context.annotation.Lazy;

/** Auto-configures the planning of calls. */
@AutoConfiguration(after = DiscoveryAutoConfiguration.class)
@ConditionalOnBooleanProperty(name = { "mesh.enabled", "mesh.call.enabled" }, matchIfMissing = true)
@EnableConfigurationProperties(CallProperties.class)
@ImportRuntimeHints(HiddenTransport.Hints.class)
public final class CallAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	CallPlanner meshCallPlanner(EndpointPools pools, CallProperties properties, Time time, RuleBook rules) {
		CallPlanner planner = new CallPlanner(pools, (destination) -> properties.policy(destination.service()), time,
				ThreadLocalRandom::current, rules::table);
		rules.listen((table) -> planner.refreshPolicies());
		return planner;
	}

	@Bean
	@ConditionalOnMissingBean
	EjectionPolicy meshEjectionPolicy(CallProperties properties) {
		return properties.ejection();
	}

	@Bean
	@ConditionalOnMissingBean
	MeshHosts meshHosts(CallProperties properties, Catalog catalog) {
		// An app that configures a service by hand has said that its name means the mesh.
		Set<String> domains = new HashSet<>(properties.domains());
		catalog.services().stream().filter(catalog::isFixed).forEach(domains::add);
		return new MeshHosts(domains);
	}

	@Bean
	@ConditionalOnMissingBean
	HttpCalls meshHttpCalls(CallPlanner planner, MeshHosts hosts, CallProperties properties, Time time,
			ObjectProvider<ObservationRegistry> observations, FirstSnapshot firstSnapshot) {
		return new HttpCalls(planner, hosts, properties.hashKeys(), properties.sessionCookies(),
				new ResponseClassifier(properties.retry().statuses(), properties.weighByLoad(), time),
				properties.retry().maxBodySize().toBytes(), observations.getIfUnique(() -> ObservationRegistry.NOOP),
				firstSnapshot);
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(name = { "reactor.netty.http.client.HttpClient",
			"org.springframework.boot.http.client.ReactorClientHttpRequestFactoryBuilder" })
	static class ReactorNetty {

		@Bean
		@Lazy
		ReactorConnections meshReactorConnections() {
			return new ReactorConnections();
		}

	}

}
