package io.redmesh.registry.store;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;

import io.redmesh.core.instance.Instance;
import io.redmesh.core.registry.Cursor;
import io.redmesh.core.traffic.Compatibility;
import io.redmesh.core.traffic.RuleKey;
import io.redmesh.core.traffic.RuleKind;
import io.redmesh.registry.store.RuleResult.Edited;
import io.redmesh.registry.store.RuleResult.Outcome;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import static org.assertj.core.api.Assertions.assertThat;

/** The contract of every {@link RuleStore}. */
public abstract class RuleStoreContract {

	protected static final String NAMESPACE = "default";

	protected static final RuleKey ORDERS = new RuleKey(RuleKind.VIRTUAL_SERVICE, "orders");

	private static final RuleKey STOCK = new RuleKey(RuleKind.DESTINATION_RULE, "stock");

	private static final EvictionRules SWEEP = new EvictionRules(10, Duration.ZERO);

	/** Returns the store under test, which is empty at the beginning of each test. */
	protected abstract RegistryStore store();

	/** Drops all of the store's data, as if it had started anew. */
	protected abstract void loseEverything();

	@Test
	void aNewRuleIsAChangeOfTheNamespace() {
		RuleResult result = put(ORDERS, "{\"a\":1}");
		assertThat(result.conflict()).isFalse();
		Edited edited = result.edits().get(0);
		assertThat(edited.key()).isEqualTo(ORDERS);
		assertThat(edited.outcome()).isEqualTo(Outcome.CREATED);
		assertThat(edited.generation()).isPositive().isEqualTo(result.revision());
		assertThat(result.cursor().revision()).isEqualTo(1);
		assertThat(await(store().namespaces())).contains(NAMESPACE);
		StoredRules rules = rules();
		assertThat(rules.origin()).isEqualTo(result.cursor().lineage());
		assertThat(rules.revision()).isEqualTo(edited.generation());
		StoredRule rule = Objects.requireNonNull(rules.find(ORDERS));
		assertThat(rule.document()).isEqualTo("{\"a\":1}");
		assertThat(rule.author()).isEqualTo("ann");
		assertThat(rule.compatibility()).isEqualTo(Compatibility.FRIENDLY);
		assertThat(rule.generation()).isEqualTo(edited.generation());
		assertThat(rule.time()).isAfter(Instant.EPOCH);
	}

	@Test
	void everythingInARuleIsKept() {
		String document = "{\"q\":\"\\\"\\\\ü€😀\\u0000\\n\",\"compatibility\":\"x\",\"document\":null,\"n\":[1.50,1e3,-0.0,{}]}";
		String author = "a\",\"compatibility\":\"\\b\",\"document\":null}";
		RuleEdit edit = new RuleEdit(ORDERS, null, Compatibility.STRICT, document);
		await(store().rules().write(NAMESPACE, new RuleWrite(author, null, StoredRules.NONE, List.of(edit))));
		StoredRule rule = Objects.requireNonNull(rules().find(ORDERS));
		assertThat(rule.document()).isEqualTo(document);
		assertThat(rule.author()).isEqualTo(author);
		assertThat(rule.compatibility()).isEqualTo(Compatibility.STRICT);
		assertThat(await(store().rules().write(NAMESPACE, new RuleWrite("x", null, StoredRules.NONE, List.of(edit))))
			.edits()
			.get(0)
			.outcome()).isEqualTo(Outcome.UNCHANGED);
		assertThat(history(ORDERS)).containsExactly(RuleVersion.of(rule));
	}

