package io.redmesh.registry.rule;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The lines of a body by place. A place is kept as the keys that lead to it, because a
 * path has two spellings for the key of a map: {@code spec.hosts} and
 * {@code labels[a.b/c]}.
 */
final class DocumentLines {

	private final Map<List<String>, Integer> lines;

	private final List<String> root;

	/** Creates the lines of a body, empty at first. */
	DocumentLines() {
		this(new HashMap<>(), List.of());
	}

	private DocumentLines(Map<List<String>, Integer> lines, List<String> root) {
		this.lines = lines;
		this.root = root;
	}

	void add(List<String> keys, int line) {
		this.lines.put(List.copyOf(keys), line);
	}

	/**
	 * Returns the lines of a document within the body.
	 * @param keys the keys that lead to it
	 * @return the same lines for paths that begin there
	 */
	DocumentLines within(String... keys) {
		return new DocumentLines(this.lines, Stream.concat(this.root.stream(), Stream.of(keys)).toList());
	}

	/**
	 * Returns the line of a place.
	 * @param path the path, such as {@code spec.http[0].weight}
	 * @return the line, from 1 on; if there is no such place, that of the nearest place
	 * around it
	 */
	int of(String path) {
		List<String> keys = split(path);
		for (int length = keys.size(); length > 0; length--) {
			Integer line = this.lines.get(keys.subList(0, length));
			if (line != null) {
				return line;
			}
		}
		return this.lines.getOrDefault(List.of(), 1);
	}

	private List<String> split(String path) {
		List<String> keys = new ArrayList<>(this.root);
		int at = 0;
		while (at < path.length()) {
			boolean bracket = path.charAt(at) == '[';
			int begin = (bracket || path.charAt(at) == '.') ? at + 1 : at;
			int end = begin;
			while (end < path.length() && !isEnd(path.charAt(end), bracket)) {
				end++;
			}
			keys.add(path.substring(begin, end));
			at = bracket ? end + 1 : end;
		}
		return keys;
	}

	private static boolean isEnd(char next, boolean bracket) {
		return bracket ? next == ']' : next == '.' || next == '[';
	}

}
