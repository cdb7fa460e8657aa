package io.redmesh.registry.store;

import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

import io.redmesh.core.traffic.RuleKey;
import io.redmesh.registry.store.RuleResult.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * All traffic rules of a namespace at one point of its history. Generations of the same
 * origin can be compared: of two versions of a rule the higher generation is the newer
 * one, whichever epoch it comes from.
 *
 * @param origin the registry in which the first rule was written, or empty if none ever
 * was
 * @param rules the rules by key, ordered by kind and name
 * @param deleted the generation of the deletion of each rule that was deleted lately
 */
public record StoredRules(String origin, SortedMap<RuleKey, StoredRule> rules, Map<RuleKey, Long> deleted) {

	/** The rules of a namespace in which none was ever written. */
	public static final StoredRules NONE = new StoredRules("", Collections.emptySortedMap(), Map.of());

	public StoredRules {
		rules = Collections.unmodifiableSortedMap(rules);
		deleted = Map.copyOf(deleted);
	}

	/**
	 * Creates the rules of a namespace.
	 * @param origin the registry in which the first rule was written
	 * @param rules the rules
	 * @param deleted the generation of each deletion
	 * @return the rules
	 */
	public static StoredRules of(String origin, Collection<StoredRule> rules, Map<RuleKey, Long> deleted) {
		TreeMap<RuleKey, StoredRule> byKey = new TreeMap<>();
		rules.forEach((rule) -> byKey.put(rule.key(), rule));
		return new StoredRules(origin, byKey, deleted);
	}

	/**
	 * Returns a rule.
	 * @param key its kind and name
	 * @return the rule, or null if there is none
	 */
	public @Nullable StoredRule find(RuleKey key) {
		return this.rules.get(key);
	}

	/**
	 * Returns the generation of the last write of a rule.
	 * @param key its kind and name
	 * @return the generation, also that of a deletion; 0 if no write is known
	 */
	public long generation(RuleKey key) {
		StoredRule rule = find(key);
		return (rule != null) ? rule.generation() : this.deleted.getOrDefault(key, 0L);
	}

	/**
	 * Returns the highest generation of these rules and those of a backup.
	 * @param backup the rules of the backup
	 * @return the generation, or 0 if there is none
	 */
	public long revisionWith(List<StoredRule> backup) {
		return backup.stream().mapToLong(StoredRule::generation).reduce(revision(), Math::max);
	}

	/**
	 * Returns the highest generation, which is the revision of the rules as a whole.
	 * @return the generation, or 0 if no write is known
	 */
	public long revision() {
		long highest = 0;
		for (StoredRule rule : this.rules.values()) {
			highest = Math.max(highest, rule.generation());
		}
		for (long generation : this.deleted.values()) {
			highest = Math.max(highest, generation);
		}
		return highest;
	}

	/**
	 * Returns what an edit of these rules would do.
	 * @param edit the edit
	 * @return its outcome
	 */
	public Outcome outcomeOf(RuleEdit edit) {
		StoredRule current = find(edit.key());
		if (edit.expected() != null && edit.expected() != ((current != null) ? current.generation() : 0)) {
			return Outcome.CONFLICT;
		}
		if (edit.document() == null) {
			return (current != null) ? Outcome.DELETED : Outcome.UNKNOWN;
		}
		if (current == null) {
			return Outcome.CREATED;
		}
		boolean same = current.document().equals(edit.document()) && current.compatibility() == edit.compatibility();
		return same ? Outcome.UNCHANGED : Outcome.UPDATED;
	}

	/**
	 * Returns these rules after a write.
	 * @param origin the registry in which the first rule was written
	 * @param rule the rule that was written
	 * @return the rules with it
	 */
	public StoredRules with(String origin, StoredRule rule) {
		SortedMap<RuleKey, StoredRule> next = copy();
		next.put(rule.key(), rule);
		Map<RuleKey, Long> gone = new HashMap<>(this.deleted);
		gone.remove(rule.key());
		return new StoredRules(origin, next, gone);
	}

	/**
	 * Returns these rules after a deletion.
	 * @param origin the registry in which the first rule was written
	 * @param key the rule that was deleted
	 * @param generation the generation of the deletion
	 * @return the rules without it
	 */
	public StoredRules without(String origin, RuleKey key, long generation) {
		SortedMap<RuleKey, StoredRule> next = copy();
		next.remove(key);
		Map<RuleKey, Long> gone = new HashMap<>(this.deleted);
		gone.put(key, generation);
		return new StoredRules(origin, next, gone);
	}

	private SortedMap<RuleKey, StoredRule> copy() {
		return new TreeMap<>(this.rules);
	}

	/**
	 * Returns the rules and deletions that are newer here than in other rules.
	 * @param other the other rules
	 * @return what the other rules lack, or hold in an older version
	 */
	public StoredRules newerThan(StoredRules other) {
		Map<RuleKey, Long> gone = new HashMap<>(this.deleted);
		gone.entrySet().removeIf((entry) -> entry.getValue() <= other.generation(entry.getKey()));
		return of(this.origin,
				this.rules.values()
					.stream()
					.filter((rule) -> rule.generation() > other.generation(rule.key()))
					.toList(),
				gone);
	}

	/**
	 * Returns these rules with newer versions of some of them.
	 * @param newer the rules and deletions that replace those here
	 * @return all together
	 */
	public StoredRules mergedWith(StoredRules newer) {
		SortedMap<RuleKey, StoredRule> next = copy();
		next.keySet().removeAll(newer.deleted.keySet());
		next.putAll(newer.rules);
		Map<RuleKey, Long> gone = new HashMap<>(this.deleted);
		gone.keySet().removeAll(newer.rules.keySet());
		gone.putAll(newer.deleted);
		return new StoredRules(newer.origin, next, gone);
	}

	/**
	 * Returns whether there is neither a rule nor a deletion.
	 * @return whether nothing is kept
	 */
	public boolean isEmpty() {
		return this.rules.isEmpty() && this.deleted.isEmpty();
	}

}
