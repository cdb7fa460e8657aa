package io.redmesh.registry.catalog;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import io.redmesh.core.registry.Cursor;
import io.redmesh.core.traffic.Compatibility;
import io.redmesh.core.traffic.RuleKey;
import io.redmesh.core.traffic.RuleKind;
import io.redmesh.registry.store.FeedEvent;
import io.redmesh.registry.store.StoredRule;
import io.redmesh.registry.store.StoredRules;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class RuleTableTests {

	private static final Cursor START = new Cursor("l", 1, 10);

	private static final Cursor NEXT_EPOCH = new Cursor("l", 2, 0);

	private static final RuleKey A = key("a");

	private static final RuleKey B = key("b");

	private final RuleTable table = new RuleTable(RuleSet.UNKNOWN);

	@Test
	void withinAnEpochTheStoreIsRight() {
		assertThat(reset(START, rules("l", rule(A, 5), rule(B, 6))).isEmpty()).isTrue();
		assertThat(reset(START.at(12), rules("l", rule(A, 4))).isEmpty()).isTrue();
		assertThat(generations()).containsExactly(Map.entry(A, 4L));
		assertThat(this.table.current().changed()).isEqualTo(START.at(12));
		assertThat(this.table.isRestoring()).isFalse();
	}

	@Test
	void whatANewEpochLacksStaysAndIsToBeRestored() {
		reset(START, rules("l", rule(A, 5), rule(B, 6)));
		this.table.change(new FeedEvent.RuleChanged(START.at(11), "l", key("gone"), 7, null));
		StoredRules lost = reset(NEXT_EPOCH, rules("l", rule(B, 6), rule(key("c"), 8)));
		assertThat(lost.rules().keySet()).containsExactly(A);
		assertThat(lost.deleted()).containsExactly(Map.entry(key("gone"), 7L));
		assertThat(generations()).containsOnly(Map.entry(A, 5L), Map.entry(B, 6L), Map.entry(key("c"), 8L));
		assertThat(this.table.current().revision()).isEqualTo(8);
		assertThat(this.table.isRestoring()).isTrue();
	}

	@Test
	void whatIsStillToBeRestoredStaysWhenTheEpochIsReadAgain() {
		reset(START, rules("l", rule(A, 5)));
		reset(NEXT_EPOCH, StoredRules.NONE);
		StoredRules lost = reset(NEXT_EPOCH.at(3), StoredRules.NONE);
		assertThat(lost.rules().keySet()).containsExactly(A);
		assertThat(generations()).containsExactly(Map.entry(A, 5L));
		this.table.restored(rules("l", rule(B, 1)));
		assertThat(this.table.isRestoring()).as("what was restored had been lost before").isTrue();
		this.table.restored(lost);
		assertThat(this.table.isRestoring()).isFalse();
		assertThat(reset(NEXT_EPOCH.at(4), rules("l", rule(B, 9))).isEmpty()).isTrue();
		assertThat(generations()).containsExactly(Map.entry(B, 9L));
	}

	@Test
	void aNewerVersionOrDeletionInANewEpochWins() {
		reset(START, rules("l", rule(A, 5), rule(B, 6)));
		StoredRules lost = reset(NEXT_EPOCH, StoredRules.of("l", List.of(rule(A, 8)), Map.of(B, 7L)));
		assertThat(lost.isEmpty()).isTrue();
		assertThat(generations()).containsExactly(Map.entry(A, 8L));
	}

	@Test
	void anEmptyRegistryOfAnotherLineageGetsTheRulesAndOneWithRulesOfItsOwnDoesNot() {
		reset(START, rules("l", rule(A, 5)));
		Cursor other = new Cursor("m", 9, 0);
		assertThat(reset(other, StoredRules.NONE).rules().keySet()).containsExactly(A);
		assertThat(reset(other.at(1), rules("m", rule(B, 1))).isEmpty()).isTrue();
		assertThat(generations()).containsExactly(Map.entry(B, 1L));
	}

	@Test
	void whatWasKeptOnDiskCountsLikeAnEarlierEpoch() {
		RuleTable started = new RuleTable(new RuleSet(START, rules("l", rule(A, 5))));
		assertThat(started.reset(event(START.at(99), rules("l", rule(B, 6)))).isEmpty()).as("the same epoch").isTrue();
		RuleTable later = new RuleTable(new RuleSet(START, rules("l", rule(A, 5))));
		assertThat(later.reset(event(NEXT_EPOCH, rules("l", rule(B, 6)))).rules().keySet()).containsExactly(A);
	}

	private StoredRules reset(Cursor cursor, StoredRules rules) {
		return this.table.reset(event(cursor, rules));
	}

	private static FeedEvent.Reset event(Cursor cursor, StoredRules rules) {
		return new FeedEvent.Reset(cursor, List.of(), rules, Duration.ZERO, Duration.ofHours(1));
	}

	private Map<RuleKey, Long> generations() {
		StoredRules stored = this.table.current().stored();
		return stored.rules().keySet().stream().collect(Collectors.toMap((key) -> key, stored::generation));
	}

	private static StoredRules rules(String origin, StoredRule... rules) {
		return StoredRules.of(origin, List.of(rules), Map.of());
	}

	private static StoredRule rule(RuleKey key, long generation) {
		return new StoredRule(key, generation, Instant.EPOCH, "", Compatibility.FRIENDLY, "{}");
	}

	private static RuleKey key(String name) {
		return new RuleKey(RuleKind.VIRTUAL_SERVICE, name);
	}

}
