package io.redmesh.registry.rest;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.redmesh.core.instance.InvalidValueException;
import org.jspecify.annotations.Nullable;

import org.springframework.web.util.UriUtils;

/**
 * A path in which some segments are variables, such as
 * <code>/v1/namespaces/{ns}/watch</code>.
 */
final class PathTemplate {

	private final String text;

	private final List<String> segments;

	private PathTemplate(String text, List<String> segments) {
		this.text = text;
		this.segments = segments;
	}

	static PathTemplate parse(String text) {
		return new PathTemplate(text, split(text));
	}

	/**
	 * Splits a path. Its segments are decoded afterwards, so an encoded slash does not
	 * separate them.
	 * @param path the path, which begins with a slash; a query is ignored
	 * @return its segments
	 */
	static List<String> split(String path) {
		int end = path.indexOf('?');
		int length = (end < 0) ? path.length() : end;
		List<String> segments = new ArrayList<>(8);
		for (int begin = 1; begin <= length;) {
			int slash = path.indexOf('/', begin);
			int next = (slash < 0 || slash > length) ? length : slash;
			segments.add(decode(path.substring(begin, next)));
			begin = next + 1;
		}
		return segments;
	}

	private static String decode(String segment) {
		if (segment.indexOf('%') < 0) {
			return segment;
		}
		try {
			return UriUtils.decode(segment, StandardCharsets.UTF_8);
		}
		catch (IllegalArgumentException ex) {
			throw new InvalidValueException("path", segment, "a percent-encoded path");
		}
	}

	String root() {
		return this.segments.get(0);
	}

	/**
	 * Matches a path with this template.
	 * @param path its segments
	 * @return the values of the variables, or null if the path does not match
	 */
	@Nullable Map<String, String> match(List<String> path) {
		int size = this.segments.size();
		if (path.size() != size) {
			return null;
		}
		for (int i = 0; i < size; i++) {
			String segment = this.segments.get(i);
			if (!isVariable(segment) && !segment.equals(path.get(i))) {
				return null;
			}
		}
		Map<String, String> variables = new HashMap<>(8);
		for (int i = 0; i < size; i++) {
			String segment = this.segments.get(i);
			if (isVariable(segment)) {
				variables.put(segment.substring(1, segment.length() - 1), path.get(i));
			}
		}
		return variables;
	}

	private static boolean isVariable(String segment) {
		return segment.charAt(0) == '{';
	}

	@Override
	public String toString() {
		return this.text;
	}

}
