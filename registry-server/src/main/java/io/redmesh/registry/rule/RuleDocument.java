package io.redmesh.registry.rule;

import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * The document of a rule as it was sent.
 *
 * @param tree the document as a tree of maps, lists, strings, numbers, booleans and nulls
 * @param lines the lines of its places in the body
 */
record RuleDocument(Map<String, @Nullable Object> tree, DocumentLines lines) {

	/**
	 * Returns the rule that it claims to be.
	 * @return kind and name, as far as it has them
	 */
	String title() {
		Object name = (this.tree.get("metadata") instanceof Map<?, ?> metadata) ? metadata.get("name") : null;
		return word(this.tree.get("kind")) + "/" + word(name);
	}

	private static String word(@Nullable Object value) {
		String text = (value instanceof String word) ? word : "?";
		return (text.length() <= 253) ? text : text.substring(0, 250) + "...";
	}

}
