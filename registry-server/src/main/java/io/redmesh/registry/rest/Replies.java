package io.redmesh.registry.rest;

import java.util.List;
import java.util.function.Consumer;

import reactor.core.publisher.Mono;
import tools.jackson.core.JsonGenerator;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.ServerResponse;

/** Answers whose body is there already, written in one piece. */
public final class Replies {

	private Replies() {
	}

	/**
	 * An answer with a JSON document.
	 * @param status its status
	 * @param content writes the document
	 * @return the response
	 */
	public static Mono<ServerResponse> json(HttpStatus status, Consumer<JsonGenerator> content) {
		return bytes(status, MediaType.APPLICATION_JSON, Json.write(content), (headers) -> {
		});
	}

	static Mono<ServerResponse> problem(Problem problem, Consumer<HttpHeaders> headers) {
		return bytes(problem.status(), MediaType.APPLICATION_PROBLEM_JSON, problem.toJson(), (all) -> {
			problem.writeHeaders(all);
			headers.accept(all);
		});
	}

	/**
	 * An answer with a body.
	 * @param status its status
	 * @param type what the body is
	 * @param body the body
	 * @param headers adds further headers
	 * @return the response
	 */
	public static Mono<ServerResponse> bytes(HttpStatus status, MediaType type, byte[] body,
			Consumer<HttpHeaders> headers) {
		return bytes(status, type, List.of(body), headers);
	}

	/**
	 * An answer with a body that lies in pieces, none of which is copied.
	 * @param status its status
	 * @param type what the body is
	 * @param pieces the body, not to be changed any more
	 * @param headers adds further headers
	 * @return the response
	 */
	public static Mono<ServerResponse> bytes(HttpStatus status, MediaType type, List<byte[]> pieces,
			Consumer<HttpHeaders> headers) {
		return ServerResponse.status(status)
			.contentType(type)
			.contentLength(pieces.stream().mapToLong((piece) -> piece.length).sum())
			.headers(headers)
			.body((message, context) -> message.writeWith(Mono.just(joined(pieces, message.bufferFactory()))));
	}

	private static DataBuffer joined(List<byte[]> pieces, DataBufferFactory buffers) {
		return (pieces.size() == 1) ? buffers.wrap(pieces.get(0))
				: buffers.join(pieces.stream().map(buffers::wrap).toList());
	}

}
