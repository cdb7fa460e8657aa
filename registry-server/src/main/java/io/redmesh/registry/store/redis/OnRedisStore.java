package io.redmesh.registry.store.redis;

import java.util.List;

import io.redmesh.registry.store.StoreProperties;
import io.redmesh.registry.store.StoreProperties.Kind;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.ConfigurationCondition;
import org.springframework.core.type.AnnotatedTypeMetadata;

/**
 * The condition that {@code mesh.server.store} means Redis. The value {@code auto} does
 * if a connection is configured, by a property or by a service connection of Docker
 * Compose or Testcontainers.
 */
final class OnRedisStore extends SpringBootCondition implements ConfigurationCondition {

	private static final List<String> CONNECTIONS = List.of("url", "host", "port", "sentinel.nodes", "cluster.nodes",
			"masterreplica.nodes");

	@Override
	public ConfigurationPhase getConfigurationPhase() {
		return ConfigurationPhase.REGISTER_BEAN;
	}

	@Override
	public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
		ConditionMessage.Builder message = ConditionMessage.forCondition("mesh.server.store");
		Binder binder = Binder.get(context.getEnvironment());
		Kind kind = binder.bindOrCreate("mesh.server", StoreProperties.class).store();
		if (kind != Kind.AUTO) {
			return new ConditionOutcome(kind == Kind.REDIS, message.because("it is " + kind));
		}
		for (String name : CONNECTIONS) {
			String property = "spring.data.redis." + name;
			if (binder.bind(property, Bindable.listOf(String.class)).isBound()) {
				return ConditionOutcome.match(message.because(property + " is set"));
			}
		}
		ConfigurableListableBeanFactory beans = context.getBeanFactory();
		return new ConditionOutcome(declaresConnection(beans),
				message.because("only a connection declared as a bean would mean Redis"));
	}

	private static boolean declaresConnection(@Nullable ConfigurableListableBeanFactory beans) {
		return beans != null && beans.getBeanNamesForType(DataRedisConnectionDetails.class, true, false).length > 0;
	}

}
