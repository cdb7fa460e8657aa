package io.redmesh.registry.rule;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.redmesh.registry.rest.Problem;
import org.jspecify.annotations.Nullable;

import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;

/**
 * A reader of bodies with documents: YAML with any number of documents, a JSON document,
 * a JSON array of documents, or a {@code List} of Kubernetes in either format.
 */
final class RuleDocuments {

	/** The media types of a body. */
	static final MediaType[] TYPES = { MediaType.APPLICATION_YAML, MediaType.APPLICATION_JSON,
			new MediaType("application", "x-yaml"), new MediaType("text", "yaml") };

	private RuleDocuments() {
	}

	/**
	 * Reads a body.
	 * @param body the body
	 * @param contentType its type; if there is none, the first character decides
	 * @param max the maximum number of documents
	 * @return its documents
	 */
	static List<RuleDocument> read(byte[] body, @Nullable String contentType, int max) {
		String text = decode(body);
		List<ParsedRoot> roots = isJson(text, contentType) ? JsonTreeParser.parse(text) : YamlParser.parse(text);
		List<RuleDocument> documents = new ArrayList<>();
		roots.forEach((root) -> add(documents, root.value(), root.lines()));
		if (documents.size() > max) {
			throw Problem.malformedBody("%d documents (expected: at most %d)".formatted(documents.size(), max))
				.asException();
		}
		return documents;
	}

	private static String decode(byte[] body) {
		try {
			String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
			return text.startsWith("\uFEFF") ? text.substring(1) : text;
		}
		catch (CharacterCodingException ex) {
			throw Problem.malformedBody("Not UTF-8").asException();
		}
	}

	private static boolean isJson(String text, @Nullable String contentType) {
		if (contentType == null) {
			String start = text.stripLeading();
			return start.startsWith("{") || start.startsWith("[");
		}
		try {
			return MediaType.parseMediaType(contentType).isCompatibleWith(MediaType.APPLICATION_JSON);
		}
		catch (InvalidMediaTypeException ex) {
			return false;
		}
	}

	@SuppressWarnings("unchecked") // parsers make maps with names for keys only
	private static void add(List<RuleDocument> documents, @Nullable Object value, DocumentLines lines) {
		if (value instanceof List<?> list) {
			for (int i = 0; i < list.size(); i++) {
				add(documents, list.get(i), lines.within(Integer.toString(i)));
			}
		}
		else if (value instanceof Map<?, ?> map) {
			if ("List".equals(map.get("kind")) && map.get("items") instanceof List<?> items) {
				add(documents, items, lines.within("items"));
			}
			else {
				documents.add(new RuleDocument((Map<String, @Nullable Object>) map, lines));
			}
		}
		else {
			throw DocumentPlace.malformed("a document must be an object", lines.of(""));
		}
	}

}
