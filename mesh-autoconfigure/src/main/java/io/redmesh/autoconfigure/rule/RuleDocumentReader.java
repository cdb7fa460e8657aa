package io.redmesh.autoconfigure.rule;

import java.util.Map;
import java.util.stream.Collectors;

import io.redmesh.autoconfigure.registry.RuleDocument;
import io.redmesh.core.traffic.Compatibility;
import io.redmesh.core.traffic.Finding;
import io.redmesh.core.traffic.Rule;
import io.redmesh.core.traffic.Severity;
import io.redmesh.core.traffic.document.Reading;
import io.redmesh.core.traffic.document.RuleReader;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** The reader of rules as the registry sends them. */
final class RuleDocumentReader {

	private RuleDocumentReader() {
	}

	/**
	 * Reads a rule.
	 * @param document the document
	 * @return the rule
	 * @throws UnreadableRuleException if this version of the app cannot execute it
	 */
	static Rule read(RuleDocument document) throws UnreadableRuleException {
		ObjectNode content = document.document();
		Compatibility compatibility = compatibility(document.compatibility());
		if (content == null || compatibility == null) {
			throw new UnreadableRuleException(
					"%s has no document that is to be read as %s".formatted(document.key(), document.compatibility()));
		}
		Rule rule = read(document.key(), RuleTree.of(content), compatibility);
		if (!rule.key().toString().equals(document.key())) {
			throw new UnreadableRuleException("%s is the document of %s".formatted(document.key(), rule.key()));
		}
		return rule;
	}

	/**
	 * Reads a rule from the tree of its document.
	 * @param name the name of the document in messages
	 * @param tree the tree
	 * @param compatibility the treatment of the document
	 * @return the rule
	 * @throws UnreadableRuleException if this version of the app cannot execute it
	 */
	static Rule read(String name, Map<String, ?> tree, Compatibility compatibility) throws UnreadableRuleException {
		Reading reading;
		try {
			reading = new RuleReader(compatibility).read(tree);
		}
		catch (RuntimeException ex) {
			// A fault of the reader must not end the watch.
			throw new UnreadableRuleException("%s cannot be read: %s".formatted(name, ex));
		}
		Rule rule = reading.rule();
		if (rule == null) {
			throw new UnreadableRuleException(reading.findings()
				.stream()
				.filter((finding) -> finding.severity() == Severity.ERROR)
				.map(RuleDocumentReader::describe)
				.collect(Collectors.joining("; ", name + ": ", "")));
		}
		return rule;
	}

	/** Describes a finding in one line, for a log. */
	static String describe(Finding finding) {
		return "%s %s: %s".formatted(finding.code(), finding.path(), finding.message());
	}

	private static @Nullable Compatibility compatibility(String name) {
		for (Compatibility compatibility : Compatibility.values()) {
			if (compatibility.name().equals(name)) {
				return compatibility;
			}
		}
		return null;
	}

}