	@Test
	void anotherDocumentIsANewGenerationAndTheSameOneIsNone() {
		long first = put(ORDERS, "{\"a\":1}").revision();
		RuleResult same = put(ORDERS, "{\"a\":1}");
		assertThat(same.edits()).containsExactly(new Edited(ORDERS, Outcome.UNCHANGED, first));
		assertThat(same.revision()).isEqualTo(first);
		assertThat(same.cursor().revision()).isEqualTo(1);
		RuleResult other = put(ORDERS, "{\"a\":2}");
		assertThat(other.edits().get(0).outcome()).isEqualTo(Outcome.UPDATED);
		assertThat(other.revision()).isGreaterThan(first);
		assertThat(other.cursor().revision()).isEqualTo(2);
		RuleEdit strict = new RuleEdit(ORDERS, null, Compatibility.STRICT, "{\"a\":2}");
		assertThat(write(null, strict).edits().get(0).outcome()).as("read in another way").isEqualTo(Outcome.UPDATED);
	}

	@Test
	void aDeletedRuleIsGoneAndItsDeletionIsRemembered() {
		put(ORDERS, "{\"a\":1}");
		RuleResult result = write(null, delete(ORDERS, null));
		assertThat(result.edits().get(0).outcome()).isEqualTo(Outcome.DELETED);
		assertThat(result.cursor().revision()).isEqualTo(2);
		StoredRules rules = rules();
		assertThat(rules.rules()).isEmpty();
		assertThat(rules.deleted()).containsExactly(Map.entry(ORDERS, result.revision()));
		assertThat(rules.revision()).isEqualTo(result.revision());
		RuleResult again = write(null, delete(ORDERS, null));
		assertThat(again.edits()).containsExactly(new Edited(ORDERS, Outcome.UNKNOWN, 0));
		assertThat(again.cursor().revision()).isEqualTo(2);
		put(ORDERS, "{\"a\":1}");
		assertThat(rules().deleted()).isEmpty();
		assertThat(rules().rules()).hasSize(1);
	}

	@Test
	void ofTwoWritersThatHaveSeenTheSameOneGetsAConflict() {
		long seen = put(ORDERS, "{\"a\":1}").revision();
		RuleResult first = write(null, edit(ORDERS, seen, "{\"a\":2}"));
		assertThat(first.conflict()).isFalse();
		RuleResult second = write(null, edit(ORDERS, seen, "{\"a\":3}"));
		assertThat(second.conflict()).isTrue();
		assertThat(second.edits()).containsExactly(new Edited(ORDERS, Outcome.CONFLICT, first.revision()));
		assertThat(second.cursor()).isEqualTo(first.cursor());
		assertThat(document(ORDERS)).isEqualTo("{\"a\":2}");
		assertThat(write(null, delete(ORDERS, seen)).conflict()).isTrue();
		assertThat(write(null, edit(ORDERS, 0L, "{}")).conflict()).as("it exists").isTrue();
		assertThat(write(null, edit(STOCK, 7L, "{}")).edits()).containsExactly(new Edited(STOCK, Outcome.CONFLICT, 0));
		assertThat(write(null, edit(STOCK, 0L, "{}")).conflict()).isFalse();
		assertThat(history(ORDERS)).extracting(RuleVersion::document).containsExactly("{\"a\":2}", "{\"a\":1}");
	}

	@Test
	void writersAtOnceLoseNothing() {
		put(ORDERS, "{\"n\":0}");
		List<RuleResult> results = await(Flux.range(1, 20).flatMap((i) -> {
			long seen = Objects.requireNonNull(rules().find(ORDERS)).generation();
			return store().rules().write(NAMESPACE, one(edit(ORDERS, seen, "{\"n\":" + i + "}")));
		}, 20).collectList());
		long won = results.stream().filter((result) -> !result.conflict()).count();
		assertThat(won).isPositive();
		assertThat(history(ORDERS)).hasSize((int) won + 1);
	}

