package io.redmesh.autoconfigure.rule;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import io.redmesh.core.traffic.Compatibility;
import io.redmesh.core.traffic.Rule;
import io.redmesh.core.traffic.RuleKey;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.core.io.Resource;
import org.springframework.core.io.ResourceLoader;
import org.springframework.core.io.support.ResourcePatternUtils;
import org.springframework.util.ClassUtils;

/** The files with traffic rules of this app alone. */
public final class RuleFiles {

	private static final Logger logger = LoggerFactory.getLogger(RuleFiles.class);

	private static final String PROPERTY = "mesh.rules.locations";

	private RuleFiles() {
	}

	/**
	 * Reads all rules. A file that cannot be read, or has a document that is no rule,
	 * fails the start of the app.
	 * @param locations the locations of the files, possibly with wildcards
	 * @param resources finds the files
	 * @return the rules, each with a key of its own
	 */
	public static Collection<Rule> read(List<String> locations, ResourceLoader resources) {
		Map<RuleKey, Rule> rules = new TreeMap<>();
		for (String location : locations) {
			if (!ClassUtils.isPresent("org.yaml.snakeyaml.Yaml", RuleFiles.class.getClassLoader())) {
				throw invalid(location, "Traffic rules are read with SnakeYAML, which is not on the class path");
			}
			try {
				for (Resource file : find(location, resources)) {
					read(file, rules);
				}
			}
			catch (IOException | UnreadableRuleException ex) {
				throw invalid(location, String.valueOf(ex.getMessage()));
			}
		}
		return rules.values();
	}

	private static List<Resource> find(String location, ResourceLoader resources) throws IOException {
		Resource[] found = ResourcePatternUtils.getResourcePatternResolver(resources).getResources(location);
		List<Resource> files = List.of(found);
		if (files.isEmpty() || !files.stream().allMatch(Resource::exists)) {
			throw new IOException("There is no such file");
		}
		return files;
	}

	private static void read(Resource file, Map<RuleKey, Rule> rules) throws IOException, UnreadableRuleException {
		String name = file.getDescription();
		try {
			int before = rules.size();
			for (Map<String, @Nullable Object> document : RuleYaml
				.parse(file.getContentAsString(StandardCharsets.UTF_8))) {
				Rule rule = RuleDocumentReader.read("a document", document, Compatibility.FRIENDLY);
				if (rules.put(rule.key(), rule) != null) {
					throw new UnreadableRuleException("there are two documents of " + rule.key());
				}
			}
			logger.info("Read {} traffic rules of this app alone from {}", rules.size() - before, name);
		}
		catch (UnreadableRuleException ex) {
			throw new UnreadableRuleException(name + ": " + ex.getMessage());
		}
	}

	private static InvalidConfigurationPropertyValueException invalid(String location, String reason) {
		return new InvalidConfigurationPropertyValueException(PROPERTY, location, reason);
	}

}
