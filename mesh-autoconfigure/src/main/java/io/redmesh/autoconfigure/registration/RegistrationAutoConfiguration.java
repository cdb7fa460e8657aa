package io.redmesh.autoconfigure.registration;

import java.time.Duration;
import java.util.Locale;
import java.util.Random;
import java.util.function.Supplier;

import io.redmesh.autoconfigure.MeshProperties;
import io.redmesh.autoconfigure.RegistryConnectionDetails;
import io.redmesh.autoconfigure.discovery.DiscoveryAutoConfiguration;
import io.redmesh.autoconfigure.discovery.WatchLoop;
import io.redmesh.autoconfigure.registry.RegistryClient;
import io.redmesh.autoconfigure.registry.RegistryContact;
import io.redmesh.autoconfigure.registry.WatchIdentity;
import io.redmesh.core.instance.InvalidValueException;
import io.redmesh.core.instance.Names;
import io.redmesh.core.time.Time;
import io.redmesh.core.time.Timer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.availability.ApplicationAvailability;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.info.BuildProperties;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/** Auto-configures this app's part in the mesh, from its start to its stop. */
@AutoConfiguration(after = DiscoveryAutoConfiguration.class,
		afterName = "org.springframework.boot.autoconfigure.info.ProjectInfoAutoConfiguration")
@ConditionalOnBooleanProperty(name = "mesh.enabled", matchIfMissing = true)
public final class RegistrationAutoConfiguration {

	private static final Logger logger = LoggerFactory.getLogger(RegistrationAutoConfiguration.class);

	/** What leaving may take beside the drain itself. */
	private static final Duration DEPARTURE = Departure.DRAINING_LIMIT.plus(Departure.DEREGISTER_LIMIT.multipliedBy(2));

	@Bean
	ServerPorts meshServerPorts() {
		return new ServerPorts();
	}

	@Bean
	RegistrationJournal meshRegistrationJournal(Time time) {
		return new RegistrationJournal(time);
	}

	@Bean
	@ConditionalOnMissingBean
	MeshSession meshSession(ApplicationContext context, ApplicationAvailability availability, Timer timer,
			ObjectProvider<WatchLoop> watch, ObjectProvider<Registrations> registrations, MeshProperties properties) {
		SessionSettings settings = new SessionSettings(properties.discovery().startWait(),
				drain(properties, context.getEnvironment()));
		return new MeshSession(context, availability, timer, watch.getIfAvailable(), registrations.getIfAvailable(),
				settings);
	}

	/** Leaving takes place within one phase of the stop, which Spring bounds. */
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

	/** Makes the loop of each start of the session. */
	@FunctionalInterface
	interface Registrations extends Supplier<RegistrationLoop> {

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnBooleanProperty(name = "mesh.registration.enabled", matchIfMissing = true)
	static class Enabled {

		@Bean(destroyMethod = "close")
		SelfDescription meshSelf(MeshProperties properties, Environment environment, ServerPorts ports,
				RegistryConnectionDetails connection, ObjectProvider<BuildProperties> build) {
			BuildProperties built = build.getIfUnique();
			return new SelfDescription(service(environment), properties.instance(), environment, ports,
					connection.urls(), (built != null) ? built.getVersion() : null);
		}

		@Bean
		Registrations meshRegistrations(RegistryClient client, SelfDescription self, RegistrationJournal journal,
				RegistryContact contact, Timer timer, ObjectProvider<WatchLoop> watch, MeshProperties properties) {
			return () -> {
				RegistrationTerms terms = new RegistrationTerms(properties.registration().ttl(),
						RegistryClient.incarnation());
				journal.onRegistered((instance) -> watch.ifAvailable((loop) -> loop
					.introduce(new WatchIdentity(instance.service(), instance.id(), terms.incarnation()))));
				return new RegistrationLoop(client, self, journal, contact, timer, new Random(), terms);
			};
		}

		private static String service(Environment environment) {
			String name = environment.getProperty("spring.application.name", "");
			if (name.isBlank()) {
				throw new InvalidServiceNameException("This app has no name to register under.");
			}
			try {
				return Names.requireService(name.strip().toLowerCase(Locale.ROOT));
			}
			catch (InvalidValueException ex) {
				throw new InvalidServiceNameException(
						"The value '%s' of spring.application.name cannot be the name ".formatted(name)
								+ "of a service, which is " + ex.permitted() + ".");
			}
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
