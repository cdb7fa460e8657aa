package io.redmesh.autoconfigure.registry;

import java.util.List;
import java.util.Set;

import io.redmesh.autoconfigure.RegistryConnectionDetails;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.AbstractBeanDefinition;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.PropertySource;
import org.springframework.test.context.ContextConfigurationAttributes;
import org.springframework.test.context.ContextCustomizer;
import org.springframework.test.context.ContextCustomizerFactory;
import org.springframework.test.context.MergedContextConfiguration;

/**
 * The isolation of apps under test. They do not register, so that no app calls them, do
 * not call what a registry or an earlier run knows, and write no files. Any setting of
 * the same properties takes precedence. A test that brings a registry of its own, in a
 * container, registers and discovers there.
 */
final class TestMeshContextCustomizerFactory implements ContextCustomizerFactory {

	@Override
	public ContextCustomizer createContextCustomizer(Class<?> testClass,
			List<ContextConfigurationAttributes> configAttributes) {
		return Isolated.INSTANCE;
	}

	/** The single customizer, so that tests go on sharing their contexts. */
	private enum Isolated implements ContextCustomizer {

		INSTANCE;

		@Override
		public void customizeContext(ConfigurableApplicationContext context, MergedContextConfiguration merged) {
			context.getEnvironment().getPropertySources().addLast(new Defaults(context.getBeanFactory()));
		}

	}

	/**
	 * The properties with the lowest precedence. They are decided when they are read:
	 * containers may be defined in configurations that are not yet known when a context
	 * is customized.
	 */
	private static final class Defaults extends PropertySource<ConfigurableListableBeanFactory> {

		private static final String SNAPSHOT = "mesh.discovery.snapshot-enabled";

		private static final Set<String> REGISTRY = Set.of("mesh.registration.enabled", "mesh.discovery.enabled");

		Defaults(ConfigurableListableBeanFactory beans) {
			super("meshTests", beans);
		}

		@Override
		public @Nullable Object getProperty(String name) {
			boolean off = name.equals(SNAPSHOT) || (REGISTRY.contains(name) && !hasContainer());
			return off ? "false" : null;
		}

		private boolean hasContainer() {
			for (String name : getSource().getBeanDefinitionNames()) {
				if (isContainer(getSource().getBeanDefinition(name))) {
					return true;
				}
			}
			return false;
		}

		/**
		 * Returns whether a bean is a container. Looks at its class alone, since no bean
		 * must be created so early.
		 */
		private static boolean isContainer(BeanDefinition definition) {
			return definition instanceof AbstractBeanDefinition known && known.hasBeanClass()
					&& RegistryConnectionDetails.class.isAssignableFrom(known.getBeanClass())
					&& RegistryContainer.class.getPackage().equals(known.getBeanClass().getPackage());
		}

	}

}
