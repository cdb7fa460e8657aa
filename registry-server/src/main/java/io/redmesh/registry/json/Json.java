package io.redmesh.registry.json;

import java.util.function.Consumer;

import tools.jackson.core.JsonGenerator;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.ByteArrayBuilder;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * JSON as this server reads and writes it. Duplicate fields, trailing tokens and deep
 * nesting are refused.
 */
public final class Json {

	private static final int MAX_NESTING = 8;

	private static final JsonMapper MAPPER = JsonMapper
		.builder(JsonFactory.builder()
			.enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
			.streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(MAX_NESTING).build())
			.build())
		.enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
		.build();

	private Json() {
	}

	/**
	 * Returns the mapper of requests.
	 * @return the mapper, safe for use by many threads
	 */
	public static JsonMapper mapper() {
		return MAPPER;
	}

	/**
	 * Writes a document.
	 * @param content writes its content
	 * @return the document in UTF-8
	 */
	public static byte[] write(Consumer<JsonGenerator> content) {
		ByteArrayBuilder bytes = new ByteArrayBuilder();
		try (JsonGenerator json = MAPPER.createGenerator(bytes)) {
			content.accept(json);
		}
		return bytes.toByteArray();
	}

}
