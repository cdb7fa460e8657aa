package io.redmesh.core.traffic.document;

import java.util.Map;
import java.util.Set;

import io.redmesh.core.traffic.FindingCode;
import io.redmesh.core.traffic.HashKey;
import io.redmesh.core.traffic.RuleKey;
import io.redmesh.core.traffic.RuleKind;
import org.jspecify.annotations.Nullable;

/**
 * The metadata of a document.
 *
 * @param key the key of the rule
 * @param namespace the Kubernetes namespace that the document names, in which its full
 * host names are short ones
 * @param cohort the part of a request whose value decides its destination, or null
 */
record Metadata(RuleKey key, String namespace, @Nullable HashKey cohort) {

	private static final String PREFIX = "redmesh.io/";

	private static final String COHORT_HEADER = PREFIX + "cohort-header";

	private static final String COHORT_COOKIE = PREFIX + "cohort-cookie";

	private static final String COHORT_QUERY = PREFIX + "cohort-query-parameter";

	private static final Set<String> ANNOTATIONS = Set.of(COHORT_HEADER, COHORT_COOKIE, COHORT_QUERY);

	/**
	 * Reads the metadata. Fields of Kubernetes that are not used here are no findings,
	 * because {@code kubectl get -o yaml} writes many of them.
	 */
	static @Nullable Metadata read(RuleKind kind, Fields fields) {
		fields.permitOthers();
		String namespace = fields.get("namespace").text("default");
		HashKey cohort = cohort(kind, fields.get("annotations"));
		RuleKey key = fields.require("name").parse((name) -> new RuleKey(kind, name));
		return (key != null) ? new Metadata(key, namespace, cohort) : null;
	}

	private static @Nullable HashKey cohort(RuleKind kind, Node annotations) {
		HashKey cohort = null;
		for (Map.Entry<String, Node> entry : annotations.entries().entrySet()) {
			String name = entry.getKey();
			Node node = entry.getValue();
			if (!name.startsWith(PREFIX)) {
				continue;
			}
			if (kind != RuleKind.VIRTUAL_SERVICE || !ANNOTATIONS.contains(name)) {
				node.findings()
					.refuse(FindingCode.UNKNOWN_FIELD, node.path(), "the annotation does not exist (expected: one of "
							+ ANNOTATIONS.stream().sorted().toList() + ", of a VirtualService)", null);
			}
			else if (cohort != null) {
				node.findings()
					.error(FindingCode.CONFLICTING_FIELDS, node.path(), "a rule has one cohort at most", null);
			}
			else {
				cohort = hashKey(name, node);
			}
		}
		return cohort;
	}

	private static HashKey hashKey(String annotation, Node node) {
		return switch (annotation) {
			case COHORT_HEADER -> HashKeyReader.header(node);
			case COHORT_COOKIE -> new HashKey.Cookie(HashKeyReader.cookieName(node));
			default -> HashKeyReader.queryParameter(node);
		};
	}

	/** Checks {@code exportTo}: rules never leave the namespace of the registry. */
	void checkExport(Node exportTo) {
		for (Node item : exportTo.items()) {
			String to = item.text("");
			if (!to.equals(".") && !to.equals("*") && !to.equals(this.namespace)) {
				item.findings()
					.refuse(FindingCode.UNSUPPORTED, item.path(),
							to + " is not supported: a rule applies in its own namespace, which . and * stand for",
							null);
			}
		}
	}

}
