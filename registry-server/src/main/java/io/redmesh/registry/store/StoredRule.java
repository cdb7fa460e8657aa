package io.redmesh.registry.store;

import java.time.Instant;

import io.redmesh.core.traffic.Compatibility;
import io.redmesh.core.traffic.RuleKey;

/**
 * A traffic rule as the store holds it.
 *
 * @param key its kind and name
 * @param generation the number of the write that made it: above that of every earlier
 * write of any rule in the namespace
 * @param time the time of that write, on the store's clock
 * @param author the author that the writer has named, not verified; may be empty
 * @param compatibility how the document is to be read
 * @param document the document in JSON, on one line
 */
public record StoredRule(RuleKey key, long generation, Instant time, String author, Compatibility compatibility,
		String document) {

}
