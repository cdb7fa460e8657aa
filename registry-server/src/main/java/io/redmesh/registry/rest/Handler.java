package io.redmesh.registry.rest;

import reactor.core.publisher.Mono;

/** A handler of one operation. */
@FunctionalInterface
public interface Handler {

	/**
	 * Handles a request. May throw what it may also signal: a {@link ProblemException},
	 * or any exception that {@link Problem#of(Throwable)} knows.
	 * @param request the request
	 * @return the response
	 */
	Mono<Reply> handle(Request request);

}
