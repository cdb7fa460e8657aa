package io.redmesh.autoconfigure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Holds the pages for users against code that compiles, and their links against the tree.
 */
class DocumentationTests {

	private static final Path ROOT = Path.of("..");

	private static final Pattern JAVA = Pattern.compile("(?s)```java\n(.*?)```");

	private static final Pattern METER = Pattern.compile("(mesh_[a-z_]+)\\{");

	private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:]+)(#[^)]*)?\\)");

	static List<Path> pages() throws IOException {
		try (Stream<Path> pages = Files.list(ROOT.resolve("docs"))) {
			return Stream
				.concat(Stream.of("README.md", "CHANGELOG.md", "CONTRIBUTING.md").map(ROOT::resolve),
						pages.filter((page) -> page.toString().endsWith(".md")))
				.toList();
		}
	}

	@ParameterizedTest
	@MethodSource("pages")
	void everySnippetStandsInTheDemo(Path page) throws IOException {
		List<String> demo = demo();
		assertThat(JAVA.matcher(Files.readString(page)).results().map((match) -> normalized(match.group(1))))
			.allSatisfy((snippet) -> assertThat(demo).anySatisfy((source) -> assertThat(source).contains(snippet)));
	}

	@ParameterizedTest
	@MethodSource("pages")
	void everyLinkLeadsSomewhere(Path page) throws IOException {
		Path folder = page.getParent();
		assertThat(LINK.matcher(Files.readString(page)).results().map((MatchResult match) -> match.group(1)))
			.allSatisfy((link) -> assertThat(folder.resolve(link)).exists());
	}

	@Test
	void dashboardShowsMetersThatAreDocumented() throws IOException {
		String documented = Files.readString(ROOT.resolve("docs/actuator.md")).replace('.', '_').replace('-', '_');
		List<String> shown = METER
			.matcher(JsonMapper.shared().readTree(ROOT.resolve("docs/grafana/redmesh-app.json").toFile()).toString())
			.results()
			.map((match) -> match.group(1).replaceAll("_(seconds|total|seconds_count)$", ""))
			.distinct()
			.toList();
		assertThat(shown).hasSizeGreaterThan(8).allSatisfy((meter) -> assertThat(documented).contains("`" + meter));
	}

	@Test
	void thereAreSnippets() throws IOException {
		assertThat(JAVA.matcher(Files.readString(ROOT.resolve("docs/quick-start.md"))).results()).hasSize(4);
	}

	private static List<String> demo() throws IOException {
		try (Stream<Path> sources = Files.walk(ROOT.resolve("demo-apps"))) {
			return sources.filter((source) -> source.toString().endsWith(".java"))
				.map(DocumentationTests::read)
				.map(DocumentationTests::normalized)
				.toList();
		}
	}

	private static String read(Path source) {
		try {
			return Files.readString(source);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static String normalized(String code) {
		return code.replaceAll("\\s+", " ").strip();
	}

}