	@Test
	void allEditsOfAWriteAreMadeOrNone() {
		long seen = put(ORDERS, "{\"a\":1}").revision();
		RuleResult refused = write(null, edit(STOCK, null, "{\"b\":1}"), edit(ORDERS, seen + 1, "{\"a\":2}"));
		assertThat(refused.conflict()).isTrue();
		assertThat(refused.edits()).extracting(Edited::outcome).containsExactly(Outcome.CREATED, Outcome.CONFLICT);
		assertThat(rules().find(STOCK)).isNull();
		RuleResult made = write(null, edit(STOCK, null, "{\"b\":1}"), edit(ORDERS, seen, "{\"a\":2}"));
		assertThat(made.conflict()).isFalse();
		assertThat(made.edits()).extracting(Edited::generation).containsOnly(made.revision());
		assertThat(made.cursor().revision()).isEqualTo(3);
		assertThat(rules().rules().keySet()).containsExactly(ORDERS, STOCK);
	}

	@Test
	void aWriteMayDependOnAllRules() {
		long seen = put(ORDERS, "{\"a\":1}").revision();
		assertThat(write(seen - 1, edit(STOCK, null, "{}")).conflict()).isTrue();
		RuleResult result = write(seen, edit(STOCK, null, "{}"));
		assertThat(result.conflict()).isFalse();
		assertThat(write(seen, edit(STOCK, null, "{\"b\":2}")).conflict()).isTrue();
		RuleResult gone = write(result.revision(), delete(STOCK, null));
		assertThat(gone.conflict()).isFalse();
		assertThat(write(gone.revision(), edit(STOCK, null, "{}")).conflict()).as("a deletion counts").isFalse();
	}

	@Test
	void historyHasTheNewestVersionsOfARuleAndItsDeletion() {
		for (int i = 0; i < 60; i++) {
			put(ORDERS, "{\"n\":" + i + "}");
		}
		write(null, delete(ORDERS, null));
		put(STOCK, "{}");
		List<RuleVersion> history = history(ORDERS);
		assertThat(history).hasSize(RuleStore.MAX_HISTORY);
		assertThat(history.get(0).document()).isNull();
		assertThat(history.get(0).author()).isEqualTo("ann");
		assertThat(history.get(1).document()).isEqualTo("{\"n\":59}");
		assertThat(history.get(49).document()).isEqualTo("{\"n\":11}");
		assertThat(history).extracting(RuleVersion::generation).isSortedAccordingTo((a, b) -> Long.compare(b, a));
		assertThat(history(STOCK)).hasSize(1);
		assertThat(history(new RuleKey(RuleKind.DESTINATION_RULE, "orders"))).isEmpty();
		assertThat(await(store().rules().history("nowhere", ORDERS))).isEmpty();
	}

	@Test
	void historyOfLargeDocumentsIsShort() {
		for (int i = 0; i < 12; i++) {
			put(ORDERS, "{\"n\":\"" + Integer.toString(i % 10).repeat(100_000) + "\"}");
		}
		assertThat(history(ORDERS)).hasSize(5);
	}

	@Test
	void followersGetEachRuleAsAChangeInOrder() throws InterruptedException {
		try (FeedRecorder feed = FeedRecorder.of(store().follow(NAMESPACE))) {
			feed.nextReset();
			RuleResult both = write(null, edit(ORDERS, null, "{\"a\":1}"), edit(STOCK, null, "{\"b\":1}"));
			Cursor last = both.cursor();
			FeedEvent.RuleChanged first = feed.next(FeedEvent.RuleChanged.class);
			assertThat(first.cursor()).isEqualTo(last.at(last.revision() - 1));
			assertThat(first.key()).isEqualTo(ORDERS);
			assertThat(first.origin()).isEqualTo(last.lineage());
			assertThat(first.rule()).isEqualTo(rules().find(ORDERS));
			FeedEvent.RuleChanged second = feed.next(FeedEvent.RuleChanged.class);
			assertThat(second.cursor()).isEqualTo(last);
			assertThat(second.rule()).isEqualTo(rules().find(STOCK));
			RuleResult gone = write(null, delete(ORDERS, null));
			assertThat(feed.next(FeedEvent.RuleChanged.class))
				.isEqualTo(new FeedEvent.RuleChanged(gone.cursor(), last.lineage(), ORDERS, gone.revision(), null));
		}
	}

