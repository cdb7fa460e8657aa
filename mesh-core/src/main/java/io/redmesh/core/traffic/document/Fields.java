package io.redmesh.core.traffic.document;

import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import io.redmesh.core.instance.Spelling;
import io.redmesh.core.traffic.FindingCode;
import io.redmesh.core.traffic.Severity;
import org.jspecify.annotations.Nullable;

/**
 * The fields of an object in a document. Those that the reader asks for are the fields
 * that exist.
 */
final class Fields {

	private final Node node;

	private final Map<?, ?> values;

	private final Set<String> known = new LinkedHashSet<>();

	private boolean othersPermitted;

	Fields(Node node, Map<?, ?> values) {
		this.node = node;
		this.values = values;
	}

	Node node() {
		return this.node;
	}

	Findings findings() {
		return this.node.findings();
	}

	int size() {
		return this.values.size();
	}

	Node get(String name) {
		this.known.add(name);
		return child(name);
	}

	private Node child(String name) {
		String path = this.node.path().isEmpty() ? name : this.node.path() + "." + name;
		return new Node(findings(), path, name, this.values.get(name));
	}

	Node require(String name) {
		Node child = get(name);
		if (child.isAbsent()) {
			findings().error(FindingCode.MISSING_FIELD, child.path(), "the field is required", null);
		}
		return child;
	}

	/**
	 * Finds the one of several fields that the object has. More than one is an error.
	 * @param names the names of the fields, which exclude each other
	 * @return the first that is there, or null
	 */
	@Nullable String oneOf(String... names) {
		String found = null;
		for (String name : names) {
			Node child = get(name);
			if (!child.isAbsent() && found != null) {
				findings().error(FindingCode.CONFLICTING_FIELDS, child.path(),
						"the field and " + found + " exclude each other", null);
			}
			found = (found == null && !child.isAbsent()) ? name : found;
		}
		return found;
	}

	/** Refuses a field of Istio's API that this mesh cannot honour. */
	void unsupported(String name, String reason) {
		Node child = get(name);
		if (!child.isAbsent()) {
			findings().refuse(FindingCode.UNSUPPORTED, child.path(), "the field is not supported: " + reason, null);
		}
	}

	/** Accepts a field of Istio's API that changes nothing here. */
	void withoutEffect(String name, String reason) {
		Node child = get(name);
		if (!child.isAbsent()) {
			findings().add(FindingCode.NO_EFFECT, Severity.INFO, child.path(), "the field has no effect: " + reason,
					null);
		}
	}

	/** Accepts a field that has a successor. */
	Node deprecated(String name, String successor) {
		Node child = get(name);
		if (!child.isAbsent()) {
			findings().add(FindingCode.DEPRECATED_FIELD, Severity.WARNING, child.path(),
					"the field is deprecated in Istio, in favour of " + successor, null);
		}
		return child;
	}

	void permitOthers() {
		this.othersPermitted = true;
	}

	void end() {
		if (this.othersPermitted) {
			return;
		}
		Map<String, @Nullable Object> unknown = new TreeMap<>();
		this.values.forEach((name, value) -> unknown.put(String.valueOf(name), value));
		unknown.keySet().removeAll(this.known);
		unknown.forEach((name, value) -> {
			String nearest = Spelling.nearest(name, this.known);
			String message = "the field does not exist" + ((nearest != null) ? "; did you mean " + nearest + "?" : "");
			boolean clear = nearest != null && value != null && this.values.get(nearest) == null;
			String fix = clear ? YamlText.of(Map.of(nearest, value)) : null;
			findings().refuse(FindingCode.UNKNOWN_FIELD, child(name).path(), message, fix);
		});
	}

}
