package io.redmesh.registry.rule;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

import io.redmesh.registry.store.StoredRule;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.representer.Representer;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * A writer of rules in YAML: their documents one after another, as {@code rules:apply}
 * reads them.
 */
final class YamlWriter {

	private static final JsonMapper mapper = new JsonMapper();

	private static final TypeReference<Map<String, @Nullable Object>> TREE = new TypeReference<>() {
	};

	private YamlWriter() {
	}

	static String write(Collection<StoredRule> rules) {
		DumperOptions options = new DumperOptions();
		options.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
		options.setSplitLines(false);
		options.setExplicitStart(rules.size() > 1);
		Yaml yaml = new Yaml(new SafeConstructor(new LoaderOptions()), new Representer(options), options);
		List<Map<String, @Nullable Object>> documents = new ArrayList<>();
		rules.forEach((rule) -> documents.add(mapper.readValue(rule.document(), TREE)));
		return yaml.dumpAll(documents.iterator());
	}

}
