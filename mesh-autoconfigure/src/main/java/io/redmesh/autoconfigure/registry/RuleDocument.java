package io.redmesh.autoconfigure.registry;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * A traffic rule as the registry sends it, before it is read.
 *
 * @param kind its kind, which a later version of the registry may have added
 * @param name its name
 * @param generation the number of the write that made it; a later write has a higher one
 * @param compatibility the treatment of the document that the registry chose
 * @param document the document; null for a rule that was deleted
 */
public record RuleDocument(String kind, String name, long generation, String compatibility,
		@Nullable ObjectNode document) {

	/**
	 * Returns the key of the rule.
	 * @return for example {@code VirtualService/orders}
	 */
	public String key() {
		return this.kind + "/" + this.name;
	}

}
