package io.redmesh.autoconfigure;

import io.redmesh.core.instance.InvalidValueException;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.util.StringUtils;

/**
 * A failure analyzer that names the property with a value that is not permitted, and the
 * permitted values.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class InvalidValueFailureAnalyzer extends AbstractFailureAnalyzer<InvalidValueException> {

	@Override
	protected @Nullable FailureAnalysis analyze(Throwable rootFailure, InvalidValueException cause) {
		BindException binding = findCause(rootFailure, BindException.class);
		if (binding == null || !isOurs(binding.getName())) {
			return null;
		}
		String property = binding.getName() + "." + kebab(cause.field());
		return new FailureAnalysis(
				"The property %s has a value that is not permitted: %s".formatted(property, cause.getMessage()),
				"Set %s to %s.".formatted(property, cause.permitted()), cause);
	}

	private static boolean isOurs(ConfigurationPropertyName name) {
		ConfigurationPropertyName mesh = ConfigurationPropertyName.of("mesh");
		return mesh.equals(name) || mesh.isAncestorOf(name);
	}

	private static String kebab(String field) {
		StringBuilder kebab = new StringBuilder();
		for (char c : StringUtils.uncapitalize(field).toCharArray()) {
			kebab.append(Character.isUpperCase(c) ? "-" + Character.toLowerCase(c) : String.valueOf(c));
		}
		return kebab.toString();
	}

}
