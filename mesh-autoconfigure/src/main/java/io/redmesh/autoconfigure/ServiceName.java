package io.redmesh.autoconfigure;

import java.util.Locale;

import io.redmesh.core.instance.InvalidValueException;
import io.redmesh.core.instance.Names;
import org.jspecify.annotations.Nullable;

import org.springframework.core.env.Environment;

/**
 * The name under which other apps call this app.
 *
 * @param value the name in lower case, or an empty string if none is configured
 * @param problem the reason why the name is not permitted and the property to set, or
 * null if it is permitted
 */
public record ServiceName(String value, @Nullable String problem) {

	private static final String INSTANCE_SERVICE = "mesh.instance.service";

	private static final String APPLICATION_NAME = "spring.application.name";

	/**
	 * Reads the name from {@code mesh.instance.service}, or else from
	 * {@code spring.application.name}.
	 * @param properties the source of {@code mesh.instance.service}
	 * @param environment the source of {@code spring.application.name}
	 * @return the name, permitted or not
	 */
	public static ServiceName of(MeshProperties properties, Environment environment) {
		String configured = properties.instance().service();
		return (configured != null) ? of(configured, INSTANCE_SERVICE)
				: of(environment.getProperty(APPLICATION_NAME, ""), APPLICATION_NAME);
	}

	private static ServiceName of(String text, String property) {
		String value = text.strip().toLowerCase(Locale.ROOT);
		if (value.isEmpty()) {
			return new ServiceName("",
					("This app has no name to register under. Set %s to the name under which other apps call it, "
							+ "for example 'orders', or set mesh.registration.enabled=false if no app calls it")
						.formatted(property));
		}
		try {
			return new ServiceName(Names.requireService(value), null);
		}
		catch (InvalidValueException ex) {
			return new ServiceName(value, "The value '%s' of %s cannot be the name of a service, which is %s. Set %s"
				.formatted(text, property, ex.permitted(), INSTANCE_SERVICE));
		}
	}

	/**
	 * Returns the name if other apps can call this app by it.
	 * @return the name, or null if it is not permitted
	 */
	public @Nullable String permitted() {
		return (this.problem == null) ? this.value : null;
	}

}
