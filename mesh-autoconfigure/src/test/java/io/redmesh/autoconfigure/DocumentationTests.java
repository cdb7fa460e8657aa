package io.redmesh.autoconfigure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of the pages for users: their snippets against code that compiles, and their
 * links against the tree.
 */
class DocumentationTests {

	private static final Path ROOT = Path.of("..");

	private static final Pattern JAVA = Pattern.compile("(?s)```java\n(.*?)```");

	private static final Pattern METER = Pattern.compile("(mesh_[a-z_]+)\\{");

	private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:]*)(?:#([^)]*))?\\)");

	private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.+)$");

	private static final Pattern CLASS = Pattern.compile("`([A-Z][A-Za-z]+)");

	private static final Pattern FENCE = Pattern.compile("(?ms)^ *```.*?^ *```");

	private static final String IN_THE_CODE = "## In the code";

	private static final Pattern LINE_AFTER_HEADING = Pattern.compile("^#+ .*\\R(.*)$", Pattern.MULTILINE);

	private static final int WIDTH = 100;

	private static final int LENGTH = 120;

	static List<Path> pages() throws IOException {
		try (Stream<Path> pages = Files.walk(ROOT.resolve("docs"))) {
			return Stream
				.concat(Stream
					.of("README.md", "README.zh-CN.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md",
							"benchmarks/README.md")
					.map(ROOT::resolve), pages.filter((page) -> page.toString().endsWith(".md")))
				.toList();
		}
	}

	static List<Path> pagesToRead() throws IOException {
		return pages().stream()
			.filter((page) -> page.startsWith(ROOT.resolve("docs"))
					&& !page.toString().matches(".*(reference|performance).*"))
			.toList();
	}

	static List<Path> pagesWithClasses() throws IOException {
		return pages().stream().filter((page) -> read(page).contains(IN_THE_CODE)).toList();
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
		assertThat(LINK.matcher(prose(page)).results()).allSatisfy((link) -> {
			Path target = link.group(1).isEmpty() ? page : page.resolveSibling(link.group(1)).normalize();
			assertThat(target).exists();
			if (link.group(2) != null) {
				assertThat(anchors(target)).as(target.toString()).contains(link.group(2));
			}
		});
	}

	/**
	 * Checks the width of lines. Lines without a blank, such as URLs, cannot be wrapped,
	 * and neither can tables.
	 */
	@ParameterizedTest
	@MethodSource("pages")
	void proseIsWrapped(Path page) throws IOException {
		assertThat(prose(page).lines()).filteredOn((line) -> !line.startsWith("|") && line.strip().contains(" "))
			.allSatisfy((line) -> assertThat(line).hasSizeLessThanOrEqualTo(WIDTH));
	}

	/** Checks the length of pages, except references and results, which are looked up. */
	@ParameterizedTest
	@MethodSource("pagesToRead")
	void pagesAreShort(Path page) throws IOException {
		assertThat(Files.readAllLines(page)).hasSizeLessThanOrEqualTo(LENGTH);
	}

	@ParameterizedTest
	@MethodSource("pages")
	void headingsStandAlone(Path page) throws IOException {
		assertThat(LINE_AFTER_HEADING.matcher(prose(page)).results()).extracting((match) -> match.group(1).strip())
			.isNotEmpty()
			.containsOnly("");
	}

	@Test
	void dashboardShowsMetersThatAreDocumented() throws IOException {
		String documented = Files.readString(ROOT.resolve("docs/reference/metrics.md"))
			.replace('.', '_')
			.replace('-', '_');
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
		assertThat(JAVA.matcher(Files.readString(ROOT.resolve("docs/getting-started/call.md"))).results()).hasSize(3);
	}

	@ParameterizedTest
	@MethodSource("pagesWithClasses")
	void everyClassInTheCodeExists(Path page) throws IOException {
		String text = Files.readString(page);
		int begin = text.indexOf(IN_THE_CODE);
		Set<String> classes = classes();
		assertThat(CLASS.matcher(text.substring(begin)).results().map((match) -> match.group(1))).isSubsetOf(classes);
	}

	private static Set<String> classes() throws IOException {
		Set<String> classes = new HashSet<>();
		for (String module : List.of("mesh-core", "mesh-autoconfigure", "registry-server")) {
			try (Stream<Path> sources = Files.walk(ROOT.resolve(module).resolve("src/main/java"))) {
				sources.map((source) -> source.getFileName().toString().replace(".java", "")).forEach(classes::add);
			}
		}
		return classes;
	}

	private static String prose(Path page) throws IOException {
		return FENCE.matcher(Files.readString(page)).replaceAll("");
	}

	/**
	 * Returns the anchors that GitHub derives from headings. The second of two equal
	 * headings gets a number.
	 */
	private static Set<String> anchors(Path page) throws IOException {
		Set<String> anchors = new HashSet<>();
		HEADING.matcher(prose(page))
			.results()
			.map((heading) -> heading.group(1)
				.replaceAll("\\[([^]]*)]\\([^)]*\\)", "$1")
				.toLowerCase(Locale.ROOT)
				.replaceAll("[^\\p{L}\\p{N} _-]", "")
				.replace(' ', '-'))
			.forEach((anchor) -> {
				String free = anchor;
				for (int i = 1; !anchors.add(free); i++) {
					free = anchor + "-" + i;
				}
			});
		return anchors;
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
