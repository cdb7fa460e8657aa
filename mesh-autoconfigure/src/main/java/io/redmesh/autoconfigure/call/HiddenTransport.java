package io.redmesh.autoconfigure.call;

import java.lang.reflect.Field;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.util.ReflectionUtils;

/**
 * The transport of a client builder, which Spring's builders accept but do not expose.
 * The mesh wraps what the app has set there.
 */
public final class HiddenTransport {

	private static final Logger logger = LoggerFactory.getLogger(HiddenTransport.class);

	private HiddenTransport() {
	}

	/**
	 * Reads the transport of a builder.
	 * @param <T> the type of the transport
	 * @param builder the builder
	 * @param field the name of the field that holds it
	 * @param type the type of the transport
	 * @return the transport; null if none is set, or it cannot be read, which is logged
	 */
	public static <T> @Nullable T of(Object builder, String field, Class<T> type) {
		Field hidden = ReflectionUtils.findField(builder.getClass(), field);
		try {
			if (hidden != null) {
				ReflectionUtils.makeAccessible(hidden);
				return type.cast(ReflectionUtils.getField(hidden, builder));
			}
		}
		catch (RuntimeException ex) {
			logger.debug("Cannot read field '{}' of {}", field, builder.getClass(), ex);
		}
		logger.warn("Cannot read the transport of a {}: if the app has set one, the mesh replaces it",
				builder.getClass().getName());
		return null;
	}

	/** The fields that a native image must keep readable. */
	static final class Hints implements RuntimeHintsRegistrar {

		@Override
		public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
			hints.reflection()
				.registerTypeIfPresent(classLoader, "org.springframework.web.client.DefaultRestClientBuilder",
						(type) -> type.withField("requestFactory"))
				.registerTypeIfPresent(classLoader,
						"org.springframework.web.reactive.function.client.DefaultWebClientBuilder",
						(type) -> type.withField("connector"));
		}

	}

}
