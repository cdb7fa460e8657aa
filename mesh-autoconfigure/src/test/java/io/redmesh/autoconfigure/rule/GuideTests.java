package io.redmesh.autoconfigure.rule;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

import io.redmesh.core.traffic.Compatibility;
import io.redmesh.core.traffic.Severity;
import io.redmesh.core.traffic.document.Reading;
import io.redmesh.core.traffic.document.RuleReader;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests of the documents in the guide to traffic rules. */
class GuideTests {

	private static final Path GUIDE = Path.of("..", "docs", "guides", "traffic-rules.md");

	private static final Pattern DOCUMENT = Pattern.compile("(?s)```yaml\n(.*?)```");

	@Test
	void everyDocumentIsReadWithoutARemark() throws Exception {
		List<String> documents = documents();
		assertThat(documents).hasSize(4);
		for (String document : documents) {
			for (Compatibility compatibility : Compatibility.values()) {
				for (Map<String, ?> tree : RuleYaml.parse(document)) {
					Reading reading = new RuleReader(compatibility).read(tree);
					assertThat(reading.rule()).as("%s: %s", document, reading.findings()).isNotNull();
					assertThat(reading.findings()).as(document)
						.noneMatch((finding) -> finding.severity() != Severity.INFO);
				}
			}
		}
	}

	private static List<String> documents() throws IOException {
		return DOCUMENT.matcher(Files.readString(GUIDE)).results().map((match) -> match.group(1)).toList();
	}

}
