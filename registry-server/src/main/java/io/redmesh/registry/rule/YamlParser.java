package io.redmesh.registry.rule;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.redmesh.registry.rest.Problem;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.representer.Representer;

/**
 * A parser of YAML. It walks the nodes, which know their lines, and creates no object of
 * any other class than those of a tree. Scalars are those of YAML 1.1, as in Kubernetes,
 * but for times and numbers with colons, which are texts.
 */
final class YamlParser extends SafeConstructor {

	private static final Set<Tag> NUMBERS_AND_BOOLEANS = Set.of(Tag.INT, Tag.FLOAT, Tag.BOOL);

	// Converting the digits of a number takes more than linear time, and so does scanning
	// a long line.
	private static final int MAX_NUMBER = 64;

	private static final int MAX_LINE = 128 * 1024;

	private final DocumentPlace place = new DocumentPlace();

	private YamlParser(LoaderOptions options) {
		super(options);
	}

	/**
	 * Parses all documents of a body.
	 * @param text the body
	 * @return their roots, without empty documents
	 */
	static List<ParsedRoot> parse(String text) {
		requireShortLines(text);
		LoaderOptions options = new LoaderOptions();
		options.setAllowDuplicateKeys(false);
		// Deeper than permitted, so that most refusals have a line.
		options.setNestingDepthLimit(5 * DocumentPlace.MAX_DEPTH);
		// The body is limited already.
		options.setCodePointLimit(Integer.MAX_VALUE);
		YamlParser parser = new YamlParser(options);
		try {
			return parser.roots(text, options);
		}
		catch (MarkedYAMLException ex) {
			Mark mark = ex.getProblemMark();
			throw DocumentPlace.malformed("not YAML: " + ex.getProblem(), (mark != null) ? mark.getLine() + 1 : 1);
		}
		catch (YAMLException ex) {
			throw Problem.malformedBody("not YAML: " + ex.getMessage()).asException();
		}
	}

	private static void requireShortLines(String text) {
		int line = 1;
		int begin = 0;
		while (begin < text.length()) {
			int end = text.indexOf('\n', begin);
			int next = (end < 0) ? text.length() : end;
			if (next - begin > MAX_LINE) {
				throw DocumentPlace.malformed("a line of YAML has at most " + MAX_LINE + " characters", line);
			}
			begin = next + 1;
			line++;
		}
	}

	private List<ParsedRoot> roots(String text, LoaderOptions options) {
		Yaml yaml = new Yaml(this, new Representer(new DumperOptions()), new DumperOptions(), options);
		List<ParsedRoot> roots = new ArrayList<>();
		for (Node node : yaml.composeAll(new StringReader(text))) {
			this.place.begin(lineOf(node));
			Object value = value(node);
			if (value != null) {
				roots.add(new ParsedRoot(value, this.place.lines()));
			}
		}
		return roots;
	}

	private @Nullable Object value(Node node) {
		if (node instanceof MappingNode mapping) {
			return map(mapping);
		}
		if (node instanceof SequenceNode sequence) {
			List<@Nullable Object> list = new ArrayList<>();
			for (Node item : sequence.getValue()) {
				list.add(child(Integer.toString(list.size()), lineOf(item), item));
			}
			return list;
		}
		return (node instanceof ScalarNode scalar) ? scalar(scalar) : null;
	}

	private Map<String, @Nullable Object> map(MappingNode mapping) {
		Map<String, @Nullable Object> map = new LinkedHashMap<>();
		for (NodeTuple tuple : mapping.getValue()) {
			Node key = tuple.getKeyNode();
			int line = lineOf(key);
			if (!(key instanceof ScalarNode scalar)) {
				throw DocumentPlace.malformed("a key must be text", line);
			}
			String name = scalar.getValue();
			if (key.getTag().equals(Tag.MERGE)) {
				throw DocumentPlace.malformed("the merge key << is not supported, write the fields out", line);
			}
			if (map.containsKey(name)) {
				throw DocumentPlace.malformed("the key " + name + " occurs twice", line);
			}
			map.put(name, child(name, line, tuple.getValueNode()));
		}
		return map;
	}

	private @Nullable Object child(String key, int line, Node node) {
		this.place.enter(key, line);
		Object value = value(node);
		this.place.leave();
		return value;
	}

	private @Nullable Object scalar(ScalarNode node) {
		String text = node.getValue();
		Tag tag = node.getTag();
		if (tag.equals(Tag.NULL)) {
			return null;
		}
		if (tag.equals(Tag.STR) || tag.equals(Tag.TIMESTAMP) || text.indexOf(':') >= 0 || text.length() > MAX_NUMBER) {
			return text;
		}
		if (!NUMBERS_AND_BOOLEANS.contains(tag)) {
			throw DocumentPlace.malformed("the tag " + tag + " is not supported", lineOf(node));
		}
		try {
			Object value = constructObject(node);
			if (value instanceof Double number && !Double.isFinite(number)) {
				throw DocumentPlace.malformed(text + " is no finite number", lineOf(node));
			}
			return value;
		}
		catch (NumberFormatException ex) {
			throw DocumentPlace.malformed(text + " is no number", lineOf(node));
		}
	}

	private static int lineOf(Node node) {
		return node.getStartMark().getLine() + 1;
	}

}
