package io.redmesh.autoconfigure.registration;

import java.time.Duration;
import java.util.Random;
import java.util.function.Supplier;

import io.redmesh.autoconfigure.MeshProperties;
import io.redmesh.autoconfigure.RegistryConnectionDetails;
import io.redmesh.autoconfigure.discovery.DiscoveryAutoConfiguration;
import io.redmesh.autoconfigure.discovery.WatchLoop;
import io.redmesh.autoconfigure.registry.RegistryClient;
import io.redmesh.autoconfigure.registry.RegistryContact;
import io.redmesh.autoconfigure.rule.RuleSources;
import io.redmesh.core.registry.Catalog;
import io.redmesh.core.time.Time;
import io.redmesh.core.time.Timer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.web.server.ManagementServerProperties;
import org.springframework.boot.actuate.endpoint.web.PathMappedEndpoints;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.info.BuildProperties;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/** Auto-configuration of this app's part in the mesh, from its start to its stop. */
@AutoConfiguration(after = DiscoveryAutoConfiguration.class,
		afterName = "org.springframework.boot.autoconfigure.info.ProjectInfoAutoConfiguration")
@ConditionalOnBooleanProperty(name = "mesh.enabled", matchIfMissing = true)
public final class RegistrationAutoConfiguration {

	private static final Logger logger = LoggerFactory.getLogger(RegistrationAutoConfiguration.class);

	/** The time that deregistering may take, the drain aside. */
	private static final Duration DEPARTURE = RegistrationPlan.IN_FLIGHT_LIMIT.plus(RegistrationRequests.DRAINING_LIMIT)
		.plus(RegistrationRequests.DEREGISTER_LIMIT);

	/**
	 * The time within which changes become one. Each is sent to all apps of a namespace.
	 */
	private static final Duration CHANGE_DELAY = Duration.ofMillis(500);

	@Bean
	ServerPorts meshServerPorts() {
		return new ServerPorts();
	}

	@Bean
	RegistrationJournal meshRegistrationJournal(Time time) {
		return new RegistrationJournal(time);
	}

	@Bean
	@ConditionalOnMissingBean(search = SearchStrategy.CURRENT)
	MeshSession meshSession(ApplicationContext context, Timer timer, ObjectProvider<WatchLoop> watch, ServerPorts ports,
			ObjectProvider<Registrations> registrations, ObjectProvider<InstanceHealth> health,
			MeshProperties properties) {
		SessionSettings settings = new SessionSettings(properties.discovery().startWait(),
				drain(properties, context.getEnvironment()));
		// The registrations of a parent context describe another instance.
		boolean registers = context.containsLocalBean("meshRegistrations");
		return new MeshSession(context, timer, watch.getIfAvailable(), ports,
				registers ? registrations.getIfAvailable() : null, health(properties, health), settings);
	}

	private static @Nullable InstanceHealth health(MeshProperties properties, ObjectProvider<InstanceHealth> health) {
		String group = properties.registration().healthGroup();
		InstanceHealth found = (group != null) ? health.getIfAvailable() : null;
		if (group != null && found == null) {
			throw new InvalidConfigurationPropertyValueException("mesh.registration.health-group", group,
					"The health endpoint of Actuator is not available");
		}
		return found;
	}

	/**
	 * Returns the drain time, shortened to fit into one phase of the stop. Spring bounds
	 * a phase.
	 */
	private static Duration drain(MeshProperties properties, Environment environment) {
		Duration wanted = properties.registration().drain();
		Duration phase = Binder.get(environment)
			.bind("spring.lifecycle.timeout-per-shutdown-phase", Duration.class)
			.orElse(Duration.ofSeconds(30));
		Duration most = phase.minus(DEPARTURE);
		if (wanted.compareTo(most) <= 0) {
			return wanted;
		}
		Duration shortened = most.isNegative() ? Duration.ZERO : most;
		logger.warn("mesh.registration.drain is shortened from {} to {}, so that it fits into "
				+ "spring.lifecycle.timeout-per-shutdown-phase ({})", wanted, shortened, phase);
		return shortened;
	}

	/** The supplier of a registration loop for each start of the session. */
	@FunctionalInterface
	interface Registrations extends Supplier<@Nullable RegistrationLoop> {

	}

	// The conditions are on methods, not on the class: Spring evaluates them late, when
	// the containers of a test are known.
	@Configuration(proxyBeanMethods = false)
	static class Enabled {

		private final MeshProperties properties;

		private final RuleSources rules;

		Enabled(MeshProperties properties, RuleSources rules) {
			this.properties = properties;
			this.rules = rules;
		}

		@Bean
		@ConditionalOnBooleanProperty(name = "mesh.registration.enabled", matchIfMissing = true)
		InstanceDetails meshInstanceDetails() {
			return new InstanceDetails(this.properties.instance());
		}

		@Bean(destroyMethod = "close")
		@ConditionalOnBooleanProperty(name = "mesh.registration.enabled", matchIfMissing = true)
		SelfDescription meshSelf(ApplicationContext context, ServerPorts ports, RegistryConnectionDetails connection,
				ObjectProvider<BuildProperties> build, InstanceDetails details,
				ObjectProvider<ManagementDescription> management) {
			BuildProperties built = build.getIfUnique();
			return new SelfDescription(context, this.properties, ports, connection.urls(),
					(built != null) ? built.getVersion() : null, details, management.getIfUnique());
		}

		@Bean
		@ConditionalOnBooleanProperty(name = "mesh.registration.enabled", matchIfMissing = true)
		Introduction meshIntroduction(Catalog catalog, ObjectProvider<WatchLoop> watch) {
			return new Introduction(catalog, watch);
		}

		@Bean
		@ConditionalOnBooleanProperty(name = "mesh.registration.enabled", matchIfMissing = true)
		Registrations meshRegistrations(RegistryClient client, SelfDescription self, RegistrationJournal journal,
				RegistryContact contact, Time time, Timer timer, Introduction introduction) {
			return () -> {
				// An app without a permitted name can still call.
				String problem = self.problem();
				if (problem != null) {
					journal.refused(problem);
					return null;
				}
				RegistrationTerms terms = new RegistrationTerms(this.properties.registration().ttl(),
						RegistryClient.incarnation());
				journal.onRegistered((instance) -> introduction.registered(instance, terms.incarnation()));
				RegistrationLoop loop = new RegistrationLoop(
						new RegistrationRequests(client, timer, terms, this.rules::reportable), self, journal, contact,
						time, timer, new Random());
				self.onChange(new Coalesced(timer, CHANGE_DELAY, loop::changed));
				return loop;
			};
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass({ ManagementServerProperties.class, PathMappedEndpoints.class })
	static class Management {

		@Bean
		ManagementDescription meshManagementDescription(Environment environment,
				ObjectProvider<ManagementServerProperties> server, ObjectProvider<PathMappedEndpoints> endpoints) {
			return new ManagementDescription(environment, server, endpoints);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(WebServerInitializedEvent.class)
	static class WebServer {

		@Bean
		WebServerListener meshWebServerListener(ServerPorts ports, ApplicationContext context) {
			return new WebServerListener(ports, context);
		}

	}

}
