package io.redmesh.registry.catalog;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import io.redmesh.core.registry.Cursor;
import io.redmesh.core.traffic.Compatibility;
import io.redmesh.core.traffic.RuleKey;
import io.redmesh.core.traffic.RuleKind;
import io.redmesh.registry.store.StoredRule;
import io.redmesh.registry.store.StoredRules;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class RuleFilesTests {

	private static final RuleKey ORDERS = new RuleKey(RuleKind.VIRTUAL_SERVICE, "orders");

	private static final RuleKey GONE = new RuleKey(RuleKind.DESTINATION_RULE, "gone");

	@TempDir
	private Path parent;

	@Test
	void whatWasKeptIsThereAfterARestart() throws IOException {
		Path directory = this.parent.resolve("a/b");
		RuleSet rules = rules(7, "{\"deep\":[[[[[[[[[[1]]]]]]]]]],\"ü\":\"\\\"€\\n\"}");
		try (RuleFiles files = new RuleFiles(directory)) {
			assertThat(files.namespaces()).isEmpty();
			files.keep("default", rules(6, "{}"));
			files.keep("default", rules);
			files.keep("other", rules(5, "{}"));
		}
		assertThat(Files.getPosixFilePermissions(directory)).isEqualTo(PosixFilePermissions.fromString("rwx------"));
		try (Stream<Path> all = Files.list(directory)) {
			assertThat(all).as("no temporary file stays")
				.extracting((file) -> file.getFileName().toString())
				.containsExactlyInAnyOrder("default.rules.json", "other.rules.json");
		}
		try (RuleFiles files = new RuleFiles(directory)) {
			assertThat(files.namespaces()).containsExactlyInAnyOrder("default", "other");
			RuleSet recalled = files.recall("default");
			assertThat(recalled.stored()).isEqualTo(rules.stored());
			assertThat(recalled.changed()).isEqualTo(rules.changed());
			assertThat(files.recall("default")).as("once").isSameAs(RuleSet.UNKNOWN);
			assertThat(files.recall("absent")).isSameAs(RuleSet.UNKNOWN);
		}
	}

	@Test
	void aNamespaceWithoutRulesHasNoFile() {
		try (RuleFiles files = new RuleFiles(this.parent)) {
			files.keep("default", rules(6, "{}"));
			files.keep("default", new RuleSet(new Cursor("l", 1, 1), StoredRules.NONE));
			files.keep("other", rules(6, "{}"));
			files.forget("other");
		}
		assertThat(this.parent).isEmptyDirectory();
	}

	@Test
	void aFileThatCannotBeReadIsIgnored() throws IOException {
		Files.writeString(this.parent.resolve("a.rules.json"), "{\"format\":1,\"namespace\":\"a\",\"rules\":[{");
		Files.writeString(this.parent.resolve("b.rules.json"),
				"{\"format\":1,\"namespace\":\"b\",\"rules\":[{\"kind\":\"?\"}]}");
		Files.writeString(this.parent.resolve("c.rules.json"), "{\"format\":2,\"namespace\":\"c\"}");
		Files.writeString(this.parent.resolve("d.rules.json"),
				"{\"format\":1,\"namespace\":\"d\",\"rules\":[{\"kind\":\"VirtualService\",\"name\":\"x\",\"time\":\"?\"}]}");
		Files.write(this.parent.resolve("e.rules.json"), new byte[] { 0, (byte) 0xff });
		try (RuleFiles files = new RuleFiles(this.parent)) {
			assertThat(files.namespaces()).isEmpty();
		}
	}

	@Test
	void aDirectoryThatCannotBeWrittenFailsNothing() throws IOException {
		Path file = Files.writeString(this.parent.resolve("file"), "");
		try (RuleFiles files = new RuleFiles(file.resolve("directory"))) {
			files.keep("default", rules(6, "{}"));
			files.keep("other", rules(6, "{}"));
		}
		assertThat(file).isEmptyFile();
	}

	private static RuleSet rules(long generation, String document) {
		StoredRule rule = new StoredRule(ORDERS, generation, Instant.ofEpochSecond(7, 9), "a\"b", Compatibility.LENIENT,
				document);
		return new RuleSet(new Cursor("l", 1, 3), StoredRules.of("o", List.of(rule), Map.of(GONE, 4L)));
	}

}
