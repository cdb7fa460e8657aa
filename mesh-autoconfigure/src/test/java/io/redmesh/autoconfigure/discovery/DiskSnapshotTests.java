package io.redmesh.autoconfigure.discovery;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.redmesh.autoconfigure.registry.RuleDocument;
import io.redmesh.autoconfigure.registry.RuleDocuments;
import io.redmesh.autoconfigure.registry.WatchEvent;
import io.redmesh.autoconfigure.rule.RuleSources;
import io.redmesh.core.instance.Instance;
import io.redmesh.core.registry.Catalog;
import io.redmesh.core.registry.Cursor;
import io.redmesh.core.time.ManualTime;
import io.redmesh.core.traffic.RuleBook;
import io.redmesh.core.traffic.TestRules;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

@ExtendWith(OutputCaptureExtension.class)
class DiskSnapshotTests {

	private static final List<URI> REGISTRY = List.of(URI.create("http://a:8761"), URI.create("http://b:8761"));

	@TempDir
	Path directory;

	private final ManualTime time = new ManualTime();

	private final Catalog seen = new Catalog();

	private final RuleBook book = new RuleBook(TestRules.client());

	private final RuleBook nextBook = new RuleBook(TestRules.client());

	private final RuleSources rules = new RuleSources(this.book, List.of());

	private final Instance instance = Instance.of("orders", "10.0.0.7:8080", "10.0.0.7", 8080)
		.withLabels(Map.of("version", "2"))
		.withFence(7);

	@Test
	void savedSnapshotIsRemembered() {
		see(1);
		snapshot().save(this.seen, this.rules);
		Catalog next = new Catalog();
		snapshot().load(next, sources());
		assertThat(next.service("orders").instances()).containsExactly(this.instance);
		assertThat(next.cursor()).isNull();
	}

	@Test
	void rulesOfTheRegistryAreRemembered() {
		this.rules.received(rules("7"));
		see(1);
		snapshot().save(this.seen, this.rules);
		RuleSources next = sources();
		snapshot().load(new Catalog(), next);
		assertThat(next.state().source()).isEqualTo("earlier run");
		assertThat(next.state().documents()).isEqualTo(rules("7").rules());
		assertThat(this.nextBook.rules()).isEqualTo(this.book.rules()).hasSize(1);
		assertThat(this.nextBook.revision()).isEqualTo("7");
	}

	@Test
	void rememberedRulesDoNotReplaceThoseOfTheRegistry() {
		this.rules.received(rules("7"));
		snapshot().save(this.seen, this.rules);
		RuleSources next = sources();
		next.received(rules("8"));
		snapshot().load(new Catalog(), next);
		assertThat(this.nextBook.revision()).isEqualTo("8");
	}

	@Test
	void rememberedRulesThatThisVersionCannotReadAreIgnoredWithOneLine(CapturedOutput output) throws Exception {
		this.rules.received(rules("7"));
		see(1);
		snapshot().save(this.seen, this.rules);
		Path file = this.directory.resolve(file("storefront"));
		Files.writeString(file, Files.readString(file).replace("\"hosts\"", "\"teleports\""));
		RuleSources next = sources();
		Catalog catalog = new Catalog();
		snapshot().load(catalog, next);
		assertThat(catalog.services()).isNotEmpty();
		assertThat(next.state().revision()).isNull();
		assertThat(output).containsOnlyOnce("Ignored the traffic rules of an earlier run");
	}

	@Test
	void changeOfARuleIsWritten() {
		Path file = this.directory.resolve(file("storefront"));
		SnapshotKeeper keeper = SnapshotKeeper.start(snapshot(), this.seen, this.rules, this.time);
		this.rules.received(rules("7"));
		assertThat(this.time.pending()).containsExactly(SnapshotKeeper.PACE);
		keeper.close();
		assertThat(file).content().contains("\"revision\":\"7\"", "VirtualService");
	}

