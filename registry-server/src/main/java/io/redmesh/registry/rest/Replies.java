package io.redmesh.registry.rest;

import java.util.function.Consumer;

import reactor.core.publisher.Mono;
import tools.jackson.core.JsonGenerator;

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
		return ServerResponse.status(status)
			.contentType(type)
			.contentLength(body.length)
			.headers(headers)
			.body((message, context) -> message.writeWith(Mono.just(message.bufferFactory().wrap(body))));
	}

}
