package io.redmesh.registry.store;

import java.util.List;

import io.redmesh.core.traffic.RuleKey;
import reactor.core.publisher.Mono;

/**
 * The traffic rules of all namespaces, a part of the {@link RegistryStore}. A write is a
 * visible change: it increments the namespace's revision and enters its feed. A rule has
 * no heartbeat that could bring it back, so servers restore it from their copies. Then
 * the highest generation wins.
 * <p>
 * Safe for use by many threads.
 */
public interface RuleStore {

	/** The maximum number of versions that are kept of a rule. */
	int MAX_HISTORY = 50;

	/** The maximum number of edits in one transition. */
	int MAX_EDITS = 1000;

	/**
	 * Writes rules in one transition: all edits, or none.
	 * @param namespace the namespace, created if it does not exist
	 * @param write the edits, 1 to {@value #MAX_EDITS}
	 * @return the outcome of each edit
	 */
	Mono<RuleResult> write(String namespace, RuleWrite write);

	/**
	 * Returns the history of a rule.
	 * @param namespace the namespace
	 * @param key the rule
	 * @return its versions, the newest first, also of a rule that was deleted lately
	 */
	Mono<List<RuleVersion>> history(String namespace, RuleKey key);

	/**
	 * Notes the revision of the rules that an instance runs. The note leaves with the
	 * lease, and is no visible change.
	 * @param namespace the namespace
	 * @param lease the lease of the instance
	 * @param revision the revision that it reports
	 * @return {@link LeaseState#HELD} if it is noted now
	 */
	Mono<WriteResult> report(String namespace, LeaseKey lease, String revision);

	/**
	 * Returns the revisions that instances run.
	 * @param namespace the namespace
	 * @return the last report of each instance that has made one
	 */
	Mono<List<RuleReport>> reports(String namespace);

	/**
	 * Restores rules and deletions that the store has lost, with the generations that
	 * they had. A rule of which the store knows a write of the same or a higher
	 * generation stays as it is.
	 * @param namespace the namespace, created if it does not exist
	 * @param remembered the rules and deletions
	 * @return the number of those that this call restored
	 */
	Mono<RestoredRules> restore(String namespace, StoredRules remembered);

	/**
	 * Adds the rules of a backup that the namespace lacks. They get a new generation,
	 * above that of any rule in the backup. A rule is not added if there is one, or if it
	 * was deleted within ten minutes.
	 * @param namespace the namespace, created if it does not exist
	 * @param known the rules that the server knows, as in a {@link RuleWrite}
	 * @param rules the rules, at most {@link RegistryStore#MAX_LOADED}
	 * @return the number of rules that this call added
	 */
	Mono<Integer> addMissing(String namespace, StoredRules known, List<StoredRule> rules);

}
