package io.redmesh.autoconfigure.inbound;

import jakarta.servlet.Filter;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.web.server.WebFilter;

/** Auto-configures what refuses calls that were meant for another service. */
@AutoConfiguration
@Conditional(InboundAutoConfiguration.OnServiceName.class)
@ConditionalOnBooleanProperty(name = { "mesh.enabled", "mesh.inbound.check-destination" }, matchIfMissing = true)
@EnableConfigurationProperties(InboundProperties.class)
public final class InboundAutoConfiguration {

	private static String service(Environment environment) {
		return environment.getProperty("spring.application.name", "").strip();
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(Filter.class)
	@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
	static class Servlet {

		@Bean
		DestinationFilter meshDestinationFilter(Environment environment) {
			return new DestinationFilter(service(environment));
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(WebFilter.class)
	@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
	static class Reactive {

		@Bean
		DestinationWebFilter meshDestinationWebFilter(Environment environment) {
			return new DestinationWebFilter(service(environment));
		}

	}

	/** Who has no name cannot tell what is meant for it. */
	static final class OnServiceName extends SpringBootCondition {

		@Override
		public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
			String service = service(context.getEnvironment());
			return new ConditionOutcome(!service.isEmpty(), "spring.application.name is '%s'".formatted(service));
		}

	}

}
