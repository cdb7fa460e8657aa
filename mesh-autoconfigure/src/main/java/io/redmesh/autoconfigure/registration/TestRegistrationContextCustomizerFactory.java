package io.redmesh.autoconfigure.registration;

import java.util.List;
import java.util.Map;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.MapPropertySource;
import org.springframework.test.context.ContextConfigurationAttributes;
import org.springframework.test.context.ContextCustomizer;
import org.springframework.test.context.ContextCustomizerFactory;
import org.springframework.test.context.MergedContextConfiguration;

/**
 * Keeps apps under test out of the registry, where others would call them. Any setting of
 * {@code mesh.registration.enabled} is stronger.
 */
final class TestRegistrationContextCustomizerFactory implements ContextCustomizerFactory {

	@Override
	public ContextCustomizer createContextCustomizer(Class<?> testClass,
			List<ContextConfigurationAttributes> configAttributes) {
		return Unregistered.INSTANCE;
	}

	/** One for all, so that tests go on sharing their contexts. */
	private enum Unregistered implements ContextCustomizer {

		INSTANCE;

		@Override
		public void customizeContext(ConfigurableApplicationContext context, MergedContextConfiguration merged) {
			context.getEnvironment()
				.getPropertySources()
				.addLast(new MapPropertySource("meshTests", Map.of("mesh.registration.enabled", "false")));
		}

	}

}