	@Test
	void rulesAndInstancesShareOneHistory() throws InterruptedException {
		try (FeedRecorder feed = FeedRecorder.of(store().follow(NAMESPACE))) {
			feed.nextReset();
			put(ORDERS, "{\"a\":1}");
			await(store().register(NAMESPACE, Instance.of("orders", "a", "10.0.0.7", 8080), Duration.ofSeconds(15),
					Claim.NONE));
			put(ORDERS, "{\"a\":2}");
			assertThat(feed.next(FeedEvent.RuleChanged.class).cursor().revision()).isEqualTo(1);
			assertThat(feed.nextChange().cursor().revision()).isEqualTo(2);
			assertThat(feed.next(FeedEvent.RuleChanged.class).cursor().revision()).isEqualTo(3);
		}
		FeedEvent.Reset reset = reset();
		assertThat(reset.instances()).hasSize(1);
		assertThat(reset.rules().rules()).hasSize(1);
	}

	@Test
	void digestCoversRules() {
		await(store().register(NAMESPACE, Instance.of("orders", "a", "10.0.0.7", 8080), Duration.ofSeconds(15),
				Claim.NONE));
		put(ORDERS, "{\"a\":1}");
		put(ORDERS, "{\"a\":2}");
		put(STOCK, "{}");
		write(null, delete(STOCK, null));
		Digest digest = Objects.requireNonNull(await(store().evict(NAMESPACE, SWEEP)).digest());
		assertThat(digest.entries()).isEqualTo(2);
		assertThat(digest.cursor()).isEqualTo(reset().cursor());
		Digest instances = digest.without(rules());
		assertThat(instances.entries()).isEqualTo(1);
		assertThat(instances.sum()).isEqualTo(1);
	}

	@Test
	void whatWasLostIsRestoredWithItsGenerations() {
		put(ORDERS, "{\"a\":1}");
		put(STOCK, "{}");
		write(null, delete(STOCK, null));
		StoredRules before = rules();
		loseEverything();
		assertThat(rules()).isEqualTo(StoredRules.NONE);
		assertThat(await(store().rules().restore(NAMESPACE, before))).isEqualTo(new RestoredRules(false, 2));
		assertThat(rules()).isEqualTo(before);
		Cursor cursor = reset().cursor();
		assertThat(await(store().rules().restore(NAMESPACE, before))).as("a second server")
			.isEqualTo(new RestoredRules(false, 0));
		assertThat(reset().cursor()).isEqualTo(cursor);
		assertThat(history(ORDERS)).containsExactly(RuleVersion.of(Objects.requireNonNull(before.find(ORDERS))));
		assertThat(put(ORDERS, "{\"a\":2}").revision()).isGreaterThan(before.revision());
	}

	@Test
	void ofSeveralVersionsTheHighestGenerationIsRestored() {
		put(ORDERS, "{\"a\":1}");
		StoredRules older = rules();
		put(ORDERS, "{\"a\":2}");
		StoredRules newer = rules();
		write(null, delete(ORDERS, null));
		StoredRules deleted = rules();
		for (List<StoredRules> servers : List.of(List.of(older, newer), List.of(newer, older))) {
			loseEverything();
			servers.forEach((server) -> await(store().rules().restore(NAMESPACE, server)));
			assertThat(rules()).isEqualTo(newer);
		}
		for (List<StoredRules> servers : List.of(List.of(older, deleted), List.of(deleted, older))) {
			loseEverything();
			servers.forEach((server) -> await(store().rules().restore(NAMESPACE, server)));
			assertThat(rules()).as("a deletion").isEqualTo(deleted);
		}
	}

