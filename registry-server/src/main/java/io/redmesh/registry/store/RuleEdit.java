package io.redmesh.registry.store;

import io.redmesh.core.traffic.Compatibility;
import io.redmesh.core.traffic.RuleKey;
import org.jspecify.annotations.Nullable;

/**
 * An edit of one traffic rule.
 *
 * @param key the rule
 * @param expected the generation that the writer has seen, 0 if the rule must not exist,
 * or null for any
 * @param compatibility how the document is to be read
 * @param document the new document in JSON, on one line; null deletes the rule
 */
public record RuleEdit(RuleKey key, @Nullable Long expected, Compatibility compatibility, @Nullable String document) {

}
