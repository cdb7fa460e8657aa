package io.redmesh.registry.rule;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.redmesh.core.traffic.Finding;
import io.redmesh.core.traffic.Severity;
import org.jspecify.annotations.Nullable;

/** Findings in the form of a response, with the lines of the documents they are about. */
final class RuleFindings {

	private final List<Map<String, Object>> all = new ArrayList<>();

	private @Nullable String firstError;

	/**
	 * Adds findings about a document that was sent.
	 * @param number the number of the document in the body, from 1 on
	 * @param document the document
	 * @param findings the findings
	 */
	void add(int number, RuleDocument document, List<Finding> findings) {
		for (Finding finding : findings) {
			int line = document.lines().of(finding.path());
			Map<String, Object> described = new LinkedHashMap<>();
			described.put("document", number);
			describe(described, document.title(), finding, line);
			if (finding.severity() == Severity.ERROR && this.firstError == null) {
				this.firstError = "%s, line %d: %s: %s".formatted(document.title(), line, finding.path(),
						finding.message());
			}
		}
	}

	/**
	 * Adds findings about a rule that is in force.
	 * @param rule the rule
	 * @param findings the findings
	 */
	void add(String rule, List<Finding> findings) {
		findings.forEach((finding) -> describe(new LinkedHashMap<>(), rule, finding, 0));
	}

	private void describe(Map<String, Object> described, String rule, Finding finding, int line) {
		described.put("rule", rule);
		described.put("code", finding.code());
		described.put("severity", finding.severity().name());
		described.put("path", finding.path());
		if (line > 0) {
			described.put("line", line);
		}
		described.put("message", finding.message());
		if (finding.fix() != null) {
			described.put("fix", finding.fix());
		}
		this.all.add(described);
	}

	/** Returns the first error about a document that was sent, or null. */
	@Nullable String firstError() {
		return this.firstError;
	}

	List<Map<String, Object>> all() {
		return this.all;
	}

}
