package io.redmesh.autoconfigure.rule;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.NodeId;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.representer.Representer;
import org.yaml.snakeyaml.resolver.Resolver;

/**
 * A parser of YAML that creates no object of any other class than those of a tree. Times
 * and numbers with colons are texts, as in the registry.
 */
final class RuleYaml {

	private static final int MAX_DEPTH = 50;

	// Aliases may make a tree much larger than its text.
	private static final int MAX_VALUES = 1_000_000;

	private int values;

	private RuleYaml() {
	}

	/**
	 * Parses all documents of a text. Empty ones are left out.
	 * @param text the text
	 * @return the trees
	 * @throws UnreadableRuleException if the text is not YAML, or a document is not an
	 * object
	 */
	static List<Map<String, @Nullable Object>> parse(String text) throws UnreadableRuleException {
		LoaderOptions options = new LoaderOptions();
		options.setAllowDuplicateKeys(false);
		options.setNestingDepthLimit(MAX_DEPTH);
		DumperOptions dumper = new DumperOptions();
		Yaml yaml = new Yaml(new SafeConstructor(options), new Representer(dumper), dumper, options,
				new WithoutTimes());
		RuleYaml parser = new RuleYaml();
		List<Map<String, @Nullable Object>> documents = new ArrayList<>();
		try {
			for (Object document : yaml.loadAll(text)) {
				if (document instanceof Map<?, ?> map) {
					documents.add(parser.map(map, 0));
				}
				else if (document != null) {
					throw new UnreadableRuleException("a document is not an object");
				}
			}
		}
		catch (YAMLException ex) {
			throw new UnreadableRuleException("not YAML: " + ex.getMessage());
		}
		return documents;
	}

	private Map<String, @Nullable Object> map(Map<?, ?> map, int depth) throws UnreadableRuleException {
		Map<String, @Nullable Object> copy = new LinkedHashMap<>();
		for (Map.Entry<?, ?> entry : map.entrySet()) {
			copy.put(String.valueOf(entry.getKey()), value(entry.getValue(), depth + 1));
		}
		return copy;
	}

	private @Nullable Object value(@Nullable Object value, int depth) throws UnreadableRuleException {
		if (depth > MAX_DEPTH || ++this.values > MAX_VALUES) {
			throw new UnreadableRuleException("aliases make the document too large");
		}
		if (value instanceof Map<?, ?> map) {
			return map(map, depth);
		}
		if (value instanceof List<?> list) {
			List<@Nullable Object> copy = new ArrayList<>(list.size());
			for (Object item : list) {
				copy.add(value(item, depth + 1));
			}
			return copy;
		}
		return (value == null || value instanceof Number || value instanceof Boolean) ? value : value.toString();
	}

	private static final class WithoutTimes extends Resolver {

		@Override
		public Tag resolve(NodeId kind, @Nullable String value, boolean implicit) {
			Tag tag = super.resolve(kind, value, implicit);
			boolean text = kind == NodeId.scalar && implicit && value != null
					&& (tag.equals(Tag.TIMESTAMP) || value.indexOf(':') >= 0);
			return text ? Tag.STR : tag;
		}

	}

}
