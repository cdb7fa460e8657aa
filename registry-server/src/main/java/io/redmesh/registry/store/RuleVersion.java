package io.redmesh.registry.store;

import java.time.Instant;

import io.redmesh.core.traffic.Compatibility;
import io.redmesh.core.traffic.RuleKey;
import org.jspecify.annotations.Nullable;

/**
 * A version in the history of a rule.
 *
 * @param generation the number of the write that made it
 * @param time the time of that write
 * @param author the author that the writer has named, not verified; may be empty
 * @param compatibility how the document is to be read
 * @param document the document in JSON, or null if that write deleted the rule
 */
public record RuleVersion(long generation, Instant time, String author, Compatibility compatibility,
		@Nullable String document) {

	/**
	 * Returns the version of a rule that is in force.
	 * @param rule the rule
	 * @return its version
	 */
	public static RuleVersion of(StoredRule rule) {
		return new RuleVersion(rule.generation(), rule.time(), rule.author(), rule.compatibility(), rule.document());
	}

	/**
	 * Returns a deletion of which only the generation is known. A generation is a time,
	 * too.
	 * @param generation its generation
	 * @return the version without an author
	 */
	public static RuleVersion deletion(long generation) {
		return new RuleVersion(generation, Instant.ofEpochMilli(generation), "", Compatibility.FRIENDLY, null);
	}

	/**
	 * Returns the rule that this version is.
	 * @param key its kind and name
	 * @return the rule, or null if this version deleted it
	 */
	public @Nullable StoredRule toRule(RuleKey key) {
		return (this.document != null)
				? new StoredRule(key, this.generation, this.time, this.author, this.compatibility, this.document)
				: null;
	}

}
