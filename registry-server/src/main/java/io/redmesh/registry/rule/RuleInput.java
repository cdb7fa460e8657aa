package io.redmesh.registry.rule;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.redmesh.core.traffic.Compatibility;
import io.redmesh.core.traffic.Rule;
import io.redmesh.core.traffic.RuleKey;
import io.redmesh.core.traffic.document.Reading;
import io.redmesh.core.traffic.document.RuleReader;
import io.redmesh.registry.rest.Problem;
import tools.jackson.databind.json.JsonMapper;

/**
 * The rules in a body, with what is remarkable about their documents.
 *
 * @param rules the rules that could be read, in the order of their documents
 * @param findings the findings about all documents
 */
record RuleInput(Map<RuleKey, Sent> rules, RuleFindings findings) {

	private static final JsonMapper mapper = new JsonMapper();

	/**
	 * A rule that was sent.
	 *
	 * @param number the number of its document, from 1 on
	 * @param document its document
	 * @param rule the rule
	 */
	record Sent(int number, RuleDocument document, Rule rule) {

		/** Returns the document in JSON, on one line. */
		String json() {
			return mapper.writeValueAsString(this.document.tree());
		}

	}

	/**
	 * Reads documents.
	 * @param documents the documents
	 * @param compatibility how they are to be read
	 * @return the rules, without those that cannot be read
	 */
	static RuleInput read(List<RuleDocument> documents, Compatibility compatibility) {
		RuleReader reader = new RuleReader(compatibility);
		Map<RuleKey, Sent> rules = new LinkedHashMap<>();
		RuleFindings findings = new RuleFindings();
		int number = 0;
		for (RuleDocument document : documents) {
			number++;
			Reading reading = reader.read(document.tree());
			findings.add(number, document, reading.findings());
			if (reading.rule() != null) {
				Sent sent = new Sent(number, document, reading.rule());
				Sent before = rules.putIfAbsent(reading.rule().key(), sent);
				if (before != null) {
					throw Problem
						.malformedBody("Documents %d and %d are both %s".formatted(before.number(), number,
								reading.rule().key()))
						.asException();
				}
			}
		}
		return new RuleInput(rules, findings);
	}

	/**
	 * Returns this input if all of its documents are rules.
	 * @return this
	 */
	RuleInput requireValid() {
		String error = this.findings.firstError();
		if (error != null) {
			throw Problem.invalidRule(error, this.findings.all()).asException();
		}
		if (this.rules.isEmpty()) {
			throw Problem.malformedBody("At least one document is expected").asException();
		}
		return this;
	}

	/** Returns the rules that could be read. */
	List<Rule> parsed() {
		List<Rule> parsed = new ArrayList<>();
		this.rules.values().forEach((sent) -> parsed.add(sent.rule()));
		return parsed;
	}

}
