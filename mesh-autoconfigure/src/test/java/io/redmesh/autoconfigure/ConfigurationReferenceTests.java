package io.redmesh.autoconfigure;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
import org.springframework.util.ClassUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that {@code docs/reference/configuration.md} matches the metadata of both
 * modules. This command writes the page anew:
 * {@code mvn -pl mesh-autoconfigure -am test -Dtest=ConfigurationReferenceTests -Dmesh.docs.write=true
 * -Dsurefire.failIfNoSpecifiedTests=false}.
 */
class ConfigurationReferenceTests {

	private static final Path PAGE = Path.of("..", "docs", "reference", "configuration.md");

	private static final Pattern MAP = Pattern.compile("java\\.util\\.Map<java\\.lang\\.String,(.+)>");

	@Test
	void pageMatchesTheMetadata() throws Exception {
		String expected = page();
		if (Boolean.getBoolean("mesh.docs.write")) {
			Files.writeString(PAGE, expected);
		}
		assertThat(Files.readString(PAGE)).isEqualTo(expected);
	}

	@Test
	void everyPropertyIsDescribed() throws Exception {
		Map<String, JsonNode> properties = properties();
		assertThat(properties).containsKeys("mesh.registry.url", "mesh.server.watch.ping");
		assertThat(properties.values())
			.allSatisfy((property) -> assertThat(property.path("description").asString("")).as(property.toString())
				.matches("(?s)[A-Z].*\\."));
	}

	private static String page() throws IOException {
		StringBuilder page = new StringBuilder("""
				# Configuration

				All properties of apps and of the registry server, with their defaults.
				This page is generated from the metadata of the code by `ConfigurationReferenceTests`.
				The build fails when it is stale. Durations are written `5s` or `PT5S`.
				""");
		Map<String, JsonNode> properties = properties();
		section(page, "In an app", properties, false);
		section(page, "In the registry server", properties, true);
		return page.toString();
	}

	private static void section(StringBuilder page, String title, Map<String, JsonNode> properties, boolean server) {
		page.append("\n## ").append(title).append("\n\n| property | default | meaning |\n|---|---|---|\n");
		properties.forEach((name, property) -> {
			if (name.startsWith("mesh.server.") == server) {
				JsonNode value = property.path("defaultValue");
				String text = (value.isMissingNode() || value.asString("").isEmpty() && value.isString()) ? ""
						: "`" + (value.isString() ? value.asString() : value) + "`";
				page.append("| `%s` | %s | %s |%n".formatted(name, text,
						property.path("description").asString("").replaceAll("\\s+", " ") + choice(name, property)));
			}
		});
	}

	/**
	 * Returns the permitted values of a property, or the properties below it, as far as
	 * its type tells.
	 */
	private static String choice(String name, JsonNode property) {
		String type = property.path("type").asString("");
		Matcher map = MAP.matcher(type);
		Class<?> found = find(map.matches() ? map.group(1) : type);
		if (found == null) {
			return "";
		}
		return found.isEnum()
				? " One of %s.".formatted(join(Stream.of(found.getEnumConstants())
					.map((constant) -> constant.toString().toLowerCase(Locale.ROOT).replace('_', '-'))))
				: " For the service `orders`: %s.".formatted(join(Stream.of(found.getRecordComponents())
					.map((component) -> name + ".orders." + DataObjectPropertyName.toDashedForm(component.getName()))));
	}

	private static String join(Stream<String> codes) {
		return codes.map((code) -> "`" + code + "`").collect(Collectors.joining(", "));
	}

	private static @Nullable Class<?> find(String type) {
		return type.startsWith("io.redmesh.") ? ClassUtils.resolveClassName(type, null) : null;
	}

	private static Map<String, JsonNode> properties() throws IOException {
		Map<String, JsonNode> properties = new TreeMap<>();
		for (URL url : Collections.list(ConfigurationReferenceTests.class.getClassLoader()
			.getResources("META-INF/spring-configuration-metadata.json"))) {
			try (InputStream stream = url.openStream()) {
				for (JsonNode property : JsonMapper.shared().readTree(stream).path("properties")) {
					if (property.path("name").asString().startsWith("mesh.")) {
						properties.put(property.path("name").asString(), property);
					}
				}
			}
		}
		return properties;
	}

}
