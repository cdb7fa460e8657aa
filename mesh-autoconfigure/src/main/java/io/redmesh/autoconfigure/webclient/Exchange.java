package io.redmesh.autoconfigure.webclient;

import io.redmesh.autoconfigure.call.HttpCall;
import reactor.core.publisher.Mono;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;

/**
 * Carries out the attempts of one request. Where the mesh sits in a client decides what a
 * request and an answer are.
 *
 * @param <R> an answer
 */
interface Exchange<R> {

	/**
	 * Sends the request of the current attempt.
	 * @param call the call
	 * @return the answer, which has begun
	 */
	Mono<R> send(HttpCall call);

	HttpStatusCode status(R answer);

	HttpHeaders headers(R answer);

	/**
	 * Ends an answer that is not handed out, without waiting long for its end.
	 * @param answer the answer
	 * @return completes when its connection is free or closed
	 */
	Mono<Void> discard(R answer);

	/**
	 * Makes an answer tell the call when it has been read.
	 * @param answer the answer
	 * @param call the call
	 * @return the answer for the app
	 */
	R handOut(R answer, HttpCall call);

}
