package io.redmesh.registry.store;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * A write of traffic rules. All of its edits are made, or none.
 *
 * @param author the author that the writer names; may be empty
 * @param expected the revision of all rules that the writer has seen, or null for any
 * @param known the rules that the server knows. If the store has lost its rules, it keeps
 * their origin and exceeds their generations, so that they can still be restored
 * @param edits the edits, of different rules
 */
public record RuleWrite(String author, @Nullable Long expected, StoredRules known, List<RuleEdit> edits) {

}