	@Test
	void whatWasWrittenAfterALossWinsAndTheRestIsStillRestored() {
		put(ORDERS, "{\"a\":1}");
		put(STOCK, "{\"b\":1}");
		StoredRules before = rules();
		loseEverything();
		RuleWrite write = new RuleWrite("ann", null, before, List.of(edit(ORDERS, null, "{\"a\":2}")));
		await(store().rules().write(NAMESPACE, write));
		assertThat(await(store().rules().restore(NAMESPACE, before))).isEqualTo(new RestoredRules(false, 1));
		assertThat(document(ORDERS)).isEqualTo("{\"a\":2}");
		assertThat(document(STOCK)).isEqualTo("{\"b\":1}");
	}

	@Test
	void generationsExceedThoseThatTheServerKnows() {
		long known = put(STOCK, "{}").revision() + Duration.ofDays(30).toMillis();
		loseEverything();
		StoredRules ahead = StoredRules.of("o", List.of(), Map.of(STOCK, known));
		RuleWrite write = new RuleWrite("ann", null, ahead, List.of(edit(ORDERS, null, "{}")));
		RuleResult result = await(store().rules().write(NAMESPACE, write));
		assertThat(result.revision()).isEqualTo(known + 1);
		assertThat(rules().origin()).isEqualTo("o");
		StoredRules invented = StoredRules.of("o", List.of(), Map.of(STOCK, 900_000_000_000_000L));
		RuleResult other = await(store().rules()
			.write(NAMESPACE, new RuleWrite("ann", null, invented, List.of(edit(ORDERS, null, "{\"a\":1}")))));
		assertThat(other.revision()).isEqualTo(known + 2);
	}

	@Test
	void rulesOfAnotherOriginAreNotRestored() {
		put(ORDERS, "{\"a\":1}");
		StoredRules others = StoredRules.of("other",
				List.of(new StoredRule(STOCK, Long.MAX_VALUE >> 12, Instant.EPOCH, "", Compatibility.FRIENDLY, "{}")),
				Map.of());
		assertThat(await(store().rules().restore(NAMESPACE, others))).isEqualTo(new RestoredRules(true, 0));
		assertThat(rules().rules().keySet()).containsExactly(ORDERS);
	}

	@Test
	void manyRulesAreWrittenAndRestored() {
		List<RuleEdit> edits = IntStream.range(0, RuleStore.MAX_EDITS)
			.mapToObj((i) -> edit(new RuleKey(RuleKind.VIRTUAL_SERVICE, "r" + i), null, "{\"n\":" + i + "}"))
			.toList();
		RuleResult result = write(null, edits.toArray(RuleEdit[]::new));
		assertThat(result.edits()).extracting(Edited::outcome).containsOnly(Outcome.CREATED);
		StoredRules before = rules();
		assertThat(before.rules()).hasSize(RuleStore.MAX_EDITS);
		loseEverything();
		await(store().rules().restore(NAMESPACE, before));
		assertThat(rules()).isEqualTo(before);
	}

	@Test
	void aBackupAddsOnlyWhatIsMissing() {
		put(ORDERS, "{\"a\":1}");
		put(STOCK, "{\"b\":1}");
		List<StoredRule> backup = new ArrayList<>(rules().rules().values());
		put(ORDERS, "{\"a\":2}");
		assertThat(await(store().rules().addMissing(NAMESPACE, StoredRules.NONE, backup))).isZero();
		write(null, delete(STOCK, null));
		assertThat(await(store().rules().addMissing(NAMESPACE, StoredRules.NONE, backup))).as("deleted lately")
			.isZero();
		assertThat(document(ORDERS)).isEqualTo("{\"a\":2}");
		backup.add(backup.get(0));
		assertThat(await(store().rules().addMissing("other", StoredRules.NONE, backup))).isEqualTo(2);
		StoredRules added = reset("other").rules();
		assertThat(added.rules().keySet()).containsExactly(ORDERS, STOCK);
		assertThat(added.find(ORDERS)).isNotNull()
			.returns("{\"a\":1}", StoredRule::document)
			.returns("ann", StoredRule::author);
		assertThat(added.revision()).isGreaterThan(backup.get(1).generation());
		Digest digest = Objects.requireNonNull(await(store().evict("other", SWEEP)).digest());
		assertThat(digest.without(added)).isEqualTo(new Digest(digest.cursor(), 0, 0));
	}

