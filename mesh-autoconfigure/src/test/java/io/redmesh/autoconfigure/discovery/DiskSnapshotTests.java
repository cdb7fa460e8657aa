package io.redmesh.autoconfigure.discovery;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.redmesh.core.instance.Instance;
import io.redmesh.core.registry.Catalog;
import io.redmesh.core.registry.Cursor;
import io.redmesh.core.time.ManualTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

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

	private final Instance instance = Instance.of("orders", "10.0.0.7:8080", "10.0.0.7", 8080)
		.withLabels(Map.of("version", "2"))
		.withFence(7);

	@Test
	void savedSnapshotIsRemembered() {
		see(1);
		snapshot().save(this.seen);
		Catalog next = new Catalog();
		snapshot().load(next);
		assertThat(next.service("orders").instances()).containsExactly(this.instance);
		assertThat(next.cursor()).isNull();
	}

	@Test
	void onlyItsOwnerMayReadIt() throws Exception {
		Path inner = this.directory.resolve("redmesh");
		see(1);
		new DiskSnapshot(inner, "default", "storefront", REGISTRY, this.time).save(this.seen);
		assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(inner))).isEqualTo("rwx------");
		assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(inner.resolve(file("storefront")))))
			.isEqualTo("rw-------");
		assertThat(inner).isDirectoryNotContaining("glob:**/snapshot*");
	}

	@Test
	void missingFileIsNotLogged(CapturedOutput output) {
		snapshot().load(new Catalog());
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
		new DiskSnapshot(this.directory, "default", "other", REGISTRY, this.time).save(this.seen);
		Files.createSymbolicLink(this.directory.resolve(file("storefront")), this.directory.resolve(file("other")));
		Catalog next = new Catalog();
		snapshot().load(next);
		assertThat(next.services()).isEmpty();
	}

	@Test
	void directoryThatCannotBeWrittenIsLoggedOnce(CapturedOutput output) throws Exception {
		Path file = Files.writeString(this.directory.resolve("file"), "");
		DiskSnapshot snapshot = new DiskSnapshot(file, "default", "storefront", REGISTRY, this.time);
		snapshot.save(this.seen);
		snapshot.save(this.seen);
		assertThat(output).containsOnlyOnce("mesh.discovery.snapshot-directory");
	}

	@Test
	void burstOfChangesIsWrittenOnceASecondAndAtTheEnd() {
		Path file = this.directory.resolve(file("storefront"));
		SnapshotKeeper keeper = SnapshotKeeper.start(snapshot(), this.seen, this.time);
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

	private void see(int revision) {
		Instance changed = (revision == 1) ? this.instance : Instance.of("orders", "b", "host-" + revision, 80);
		this.seen.snapshot(new Cursor("lineage", 1, revision), true, Map.of("orders", List.of(changed)));
	}

	private DiskSnapshot snapshot() {
		return new DiskSnapshot(this.directory, "default", "storefront", REGISTRY, this.time);
	}

	private void assertIgnored(CapturedOutput output) {
		Catalog next = new Catalog();
		snapshot().load(next);
		assertThat(next.services()).isEmpty();
		assertThat(output).containsOnlyOnce("Ignored the snapshot");
	}

	@Test
	void snapshotOfOneRegistryIsNotTakenForThatOfAnother() {
		see(1);
		snapshot().save(this.seen);
		Catalog other = new Catalog();
		new DiskSnapshot(this.directory, "default", "storefront", List.of(URI.create("http://c:8761")), this.time)
			.load(other);
		assertThat(other.services()).isEmpty();
		new DiskSnapshot(this.directory, "default", "storefront", List.of(REGISTRY.get(1), REGISTRY.get(0)), this.time)
			.load(other);
		assertThat(other.services()).isNotEmpty();
	}

	private static String file(String service) {
		return "default-%s-%08x.json".formatted(service, Set.copyOf(REGISTRY).hashCode());
	}

}
