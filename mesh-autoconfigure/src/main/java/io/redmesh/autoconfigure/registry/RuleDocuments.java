package io.redmesh.autoconfigure.registry;

import java.util.ArrayList;
import java.util.List;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The documents of all traffic rules of a namespace.
 *
 * @param revision the revision of the rules, as the registry writes it; {@code 0} if no
 * rule was ever written
 * @param documents the documents, one for each rule
 */
public record RuleDocuments(String revision, List<RuleDocument> documents) {

	public RuleDocuments {
		documents = List.copyOf(documents);
	}

	/**
	 * Reads the documents, as an event carries them.
	 * @param json an object with {@code revision} and {@code rules}
	 * @return the documents
	 */
	public static RuleDocuments read(JsonNode json) {
		List<RuleDocument> documents = new ArrayList<>();
		for (JsonNode rule : json.path("rules")) {
			documents.add(new RuleDocument(rule.path("kind").asString(""), rule.path("name").asString(""),
					rule.path("generation").asLong(0), rule.path("compatibility").asString(""),
					(rule.path("document") instanceof ObjectNode document) ? document : null));
		}
		return new RuleDocuments(json.path("revision").asString(""), documents);
	}

	/**
	 * Writes the documents in the form that {@link #read(JsonNode)} reads.
	 * @return an object
	 */
	public ObjectNode write() {
		ObjectNode json = JsonNodeFactory.instance.objectNode().put("revision", this.revision);
		ArrayNode rules = json.putArray("rules");
		for (RuleDocument each : this.documents) {
			ObjectNode rule = rules.addObject()
				.put("kind", each.kind())
				.put("name", each.name())
				.put("generation", each.generation())
				.put("compatibility", each.compatibility());
			rule.set("document", (each.document() != null) ? each.document() : JsonNodeFactory.instance.nullNode());
		}
		return json;
	}

}
