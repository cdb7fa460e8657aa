package io.redmesh.registry.store.memory;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.redmesh.core.time.Time;
import io.redmesh.core.traffic.RuleKey;
import io.redmesh.registry.store.Digest;
import io.redmesh.registry.store.RestoredRules;
import io.redmesh.registry.store.RuleEdit;
import io.redmesh.registry.store.RuleResult;
import io.redmesh.registry.store.RuleResult.Edited;
import io.redmesh.registry.store.RuleResult.Outcome;
import io.redmesh.registry.store.RuleStore;
import io.redmesh.registry.store.RuleVersion;
import io.redmesh.registry.store.RuleWrite;
import io.redmesh.registry.store.StoredRule;
import io.redmesh.registry.store.StoredRules;

/**
 * The traffic rules of a namespace, with their history. Each method is one transition.
 * Confined to its namespace's monitor.
 */
final class MemoryRules {

	private static final Duration KEEP_DELETED = Duration.ofDays(30);

	private static final Duration DELETED_LATELY = Duration.ofMinutes(10);

	private static final int MAX_HISTORY_LENGTH = 512 * 1024;

	private final NamespaceState state;

	private final Fences fences;

	private final Time time;

	private final Map<RuleKey, List<RuleVersion>> history = new HashMap<>();

	private StoredRules rules = StoredRules.NONE;

	private long highest;

	MemoryRules(NamespaceState state, Fences fences, Time time) {
		this.state = state;
		this.fences = fences;
		this.time = time;
	}

	StoredRules all() {
		return this.rules;
	}

	boolean isEmpty() {
		dropLongDeleted();
		return this.rules.isEmpty();
	}

	/** Returns whether a rule was ever written. */
	boolean areInUse() {
		return this.highest > 0;
	}

	/** Adds the rules to the digest of the instances. */
	Digest addTo(Digest instances) {
		long generations = this.rules.rules().values().stream().mapToLong(StoredRule::generation).sum();
		return new Digest(instances.cursor(), instances.entries() + this.rules.rules().size(),
				instances.sum() + generations);
	}

	List<RuleVersion> history(RuleKey key) {
		return List.copyOf(this.history.getOrDefault(key, List.of()));
	}

	RuleResult write(RuleWrite write) {
		long next = following(write.known().revision());
		List<Edited> edits = write.edits().stream().map((edit) -> decide(edit, next)).toList();
		boolean conflict = (write.expected() != null && write.expected() != this.highest)
				|| edits.stream().anyMatch((edited) -> edited.outcome() == Outcome.CONFLICT);
		for (int i = 0; !conflict && i < edits.size(); i++) {
			if (edits.get(i).outcome().isChange()) {
				RuleEdit edit = write.edits().get(i);
				put(origin(write.known()), edit.key(),
						new RuleVersion(next, this.time.now(), write.author(), edit.compatibility(), edit.document()));
			}
		}
		dropLongDeleted();
		return new RuleResult(conflict, edits, this.highest, this.state.cursor());
	}

	private Edited decide(RuleEdit edit, long next) {
		Outcome outcome = this.rules.outcomeOf(edit);
		StoredRule current = this.rules.find(edit.key());
		long unchanged = (current != null) ? current.generation() : 0;
		return new Edited(edit.key(), outcome, outcome.isChange() ? next : unchanged);
	}

	RestoredRules restore(StoredRules remembered) {
		if (!this.rules.origin().isEmpty() && !this.rules.origin().equals(remembered.origin())) {
			return new RestoredRules(true, 0);
		}
		StoredRules missing = remembered.newerThan(this.rules);
		missing.rules().values().forEach((rule) -> put(remembered.origin(), rule.key(), RuleVersion.of(rule)));
		missing.deleted().forEach((key, generation) -> put(remembered.origin(), key, RuleVersion.deletion(generation)));
		return new RestoredRules(false, missing.rules().size() + missing.deleted().size());
	}

	int addMissing(StoredRules known, List<StoredRule> backup) {
		long next = following(known.revisionWith(backup));
		int loaded = 0;
		for (StoredRule rule : backup) {
			boolean lately = this.rules.deleted().getOrDefault(rule.key(), 0L) > now() - DELETED_LATELY.toMillis();
			if (this.rules.find(rule.key()) == null && !lately) {
				put(origin(known), rule.key(),
						new RuleVersion(next, this.time.now(), rule.author(), rule.compatibility(), rule.document()));
				loaded++;
			}
		}
		return loaded;
	}

	private void put(String origin, RuleKey key, RuleVersion version) {
		this.highest = Math.max(this.highest, version.generation());
		remember(key, version);
		this.rules = this.state.changeRule(origin, key, version).appliedTo(this.rules);
	}

	private void remember(RuleKey key, RuleVersion version) {
		List<RuleVersion> versions = new ArrayList<>();
		versions.add(version);
		int length = lengthOf(version);
		for (RuleVersion earlier : this.history.getOrDefault(key, List.of())) {
			length += lengthOf(earlier);
			if (versions.size() == RuleStore.MAX_HISTORY || length > MAX_HISTORY_LENGTH) {
				break;
			}
			versions.add(earlier);
		}
		this.history.put(key, versions);
	}

	private static int lengthOf(RuleVersion version) {
		return (version.document() != null) ? version.document().length() : 0;
	}

	/** Drops what is known of rules that were deleted long ago. */
	private void dropLongDeleted() {
		long oldest = now() - KEEP_DELETED.toMillis();
		if (this.rules.deleted().values().stream().anyMatch((generation) -> generation <= oldest)) {
			Map<RuleKey, Long> deleted = new HashMap<>(this.rules.deleted());
			deleted.values().removeIf((generation) -> generation <= oldest);
			this.rules = new StoredRules(this.rules.origin(), this.rules.rules(), deleted);
			this.history.keySet().removeIf((key) -> this.rules.generation(key) == 0);
		}
	}

	/** Returns the next generation, above all that are known. */
	private long following(long shown) {
		return Math.max(now(), Math.max(this.highest, this.fences.credible(shown)) + 1);
	}

	/** Returns the origin. A server may write before it has put back what was lost. */
	private String origin(StoredRules known) {
		String kept = this.rules.origin().isEmpty() ? known.origin() : this.rules.origin();
		return kept.isEmpty() ? this.state.cursor().lineage() : kept;
	}

	private long now() {
		return this.time.now().toEpochMilli();
	}

}