	@Test
	void onlyItsOwnerMayReadIt() throws Exception {
		Path inner = this.directory.resolve("redmesh");
		see(1);
		new DiskSnapshot(inner, "default", "storefront", REGISTRY, this.time).save(this.seen, this.rules);
		assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(inner))).isEqualTo("rwx------");
		assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(inner.resolve(file("storefront")))))
			.isEqualTo("rw-------");
		assertThat(inner).isDirectoryNotContaining("glob:**/snapshot*");
	}

	@Test
	void missingFileIsNotLogged(CapturedOutput output) {
		snapshot().load(new Catalog(), sources());
		assertThat(output).doesNotContain("snapshot");
	}

	@Test
	void corruptFileIsIgnoredWithOneLine(CapturedOutput output) throws Exception {
		Files.writeString(this.directory.resolve(file("storefront")), "{\"format\":1,");
		assertIgnored(output);
	}

	@Test
	void fileOfAnotherNamespaceIsIgnoredWithOneLine(CapturedOutput output) throws Exception {
		Files.writeString(this.directory.resolve(file("storefront")),
				"{\"format\":1,\"namespace\":\"other\",\"services\":{}}");
		assertIgnored(output);
	}

	@Test
	void symbolicLinkIsNotFollowed() throws Exception {
		see(1);
		new DiskSnapshot(this.directory, "default", "other", REGISTRY, this.time).save(this.seen, this.rules);
		Files.createSymbolicLink(this.directory.resolve(file("storefront")), this.directory.resolve(file("other")));
		Catalog next = new Catalog();
		snapshot().load(next, sources());
		assertThat(next.services()).isEmpty();
	}

	@Test
	void directoryThatCannotBeWrittenIsLoggedOnce(CapturedOutput output) throws Exception {
		Path file = Files.writeString(this.directory.resolve("file"), "");
		DiskSnapshot snapshot = new DiskSnapshot(file, "default", "storefront", REGISTRY, this.time);
		snapshot.save(this.seen, this.rules);
		snapshot.save(this.seen, this.rules);
		assertThat(output).containsOnlyOnce("mesh.discovery.snapshot-directory");
	}

	@Test
	void burstOfChangesIsWrittenOnceASecondAndAtTheEnd() {
		Path file = this.directory.resolve(file("storefront"));
		SnapshotKeeper keeper = SnapshotKeeper.start(snapshot(), this.seen, this.rules, this.time);
		see(1);
		see(2);
		assertThat(this.time.pending()).containsExactly(SnapshotKeeper.PACE);
		assertThat(file).doesNotExist();
		this.time.forward(Duration.ofSeconds(1));
		await().until(() -> Files.exists(file));
		see(3);
		keeper.close();
		assertThat(file).content().contains("host-3");
	}

	private static WatchEvent.Rules rules(String revision) {
		ObjectNode document = (ObjectNode) JsonMapper.shared()
			.valueToTree(TestRules.documents(TestRules.ordersYaml("- route: [{destination: {host: orders}}]")).get(0));
		return new WatchEvent.Rules(new Cursor("lineage", 1, 1), true, new RuleDocuments(revision,
				List.of(new RuleDocument("VirtualService", "orders", 7, "FRIENDLY", document))));
	}

	private RuleSources sources() {
		return new RuleSources(this.nextBook, List.of());
	}

	private void see(int revision) {
		Instance changed = (revision == 1) ? this.instance : Instance.of("orders", "b", "host-" + revision, 80);
		this.seen.snapshot(new Cursor("lineage", 1, revision), true, Map.of("orders", List.of(changed)));
	}

	private DiskSnapshot snapshot() {
		return new DiskSnapshot(this.directory, "default", "storefront", REGISTRY, this.time);
	}

	private void assertIgnored(CapturedOutput output) {
		Catalog next = new Catalog();
		snapshot().load(next, sources());
		assertThat(next.services()).isEmpty();
		assertThat(output).containsOnlyOnce("Ignored the snapshot");
	}

	@Test
	void snapshotOfOneRegistryIsNotTakenForThatOfAnother() {
		see(1);
		snapshot().save(this.seen, this.rules);
		Catalog other = new Catalog();
		new DiskSnapshot(this.directory, "default", "storefront", List.of(URI.create("http://c:8761")), this.time)
			.load(other, sources());
		assertThat(other.services()).isEmpty();
		new DiskSnapshot(this.directory, "default", "storefront", List.of(REGISTRY.get(1), REGISTRY.get(0)), this.time)
			.load(other, sources());
		assertThat(other.services()).isNotEmpty();
	}

	private static String file(String service) {
		return "default-%s-%08x.json".formatted(service, Set.copyOf(REGISTRY).hashCode());
	}

}
