package io.redmesh.registry.rest;

import reactor.core.publisher.Mono;

/** What is done at an endpoint. */
@FunctionalInterface
public interface Handler {

	/**
	 * Answers a request. May throw what it also may signal: a {@link ProblemException},
	 * or any exception that {@link Problem#of(Throwable)} knows.
	 * @param request the request
	 * @return the answer
	 */
	Mono<Reply> handle(Request request);

}