	@Test
	void aNamespaceWithARuleIsNotForgotten() {
		put(ORDERS, "{}");
		assertThat(await(store().forget(NAMESPACE))).isFalse();
		write(null, delete(ORDERS, null));
		assertThat(await(store().forget(NAMESPACE))).as("a deletion can be rolled back").isFalse();
		assertThat(history(ORDERS)).hasSize(2);
	}

	@Test
	void anInstanceReportsWhatItRunsUntilItsLeaseEnds() {
		LeaseKey lease = register("a");
		register("b");
		long revision = reset().cursor().revision();
		assertThat(await(store().rules().report(NAMESPACE, lease, "17")).state()).isEqualTo(LeaseState.HELD);
		assertThat(await(store().rules().report(NAMESPACE, lease, "18")).cursor().revision()).isEqualTo(revision);
		assertThat(await(store().rules().reports(NAMESPACE))).containsExactly(new RuleReport("orders", "a", "18"));
		LeaseKey invented = new LeaseKey("orders", "b", "1-x");
		assertThat(await(store().rules().report(NAMESPACE, invented, "1")).state()).isEqualTo(LeaseState.SUPERSEDED);
		LeaseKey absent = new LeaseKey("orders", "c", "1-x");
		assertThat(await(store().rules().report(NAMESPACE, absent, "1")).state()).isEqualTo(LeaseState.UNKNOWN);
		assertThat(await(store().rules().report("nowhere", lease, "1")).state()).isEqualTo(LeaseState.UNKNOWN);
		assertThat(await(store().rules().reports("nowhere"))).isEmpty();
		await(store().deregister(NAMESPACE, lease));
		assertThat(await(store().rules().reports(NAMESPACE))).isEmpty();
	}

	private LeaseKey register(String id) {
		RegisterResult result = await(store().register(NAMESPACE, Instance.of("orders", id, "10.0.0.7", 8080),
				Duration.ofSeconds(15), Claim.NONE));
		return new LeaseKey("orders", id, Objects.requireNonNull(result.lease()).token());
	}

	protected final RuleResult put(RuleKey key, String document) {
		return write(null, edit(key, null, document));
	}

	private RuleResult write(@Nullable Long revision, RuleEdit... edits) {
		return await(
				store().rules().write(NAMESPACE, new RuleWrite("ann", revision, StoredRules.NONE, List.of(edits))));
	}

	private static RuleWrite one(RuleEdit edit) {
		return new RuleWrite("ann", null, StoredRules.NONE, List.of(edit));
	}

	private static RuleEdit edit(RuleKey key, @Nullable Long expected, String document) {
		return new RuleEdit(key, expected, Compatibility.FRIENDLY, document);
	}

	private static RuleEdit delete(RuleKey key, @Nullable Long expected) {
		return new RuleEdit(key, expected, Compatibility.FRIENDLY, null);
	}

	private String document(RuleKey key) {
		return Objects.requireNonNull(rules().find(key)).document();
	}

	private List<RuleVersion> history(RuleKey key) {
		return await(store().rules().history(NAMESPACE, key));
	}

	protected final StoredRules rules() {
		return reset().rules();
	}

	private FeedEvent.Reset reset() {
		return reset(NAMESPACE);
	}

	private FeedEvent.Reset reset(String namespace) {
		return await(store().follow(namespace).ofType(FeedEvent.Reset.class).next());
	}

	private static <T> T await(Mono<T> result) {
		return Objects.requireNonNull(result.block(Duration.ofSeconds(10)));
	}

}
