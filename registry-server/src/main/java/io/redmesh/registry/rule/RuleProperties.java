package io.redmesh.registry.rule;

import io.redmesh.core.traffic.Compatibility;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Reading and limits of traffic rules.
 *
 * @param compatibility How a document is read if the request does not say so: "friendly"
 * as its author most likely meant it, "lenient" without refusing fields that are not
 * supported, "strict" as Istio reads it.
 * @param maxBody Maximum size of the body of a request about one rule.
 * @param maxApplyBody Maximum size of the body of a request about many rules.
 * @param maxRules Maximum number of rules in a namespace.
 * @param maxSize Maximum size of all rules of a namespace together. Each app receives all
 * of them.
 */
@ConfigurationProperties("mesh.server.rules")
public record RuleProperties(@DefaultValue("friendly") Compatibility compatibility,
		@DefaultValue("1MB") DataSize maxBody, @DefaultValue("3MB") DataSize maxApplyBody,
		@DefaultValue("3000") int maxRules, @DefaultValue("8MB") DataSize maxSize) {

	// So that the sum of all generations, which are milliseconds, stays exact in Lua's
	// doubles.
	private static final int MOST_RULES = 4000;

	public RuleProperties {
		if (maxRules < 1 || maxRules > MOST_RULES) {
			throw new IllegalArgumentException(
					"mesh.server.rules.max-rules: %d (expected: 1 to %d)".formatted(maxRules, MOST_RULES));
		}
		requirePositive("max-body", maxBody);
		requirePositive("max-apply-body", maxApplyBody);
		requirePositive("max-size", maxSize);
	}

	private static void requirePositive(String name, DataSize size) {
		if (size.toBytes() < 1 || size.toBytes() > Integer.MAX_VALUE) {
			throw new IllegalArgumentException("mesh.server.rules.%s: %s (expected: 1B to 2GB)".formatted(name, size));
		}
	}

}
